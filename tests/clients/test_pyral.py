"""pyral, unmodified, as its users use it: over TLS, with a key and with a password."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from pyral import __version__

if TYPE_CHECKING:
    from tests.live import Live

pytestmark = [
    pytest.mark.usefixtures("trusting"),
    # pyral is what it is: unclosed files and sockets, invalid escapes, deprecated calls.
    pytest.mark.filterwarnings("ignore"),
]
EDITOR = "editor@acme.test"


def connect(live: Live, **credentials: str) -> Any:
    from pyral import Rally

    return Rally(server=live.host, workspace=WORKSPACE, project=PROJECT, **credentials)


WORKSPACE, PROJECT = "Acme Bikeshare", "Rider App"


@pytest.fixture(scope="module", params=["key", "password"])
def rally(request: pytest.FixtureRequest, live: Live) -> Any:
    """Pyral connected either way."""
    import os

    before = os.environ.get("REQUESTS_CA_BUNDLE")
    os.environ["REQUESTS_CA_BUNDLE"] = live.ca
    if request.param == "key":
        made = connect(live, apikey=live.key(EDITOR))
    else:
        made = connect(live, user=EDITOR, password=live.password(EDITOR))
    yield made
    if before is None:
        os.environ.pop("REQUESTS_CA_BUNDLE", None)
    else:
        os.environ["REQUESTS_CA_BUNDLE"] = before


def test_it_knows_where_it_is(rally: Any) -> None:
    assert rally.getWorkspace().Name == WORKSPACE
    assert rally.getProject().Name == PROJECT
    assert PROJECT in {project.Name for project in rally.getProjects()}
    assert rally.getUserInfo(username=EDITOR)[0].UserName == EDITOR


def test_it_queries_with_conditions_order_and_fetch(rally: Any) -> None:
    criteria = ['State != "Closed"', "FormattedID != DE999999"]
    found = list(
        rally.get("Defect", fetch="FormattedID,Name,State,Owner,UserName", query=criteria, order="FormattedID")
    )
    assert found
    assert all(defect.State != "Closed" for defect in found)
    numbers = [int(defect.FormattedID[2:]) for defect in found]
    assert numbers == sorted(numbers)


def test_it_creates_updates_and_deletes(rally: Any) -> None:
    made = rally.create("Defect", {"Name": "made by pyral", "State": "Open", "Severity": "Minor Problem"})
    assert made.Name == "made by pyral"
    assert made.FormattedID.startswith("DE")
    changed = rally.update("Defect", {"FormattedID": made.FormattedID, "Name": "changed by pyral", "State": "Fixed"})
    assert (changed.Name, changed.State, changed.oid) == ("changed by pyral", "Fixed", made.oid)
    assert rally.delete("Defect", made.FormattedID) is True
    assert rally.get("Defect", query=f"FormattedID = {made.FormattedID}").resultCount == 0


def test_a_refusal_is_an_error_with_the_reason(rally: Any) -> None:
    from pyral import RallyRESTAPIError

    with pytest.raises(RallyRESTAPIError, match="Valid values are"):
        rally.create("Defect", {"Name": "never made", "State": "Nonsense"})
    assert rally.get("Defect", query='Name = "never made"').resultCount == 0


def test_tags_come_and_go(rally: Any) -> None:
    tags = [rally.create("Tag", {"Name": f"pyral {letter}"}) for letter in "ab"]
    defect = rally.create("Defect", {"Name": "to be tagged"})
    where = ["Tags"] if __version__ >= (1, 7) else []  # 1.6.0 takes the type's plural
    rally.addCollectionItems(defect, *where, tags)
    tagged = rally.get("Defect", fetch="Tags,Name", query=f"ObjectID = {defect.oid}", instance=True)
    assert {tag.Name for tag in tagged.Tags} == {"pyral a", "pyral b"}
    rally.dropCollectionItems(tagged, *where, tags[:1])
    left = rally.get("Defect", fetch="Tags,Name", query=f"ObjectID = {defect.oid}", instance=True)
    assert {tag.Name for tag in left.Tags} == {"pyral b"}


def test_history_is_read_through_the_revisions(rally: Any) -> None:
    defect = rally.create("Defect", {"Name": "with a history"})
    rally.update("Defect", {"FormattedID": defect.FormattedID, "Name": "with a past"})
    again = rally.get("Defect", fetch="Name,RevisionHistory", query=f"ObjectID = {defect.oid}", instance=True)
    revisions = sorted(again.RevisionHistory.Revisions, key=lambda revision: revision.RevisionNumber)
    assert [revision.RevisionNumber for revision in revisions] == [0, 1]
    assert revisions[1].Description == "NAME changed from [with a history] to [with a past]"
    assert revisions[1].User.UserName == EDITOR


def test_paging_goes_on_past_the_first_page(rally: Any) -> None:
    answer = rally.get("HierarchicalRequirement", fetch="FormattedID", pagesize=10, projectScopeDown=True)
    found = [story.FormattedID for story in answer]
    assert len(found) == answer.resultCount > 10
    assert len(set(found)) == len(found)


def test_allowed_values_are_known(rally: Any) -> None:
    assert {"Submitted", "Open", "Fixed", "Closed"} <= set(rally.getAllowedValues("Defect", "State"))


def test_threads_do_not_disturb_each_other(live: Live) -> None:
    made = [connect(live, apikey=live.key(EDITOR)) for _ in range(4)]
    names: list[str] = []
    failures: list[BaseException] = []

    def work(n: int) -> None:
        try:
            for turn in range(5):
                item = made[n].create("Defect", {"Name": f"thread {n} turn {turn}"})
                names.append(item.Name)
        except BaseException as error:  # noqa: BLE001 - reported below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = made[0].get("Defect", fetch="Name,FormattedID", query='Name contains "thread "')
    assert sorted(names) == sorted(defect.Name for defect in found)


def test_wrong_credentials_are_refused(live: Live) -> None:
    from pyral.context import RallyRESTAPIError

    with pytest.raises(RallyRESTAPIError, match="credentials"):
        connect(live, user=EDITOR, password="wrong password entirely")
    with pytest.raises(RallyRESTAPIError):
        connect(live, apikey="_notakeyatall0123456789012345678901234567890")
