"""pyral's own verbs on attachments: add, get, list, delete."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.test_pyral import EDITOR, connect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.live import Live

pytestmark = [
    pytest.mark.usefixtures("trusting"),
    # pyral 1.6.0 is what it is: unclosed files and sockets, invalid escapes, deprecated calls.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(params=["key", "password"])
def rally(request: pytest.FixtureRequest, live: Live) -> Any:
    if request.param == "key":
        return connect(live, apikey=live.key(EDITOR))
    return connect(live, user=EDITOR, password=live.password(EDITOR))


@pytest.fixture
def files(tmp_path: Path, request: pytest.FixtureRequest) -> list[Path]:
    """Files of no name that another test has used: pyral looks for a name all over the workspace before it adds."""
    made = []
    mark = hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:8]
    for name, content in (
        ("small.txt", b"hello\n"),
        ("empty.log", b""),
        ("large.bin", bytes(range(256)) * 12_000),
        ("grün & schön.html", b"<b>x</b>"),
    ):
        path = tmp_path / f"{mark} {name}"
        path.write_bytes(content)
        made.append(path)
    return made


def named(rally: Any, defect: Any) -> set[str]:
    again = rally.get("Defect", fetch="Name,Attachments", query=f"ObjectID = {defect.oid}", instance=True)
    return set(rally.getAttachmentNames(again))


def test_files_are_added_read_back_and_deleted(rally: Any, files: list[Path]) -> None:
    defect = rally.create("Defect", {"Name": "with files"})
    for path in files:
        made = rally.addAttachment(defect, str(path), mime_type="application/octet-stream")
        assert (made.Name, int(made.Size), made.ContentType) == (
            path.name,
            path.stat().st_size,
            "application/octet-stream",
        )
        assert made.User.UserName == EDITOR
    assert named(rally, defect) == {path.name for path in files}
    fresh = rally.get("Defect", fetch="true", query=f"ObjectID = {defect.oid}", instance=True)
    for path in files:
        assert rally.getAttachment(fresh, path.name).Content == path.read_bytes()
    assert rally.getAttachment(fresh, "no such file") is None
    # pyral puts the bytes into the attachments that it holds, and trips over them when it meets one again.
    fresh = rally.get("Defect", fetch="true", query=f"ObjectID = {defect.oid}", instance=True)
    everything = {item.Name: item.Content for item in rally.getAttachments(fresh)}
    assert everything == {path.name: path.read_bytes() for path in files}
    fresh = rally.get("Defect", fetch="true", query=f"ObjectID = {defect.oid}", instance=True)
    assert rally.deleteAttachment(fresh, files[0].name)
    assert named(rally, defect) == {path.name for path in files[1:]}
    assert rally.deleteAttachment(fresh, "no such file") is False


def test_several_files_at_once_and_by_formatted_id(rally: Any, files: list[Path]) -> None:
    defect = rally.create("Defect", {"Name": "with more files"})
    wanted = [{"Name": str(path), "mime_type": "text/plain"} for path in files]
    assert rally.addAttachments(defect, wanted) is True
    assert rally.getAttachment(defect.FormattedID, files[0].name).Content == files[0].read_bytes()
    # A file of a name that is there already is not added a second time.
    again = rally.addAttachment(rally.get("Defect", query=f"ObjectID = {defect.oid}", instance=True), str(files[0]))
    assert again.Name == files[0].name
    assert len(named(rally, defect)) == len(files)


def test_the_file_itself_is_downloaded_with_the_same_credentials(live: Live, rally: Any, files: list[Path]) -> None:
    import requests

    defect = rally.create("Defect", {"Name": "with a file to download"})
    made = rally.addAttachment(defect, str(files[2]))
    address = f"{live.url}/slm/attachment/{made.oid}/{files[2].name}"
    content = files[2].read_bytes()
    how = {"zsessionid": live.key(EDITOR)}
    for headers, auth in ((how, None), (None, (EDITOR, live.password(EDITOR)))):
        whole = requests.get(address, headers=headers, auth=auth, timeout=30)
        assert (whole.status_code, whole.content) == (200, content)
    part = requests.get(address, headers={**how, "Range": "bytes=1000000-"}, timeout=30)
    assert (part.status_code, part.content) == (206, content[1_000_000:])
    same = requests.get(address, headers={**how, "If-None-Match": whole.headers["etag"]}, timeout=30)
    assert (same.status_code, same.content) == (304, b"")
    head = requests.head(address, headers=how, timeout=30)
    assert (head.headers["content-length"], head.content) == (str(len(content)), b"")
    picture = requests.get(f"{live.url}/slm/profile/image/{made.User.oid}/64.sp", headers=how, timeout=30)
    assert picture.headers["content-type"] == "image/svg+xml"
