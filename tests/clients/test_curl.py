"""The three curl commands of KB 11568, as printed but for address, key and ObjectID (behaviours B7, B11)."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.live import Live


def curl(live: Live, *arguments: str) -> Any:
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--cacert", live.ca, "--noproxy", "*", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


def test_create_update_and_delete_as_the_faq_prints_them(live: Live) -> None:
    base = f"{live.url}/slm/webservice/v2.0"
    key = f"zsessionid:{live.key('admin@acme.test')}"
    body = '{"Defect":{"Name":"bad defect","ScheduleState":"Custom 1"}}'
    made = curl(live, "--header", key, "-HContent-Type: application/json", f"-d{body}", f"{base}/Defect/create")
    assert made["CreateResult"]["Errors"] == []
    assert made["CreateResult"]["Object"]["ScheduleState"] == "Custom 1"
    body = '{"Defect":{"Resolution":"Not a Defect","State":"Fixed"}}'
    changed = curl(live, "--header", key, "-H", "Content-Type: application/json", f"-d{body}", f"{base}/Defect/777")
    assert changed["OperationResult"]["Errors"] == []
    assert changed["OperationResult"]["Object"]["Resolution"] == "Not a Defect"
    oid = made["CreateResult"]["Object"]["ObjectID"]
    gone = curl(live, "--header", key, "-H", "Content-Type: application/json", "-X", "delete", f"{base}/Defect/{oid}")
    assert gone["OperationResult"]["Errors"] == []
    again = curl(live, "--header", key, f"{base}/Defect/{oid}")
    assert again["OperationResult"]["Errors"] == ["Cannot find object to read"]
