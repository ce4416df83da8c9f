"""The server as a process: what it prints and writes, that the printed line works, and how it ends."""

from __future__ import annotations

import base64
import json
import os
import shlex
import signal
import ssl
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import databases

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = Path(__file__).parents[1] / "unit" / "scenarios" / "example.yaml"
_BASE = "/slm/webservice/v2.0"


class Served:
    """A running server."""

    def __init__(self, process: subprocess.Popen[str], ready: dict[str, Any], file: Path) -> None:
        self.process = process
        self.ready = ready
        self.file = file
        trust = ready["tls_ca"]
        self._context = ssl.create_default_context(cafile=trust) if trust else None

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.ready["url"] + path, data, headers or {}, method=method)
        try:
            with urllib.request.urlopen(request, context=self._context) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, None

    def key(self, name: str) -> dict[str, str]:
        (found,) = [entry for entry in self.ready["keys"] if entry["name"] == name]
        return {"ZSESSIONID": found["secret"], "Content-Type": "application/json"}

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@contextmanager
def serving(tmp_path: Path, *arguments: str) -> Iterator[Served]:
    """Serve in a process of its own until the block ends."""
    file = tmp_path / "ready" / "file.json"
    environment = {**os.environ, "BANNERET_DATA_DIR": str(tmp_path / "data"), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", "from banneret.cli import app; app()", "serve", "--port", "0"]
    file.unlink(missing_ok=True)
    process = subprocess.Popen(
        [*command, "--ready-file", str(file), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        deadline = time.monotonic() + 30
        while not file.exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield Served(process, json.loads(file.read_text()), file)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_the_demo_works_as_the_faq_prints_it(tmp_path: Path) -> None:
    """KB 11568: create with a custom state, update Defect 777, and delete with the method in lower case."""
    with serving(tmp_path, "--scenario", "demo", "--ephemeral") as served:
        roles = {entry["UserName"].split("@")[0]: entry["role"] for entry in served.ready["users"]}
        assert roles == {
            "admin": "subscription_admin",
            "wsadmin": "workspace_admin",
            "padmin": "project_admin",
            "editor": "editor",
            "viewer": "viewer",
            "noaccess": "no_access",
        }
        key = served.key("editor-full")
        body = {"Defect": {"Name": "bad defect", "ScheduleState": "Custom 1"}}
        status, made = served.call("POST", f"{_BASE}/Defect/create", key, body)
        assert (status, made["CreateResult"]["Errors"]) == (200, [])
        assert made["CreateResult"]["Object"]["ScheduleState"] == "Custom 1"
        body = {"Defect": {"Resolution": "Not a Defect", "State": "Fixed"}}
        assert served.call("POST", f"{_BASE}/Defect/777", key, body)[1]["OperationResult"]["Errors"] == []
        assert served.call("delete", f"{_BASE}/Defect/777", key)[1]["OperationResult"]["Errors"] == []
        gone = served.call("GET", f"{_BASE}/Defect/777", key)[1]
        assert gone["OperationResult"]["Errors"] == ["Cannot find object to read"]
        for entry in served.ready["keys"]:
            assert served.call("GET", f"{_BASE}/user", {"zsessionid": entry["secret"]})[0] == 200
        for entry in served.ready["users"]:
            pair = base64.b64encode(f"{entry['UserName']}:{entry['Password']}".encode()).decode()
            assert served.call("GET", f"{_BASE}/user", {"Authorization": f"Basic {pair}"})[0] == 200
        assert served.call("POST", f"{_BASE}/Defect/create", served.key("editor-read"), body)[0] == 401
        code, out, err = served.stop()
        assert (code, err) == (0, "")
        assert served.ready["url"] in out
    assert not list(tmp_path.glob("banneret-*"))


def test_the_printed_line_works_when_pasted(tmp_path: Path) -> None:
    with serving(tmp_path, "--scenario", str(EXAMPLE), "--tls", "--ephemeral") as served:
        assert served.ready["url"].startswith("https://127.0.0.1:")
        assert Path(served.ready["tls_ca"]).parent == tmp_path / "data" / "tls"
        code, answer = served.call("GET", f"{_BASE}/defect/777?fetch=Name", served.key("report"))
        assert (code, answer["Defect"]["Name"]) == (200, "Rattles when cold")
        assert stat.S_IMODE(served.file.stat().st_mode) == 0o600
        code, out, _ = _pasted(served)
        assert code == 0
        assert json.loads(out)["QueryResult"]["Errors"] == []


def _pasted(served: Served) -> tuple[int, str, str]:
    """Run the line that was printed, while the server still runs."""
    assert served.process.stdout is not None
    for line in served.process.stdout:
        if line.strip().startswith("curl "):
            done = subprocess.run([*shlex.split(line), "--silent"], capture_output=True, text=True, check=False)
            return done.returncode, done.stdout, done.stderr
    pytest.fail("no line to paste")


def test_the_clock_of_a_scenario_is_the_server_s(tmp_path: Path) -> None:
    with serving(tmp_path, "--scenario", str(EXAMPLE), "--ephemeral") as served:
        _, made = served.call("POST", f"{_BASE}/defect/create", served.key("ci"), {"Defect": {"Name": "Now"}})
        assert made["CreateResult"]["Object"]["CreationDate"].startswith("2026-01-05T09:0")
        assert served.stop(signal.SIGINT)[0] == 0


def test_a_database_is_kept_and_loaded_once(tmp_path: Path) -> None:
    with serving(tmp_path, "--scenario", "demo") as served:
        served.stop()
    with serving(tmp_path) as served:
        assert served.ready["users"] == served.ready["keys"] == []
        key = {"ZSESSIONID": "_DEMOeditorRead0123456789abcdefghijklmnopqrs"}
        assert served.call("GET", f"{_BASE}/defect/777", key)[0] == 200
        served.stop()
    command = [
        sys.executable,
        "-c",
        "from banneret.cli import app; app()",
        "serve",
        "--scenario",
        "demo",
        "--port",
        "0",
    ]
    environment = {**os.environ, "BANNERET_DATA_DIR": str(tmp_path / "data")}
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert "the database is not empty" in again.stderr


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with serving(tmp_path, "--ephemeral") as served:
        port = served.ready["url"].rpartition(":")[2]
        command = [sys.executable, "-c", "from banneret.cli import app; app()", "serve", "--ephemeral", "--port", port]
        second = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (second.returncode, second.stderr) == (
            1,
            f"banneret: cannot listen on 127.0.0.1:{port}: Address already in use\n",
        )


def test_several_workers_serve_postgresql(tmp_path: Path) -> None:
    url = databases.make_empty_postgres_url()
    plain = tmp_path / "plain.yaml"
    plain.write_text(EXAMPLE.read_text().replace('clock: "2026-01-05T09:00:00Z"', ""))
    arguments = ("--workers", "2", "--database", url, "--scenario", str(plain), "--edition", "saas")
    with serving(tmp_path, *arguments) as served:
        for _ in range(8):
            assert served.call("GET", f"{_BASE}/defect/777", served.key("report"))[0] == 200
        code, _, err = served.stop()
        assert code == 0
        assert err == "Notice: clients are read but have no effect yet: the OAuth server is not built.\n"
