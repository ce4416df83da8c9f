"""What has to hold after a storm, read over WSAPI alone: each answered write is there once, in order, and sums are right."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.line import Line
    from bench.storm import Write

_RENAMED = re.compile(r"\bNAME changed from \[(?P<old>[^\]]*)\] to \[(?P<new>[^\]]*)\]")
_TAGGED = re.compile(r"\bTAGS (?P<verb>added|removed) \[(?P<name>[^\]]*)\]")
_TYPES = ("HierarchicalRequirement", "Defect", "Task")
_ATTRIBUTES = (
    "ObjectID,Name,VersionId,Tags,RevisionHistory,DragAndDropRank,FormattedID,WorkProduct,Parent,Estimate,ToDo,Actuals,"
    "TaskEstimateTotal,TaskRemainingTotal,TaskActualTotal,Tasks"
)
_TOTALS = (("TaskEstimateTotal", "Estimate"), ("TaskRemainingTotal", "ToDo"), ("TaskActualTotal", "Actuals"))


async def faults(line: Line, writes: Sequence[Write]) -> list[str]:
    """Give what is wrong; empty when all is right."""
    items: dict[int, dict[str, Any]] = {}
    for name in _TYPES:
        found = await line.all(name, shallowFetch=_ATTRIBUTES, order="ObjectID")
        items |= {item["ObjectID"]: item for item in found}
    told = []
    revisions: dict[int, list[dict[str, Any]]] = {}
    for oid, item in items.items():
        history = item["RevisionHistory"]["_ref"].rpartition("/")[2]
        revisions[oid] = await line.all(
            f"revisionhistory/{history}/Revisions", fetch="RevisionNumber,Description", order="RevisionNumber"
        )
        told += _history(item, revisions[oid])
    told += _answered(items, revisions, writes)
    told += _sums(items.values())
    told += _unique(items.values())
    return told


def _history(item: dict[str, Any], revisions: Sequence[dict[str, Any]]) -> list[str]:
    """Numbers run from 0 without gap, VersionId counts them, and each tells of what the one before left."""
    told = []
    label = f"{item['FormattedID']} ({item['ObjectID']})"
    numbers = [revision["RevisionNumber"] for revision in revisions]
    if numbers != list(range(len(numbers))):
        told.append(f"{label}: revisions are numbered {numbers}")
    if int(item["VersionId"]) != len(numbers):
        told.append(f"{label}: VersionId {item['VersionId']}, but {len(numbers)} revisions")
    name: str | None = None
    tags: Counter[str] = Counter()
    for revision in revisions:
        for change in _RENAMED.finditer(revision["Description"]):
            if name is not None and change["old"] != name:
                told.append(
                    f"{label}: revision {revision['RevisionNumber']} renames {change['old']}, but it was {name}"
                )
            name = change["new"]
        for change in _TAGGED.finditer(revision["Description"]):
            tags[change["name"]] += 1 if change["verb"] == "added" else -1
            if tags[change["name"]] not in {0, 1}:
                told.append(f"{label}: revision {revision['RevisionNumber']} says {change[0]} once too often")
    if name is not None and item["Name"] != name:
        told.append(f"{label}: its name is {item['Name']}, the last revision says {name}")
    kept = {entry["Name"] for entry in item["Tags"]["_tagsNameArray"]}
    if kept != {tag for tag, count in tags.items() if count == 1}:
        told.append(f"{label}: its tags are {kept}, its revisions say {tags}")
    return told


def _answered(
    items: dict[int, dict[str, Any]], revisions: dict[int, list[dict[str, Any]]], writes: Sequence[Write]
) -> list[str]:
    """What was answered without errors is told by exactly one revision, at the version answered; what was refused by none."""
    told = []
    renames: Counter[tuple[int, str]] = Counter()
    tagged: Counter[int] = Counter()
    for oid, found in revisions.items():
        for revision in found:
            renames.update((oid, change["new"]) for change in _RENAMED.finditer(revision["Description"]))
            tagged[oid] += sum(change["verb"] == "added" for change in _TAGGED.finditer(revision["Description"]))
    members: Counter[int] = Counter()
    doubtful: set[int] = set()
    for write in writes:
        if write.outcome == "unknown":
            doubtful.add(write.oid)
        if write.kind == "rename" and write.oid in items:
            count = renames.pop((write.oid, write.text), 0)
            wanted = {"done": {1}, "unknown": {0, 1}}.get(write.outcome, {0})
            if count not in wanted:
                told.append(
                    f"{write.oid}: {write.text} was answered with {write.outcome}, {count} revisions tell of it"
                )
            elif write.outcome == "done" and write.text not in revisions[write.oid][write.version - 1]["Description"]:
                told.append(f"{write.oid}: {write.text} was answered as version {write.version}, which is another's")
        if write.kind == "tag" and write.outcome == "done":
            members[write.oid] += write.version
    told += [f"{oid}: a revision renames it to {name}, which nobody asked for" for oid, name in renames if name != ""]
    for oid, count in members.items():
        added = tagged[oid]
        if oid not in doubtful and oid in items and added != count:
            told.append(f"{oid}: {count} tags were answered as added, its revisions tell of {added}")
    return told + _existence(items, writes)


def _existence(items: dict[int, dict[str, Any]], writes: Iterable[Write]) -> list[str]:
    told = []
    deleted = {write.oid: write.outcome for write in writes if write.kind == "delete" and write.outcome != "refused"}
    for write in writes:
        if write.kind != "create" or write.outcome != "done":
            continue
        if deleted.get(write.oid) == "done" and write.oid in items:
            told.append(f"{write.oid}: deleted, but there")
        if write.oid not in deleted and write.oid not in items:
            told.append(f"{write.oid}: created, but not there")
    return told


def _sums(items: Iterable[dict[str, Any]]) -> list[str]:
    """Totals are what one gets by adding up the tasks, and the totals of the stories right below."""
    told = []
    tasks: dict[int, list[dict[str, Any]]] = defaultdict(list)
    below: dict[int, list[dict[str, Any]]] = defaultdict(list)
    owners = {}
    for item in items:
        if item["_type"] == "Task":
            tasks[int(item["WorkProduct"]["_ref"].rpartition("/")[2])].append(item)
        else:
            owners[item["ObjectID"]] = item
            if item.get("Parent"):
                below[int(item["Parent"]["_ref"].rpartition("/")[2])].append(item)
    for oid, owner in owners.items():
        if owner["Tasks"]["Count"] != len(tasks[oid]):
            told.append(f"{owner['FormattedID']}: counts {owner['Tasks']['Count']} tasks, has {len(tasks[oid])}")
        for total, part in _TOTALS:
            added = sum(task[part] or 0 for task in tasks[oid]) + sum(child[total] or 0 for child in below[oid])
            if (owner[total] or 0) != added:
                told.append(f"{owner['FormattedID']}: {total} is {owner[total]}, what is below adds up to {added}")
    return told


def _unique(items: Iterable[dict[str, Any]]) -> list[str]:
    """No FormattedID and no rank is given twice."""
    told = []
    for name in ("FormattedID", "DragAndDropRank"):
        for value, count in Counter(item[name] for item in items if item[name] is not None).items():
            if count > 1:
                told.append(f"{name} {value} is given {count} times")
    return told
