"""What a running server leaves on disk: no key, no password, in whatever way they were sent (access.md 1.16 w)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx2

from tests.live import start

if TYPE_CHECKING:
    from pathlib import Path

BASE = "/slm/webservice/v2.0"
KEY = re.compile(r"_BK[0-9A-Za-z]{41}")


def test_w_no_secret_stays_in_the_database_the_log_or_an_error(tmp_path: Path) -> None:
    """The log begins with the demo's own keys and passwords, for people to paste: what is made later is in no file."""
    process, said = start(tmp_path, "--scenario", "demo")
    user = said["users"][0]
    with httpx2.Client(base_url=said["url"], follow_redirects=True) as client:
        client.post("/login", data={"UserName": user["UserName"], "Password": user["Password"]})
        form = client.get("/login/accounts/keys/create").text
        fields = dict(re.findall(r'name="(token|once)" value="([^"]*)"', form))
        made = KEY.search(client.post("/login/accounts/keys/create", data={**fields, "DisplayName": "w"}).text)
        assert made
        value, header = made[0], {"zsessionid": made[0]}
        assert client.get(f"{BASE}/user", headers=header).status_code == 200
        answers = [
            client.get(f"{BASE}/defect", headers=header, params={"query": "(nonsense"}),
            client.get(f"{BASE}/defect", headers=header, params={"zsessionid": value, "key": value}),
            client.get(f"{BASE}/defect", headers={"zsessionid": f"{value}x"}),
            client.get(f"{BASE}/user", auth=(user["UserName"], value)),
            client.get(f"{BASE}/user", auth=(value, value)),
            client.get("/login/accounts/keys.csv?of=all"),
            client.get("/login/accounts/keys?q=w"),
            client.get("/login/accounts/nothing", headers=header),
        ]
        said_back = [answer.text + str(answer.headers) for answer in answers]
        sessions = [cookie.value or "" for cookie in client.cookies.jar]
    process.terminate()
    process.wait(20)
    held = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {"server.log", "banneret.db"} <= set(held)
    assert [text for text in said_back if value in text] == []
    assert [
        name for name, content in held.items() if any(each.encode() in content for each in (value, *sessions))
    ] == []
    assert user["Password"].encode() not in held["banneret.db"]
