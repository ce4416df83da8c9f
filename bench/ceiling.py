"""A prototype of the same requests without catalogue, query language and permissions: what Python can do here at best.

When it starts it lets the product answer samples of each request and notes the statements that ran and the bytes that came. Then
it forgets the product, and answers by itself with prepared code: the key's hash is looked up, the same statements run through
the bare driver in the same order and the same transactions, rows become msgspec structs and these the same bytes (compared
with the product's for many objects before it serves). It parses no query (a page is known by its query string), checks no
permission beyond the key being there, validates nothing, and knows the columns of one type only. Objects that a page shows
in full inside its items are kept as bytes, though their statements run. Writes on SQLite share commits as the product's do.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import apsw
import asyncpg
import msgspec

from banneret.bootstrap import Application, Installation, is_postgresql, open_installation
from banneret.kernel.clock import SystemClock
from banneret.kernel.ids import BLOCK_SIZE, FIRST_BLOCK, Identifiers
from banneret.kernel.values import to_wire
from banneret.operations.rank import bottom_rank
from banneret.settings import Settings
from banneret.storage.reading import Reader
from bench.capture import Ran, Recorder
from bench.data import SECRET, Facts, read_facts
from bench.profile import call
from bench.requests import BASE, HOST, PAGES, create_body, http, page_targets, read_target, update_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MARK = "\ue000"
_OID = 10**12
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_RANK = re.compile(r"P![0-9A-Za-z]{32}~")
_ORIGIN = f"http://{HOST}{BASE}"
_REF_KEYS = {"_rallyAPIMajor", "_rallyAPIMinor", "_ref", "_refObjectUUID", "_refObjectName", "_type"}
_SAMPLES = 300
_SECRET = SECRET.encode()
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.decode


class _State:
    """What one request has found out so far."""

    __slots__ = ("body", "counts", "key", "names", "now", "number", "oid", "oids", "refs", "rows", "total", "wanted")

    def __init__(self) -> None:
        self.rows: Sequence[Any] = ()
        self.names: list[Any] = []
        self.counts: Sequence[Any] = ()
        self.refs: Sequence[Any] = ()
        self.wanted: list[int] = []
        self.oids: list[int] = []
        self.total = 0
        self.number = 0
        self.oid = 0
        self.now = ""
        self.key = b""
        self.body: dict[str, Any] = {}


class _Step(msgspec.Struct):
    """One call to the database: what it gives, its SQL, and a function that makes its arguments."""

    gives: str
    sql: str
    arguments: Callable[[_State, list[int], list[str]], Any]


class _Plan(msgspec.Struct):
    """Everything that answers one kind of request."""

    steps: list[_Step]
    answer: Callable[[_State], bytes]
    refs: list[int]
    oids: int = 0
    uuids: int = 0


# ---------------------------------------------------------------------- arguments of statements


class _Atoms:
    """Values that differ between two samples of one request, and the code that gives each."""

    def __init__(self) -> None:
        self.held: list[tuple[str, Any, Any]] = []
        self.oids: dict[tuple[Any, Any], int] = {}
        self.uuids: dict[tuple[Any, Any], int] = {}

    def add(self, code: str, first: Any, second: Any) -> None:
        if first != second:
            self.held.append((code, first, second))

    def find(self, first: Any, second: Any) -> str | None:
        for code, one, two in self.held:
            if type(one) is type(first) and one == first and two == second:
                return code
        return None

    def express(self, first: Any, second: Any) -> str:
        """Give code for a value that was `first` in one sample and `second` in the other."""
        if first == second and type(first) is type(second):
            return repr(first)
        found = self.find(first, second)
        if found is not None:
            return found
        if isinstance(first, int) and first >= _OID:
            return f"o[{self.oids.setdefault((first, second), len(self.oids))}]"
        if isinstance(first, list):
            return "[" + self._members(first, second) + "]"
        if isinstance(first, str):
            return self._text(first, second)
        raise ValueError(f"cannot tell where {first!r} and {second!r} come from")

    def _members(self, first: list[Any], second: list[Any]) -> str:
        codes = []
        for value in first:
            if value in second:
                codes.append(repr(value))
            else:
                made = [(f"o[{place}]", *pair) for pair, place in self.oids.items()]
                codes.append(next(code for code, one, two in (*self.held, *made) if one == value and two in second))
        return ", ".join(codes)

    def _text(self, first: str, second: str) -> str:
        if _UUID.fullmatch(first):
            return f"u[{self.uuids.setdefault((first, second), len(self.uuids))}]"
        if _MOMENT.fullmatch(first):
            return "s.now"
        if _RANK.fullmatch(first):
            for (one, two), place in self.oids.items():
                if first.endswith(bottom_rank(to_wire(datetime.now(UTC)), one)[10:]) and two:
                    self.add(f"rank(s.now, o[{place}])", first, second)
                    return f"rank(s.now, o[{place}])"
        if first.startswith("[") and first.endswith("]"):
            codes = self._members(json.loads(first), json.loads(second))
            return f"encode([{codes}]).decode()"
        one, two = first, second
        used: list[str] = []
        for code, a, b in sorted(self.held, key=lambda atom: -len(str(atom[1]))):
            if str(a) in one and str(b) in two and len(str(a)) > 2:
                mark = f"{_MARK}{len(used)}{_MARK}"
                one, two = one.replace(str(a), mark), two.replace(str(b), mark)
                used.append(code)
        for moment_a, moment_b in zip(_MOMENT.findall(one), _MOMENT.findall(two), strict=True):
            if moment_a != moment_b:
                one, two = one.replace(moment_a, f"{_MARK}n{_MARK}"), two.replace(moment_b, f"{_MARK}n{_MARK}")
        if one != two:
            raise ValueError(f"cannot tell how {first!r} and {second!r} are made")
        parts = one.split(_MARK)
        texts = [
            repr(part) if n % 2 == 0 else "s.now" if part == "n" else f"str({used[int(part)]})"
            for n, part in enumerate(parts)
        ]
        return "''.join((" + ", ".join(texts) + ",))"


def _function(source: str, **names: Any) -> Any:
    held: dict[str, Any] = {"Raw": msgspec.Raw, "encode": _encode, "rank": bottom_rank, **names}
    exec(f"made = {source}", held)  # code that this module wrote, from samples that it made
    return held["made"]


# ---------------------------------------------------------------------- answers


class _NamedRef(msgspec.Struct, gc=False):
    Name: str
    ref: str = msgspec.field(name="_ref")


class _Ref(msgspec.Struct, gc=False):
    major: str = msgspec.field(name="_rallyAPIMajor")
    minor: str = msgspec.field(name="_rallyAPIMinor")
    ref: str = msgspec.field(name="_ref")
    uuid: str = msgspec.field(name="_refObjectUUID")
    name: str = msgspec.field(name="_refObjectName")
    type: str = msgspec.field(name="_type")


class _Nameless(msgspec.Struct, gc=False):
    major: str = msgspec.field(name="_rallyAPIMajor")
    minor: str = msgspec.field(name="_rallyAPIMinor")
    ref: str = msgspec.field(name="_ref")
    uuid: str = msgspec.field(name="_refObjectUUID")
    type: str = msgspec.field(name="_type")


_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "{}": lambda value: value,
    "(None if {} is None else bool({}))": lambda value: None if value is None else bool(value),
    "(None if {} is None else float({}))": lambda value: None if value is None else float(value),
    "str({})": str,
    "({} or '')": lambda value: value or "",
    "({} or 'None')": lambda value: value or "None",
}
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _words(moment: str, minute: str) -> str:
    if moment > minute:
        return "just now"
    return f"{_MONTHS[int(moment[5:7])]} {int(moment[8:10])}, {moment[:4]}"


def _fits(conversion: Callable[[Any], Any], column: list[Any], values: list[Any]) -> bool:
    try:
        return [repr(conversion(value)) for value in column] == [repr(value) for value in values]
    except ValueError:
        return False


class _Answers:
    """Code that turns rows of one statement into the items of an answer, made from samples of both."""

    def __init__(self, sql: str, rows: Sequence[Any], items: Sequence[dict[str, Any]], counted: Sequence[str]) -> None:
        self._rows = rows
        self._items = items
        self._counted = list(counted)
        listed = _plain(sql)[len("SELECT ") :].partition(" FROM ")[0].split(", ")
        self._places = {name.rpartition(".")[2]: place for place, name in reversed(list(enumerate(listed)))}
        self.refs: list[int] = []
        self.nested: dict[int, msgspec.Raw] = {}
        self._named: list[str] = []
        keys = list(items[0])
        codes = [self._code(key) for key in keys]
        fields = [(f"f{n}", Any) for n in range(len(keys))]
        item = msgspec.defstruct(
            "Item", fields, rename={f"f{n}": key for n, key in enumerate(keys)}, gc=False, omit_defaults=False
        )
        self._build = _function(
            f"lambda rows, known, counts, names, minute: [item({', '.join(codes)}) for r in rows]",
            item=item,
            words=_words,
        )

    def _code(self, key: str) -> str:
        values = [item[key] for item in self._items]
        held = next((value for value in values if value is not None), None)
        if key == "_CreatedAt":
            return f"words(r[{self._places['creationdate']}], minute)"
        if key == "_ref":
            head = values[0].rpartition("/")[0]
            return f"'{head}/' + str(r[0])"
        if isinstance(held, dict) and "Count" in held:
            return self._collection(key, held)
        if key in {"_refObjectUUID", "_objectVersion", "_refObjectName"}:
            places = [{"_refObjectUUID": 1, "_objectVersion": 2, "_refObjectName": self._places["name"]}[key]]
        else:
            wanted = {key.lower(), f"{key.lower()}_oid"} | ({"oid", "uuid"} if key.startswith("Object") else set())
            wanted |= {"versionid"} if key == "VersionId" else set()
            places = [place for name, place in self._places.items() if name in wanted]
        for place in places:
            column = [row[place] for row in self._rows]
            if isinstance(held, dict) or (held is None and self._is_ref(place)):
                if self._is_ref(place):
                    return self._object(place, column, values)
                continue
            for code, conversion in _CONVERSIONS.items():
                if _fits(conversion, column, values):
                    return code.replace("{}", f"r[{place}]")
        if len({json.dumps(value) for value in values}) == 1:
            return f"Raw({_encode(values[0])!r})" if isinstance(held, (dict, list)) else repr(values[0])
        raise ValueError(f"cannot tell where {key} comes from")

    def _is_ref(self, place: int) -> bool:
        return any(at == place and name.endswith("_oid") for name, at in self._places.items())

    def _object(self, place: int, column: list[Any], values: list[Any]) -> str:
        self.refs.append(place)
        for oid, value in zip(column, values, strict=True):
            if value is not None and set(value) - _REF_KEYS:
                self.nested[oid] = msgspec.Raw(_encode(value))
        return f"known.get(r[{place}])"

    def _collection(self, key: str, held: dict[str, Any]) -> str:
        head = _encode({name: value for name, value in held.items() if name not in {"Count", "_tagsNameArray"}})[:-1]
        owner = re.search(rb"/(\d+)/[^/]+\",", head)
        assert owner is not None
        head = head.replace(b"%", b"%%").replace(owner[1], b"%d")
        if "_tagsNameArray" in held:
            place = len(self._named)
            self._named.append(key)
            pattern = head + b',"Count":%d,"_tagsNameArray":%b}'
            return f"Raw({pattern!r} % (r[0], *names[{place}].get(r[0], (0, b'[]'))))"
        if key in self._counted:
            pattern = head + b',"Count":%d}'
            return f"Raw({pattern!r} % (r[0], counts[{self._counted.index(key)}].get(r[0], 0)))"
        pattern = head + b',"Count":%d}'
        return f"Raw({pattern!r} % (r[0], {held['Count']}))"

    def items(self, state: _State) -> list[Any]:
        """Make the items of an answer."""
        known: dict[int | None, Any] = {}
        for oid, kind, uuid, name, *_ in state.refs:
            nested = self.nested.get(oid)
            if nested is not None:
                known[oid] = nested
            elif name is None:
                known[oid] = msgspec.Raw(_encode(_Nameless("2", "0", f"{_ORIGIN}/{kind.lower()}/{oid}", uuid, kind)))
            else:
                known[oid] = msgspec.Raw(_encode(_Ref("2", "0", f"{_ORIGIN}/{kind.lower()}/{oid}", uuid, name, kind)))
        counts: list[dict[int, int]] = [{} for _ in self._counted]
        for place, owner, count in state.counts:
            counts[place][owner] = count
        names = []
        for key, rows in zip(self._named, state.names, strict=True):
            kind = key[:-1].lower()
            found: dict[int, list[_NamedRef]] = {}
            for row in rows:
                found.setdefault(row[0], []).append(_NamedRef(row[2], f"/{kind}/{row[1]}"))
            names.append({owner: (len(members), _encode(members)) for owner, members in found.items()})
        minute = to_wire(datetime.now(UTC) - timedelta(minutes=1))
        made: list[Any] = self._build(state.rows, known, counts, names, minute)
        return made


def _escaped(body: bytes) -> bytes:
    if b"<" in body or b">" in body:
        body = body.replace(b"<", b"\\u003C").replace(b">", b"\\u003E")
    return body


# ---------------------------------------------------------------------- from samples to plans


def _gives(ran: list[Ran]) -> list[str]:
    """Say what each call to the database is for, by its SQL."""
    found = []
    mains = [n for n, each in enumerate(ran) if each.fetched and _is_main(each)]
    for n, each in enumerate(ran):
        sql = _plain(each.statements[0][0])
        if not each.fetched:
            found.append("write")
        elif "api_key.lookup" in sql:
            found.append("key")
        elif n in mains:
            found.append("rows")
        elif sql.startswith("INSERT INTO counter"):
            found.append("number")
        elif sql.startswith("SELECT count("):
            found.append("total")
        elif mains and n > mains[-1] and " FROM directory" in sql and "refs" not in found:
            found.append("refs")
        elif sql.startswith("SELECT link."):
            found.append("names")
        elif mains and n > mains[-1] and " UNION ALL " in sql:
            found.append("counts")
        else:
            found.append("nothing")
    return found


def _main(ran: list[Ran]) -> Ran:
    return next(each for each in ran if each.fetched and _is_main(each))


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def _is_main(each: Ran) -> bool:
    return _plain(each.statements[0][0]).startswith("SELECT artifact.oid, artifact.uuid, artifact.versionid")


_NUMBERED = re.compile(r"\$(\d+)")


def _chained(statements: list[tuple[str, list[Any]]]) -> tuple[str, list[Any]]:
    """Join writes into one statement, as the product does on PostgreSQL."""
    parts: list[str] = []
    values: list[Any] = []
    for sql, own in statements:
        shift = len(values)
        parts.append(_NUMBERED.sub(lambda match, shift=shift: f"${int(match[1]) + shift}", sql))  # type: ignore[misc]
        values += own
    *heads, last = parts
    with_ = "WITH " + ", ".join(f"w{n} AS ({part})" for n, part in enumerate(heads)) + " " if heads else ""
    return with_ + last, values


class _Maker:
    """Makes plans out of the product's answers."""

    def __init__(self, installation: Installation, facts: Facts, *, postgresql: bool) -> None:
        self.app = Application(installation)
        self._recorder = Recorder(installation.store)
        self._facts = facts
        self._postgresql = postgresql
        self._counted: list[str] = []
        self._owners: list[int] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note which collections a count statement counts."""
        counts = Reader.member_counts

        async def noting(reader: Any, collections: Any, *rest: Any) -> Any:
            self._counted = [entry[0].name for entry in collections]
            return await counts(reader, collections, *rest)

        Reader.member_counts = noting  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            Reader.member_counts = counts  # type: ignore[method-assign]

    async def _ask(self, raw: bytes) -> tuple[dict[str, Any], list[Ran]]:
        self._counted = []
        self._recorder.take()
        answer = await call(self.app, raw)
        document = json.loads(answer)
        (inner,) = document.values()
        return inner, self._recorder.take()

    def _steps(self, first: list[Ran], second: list[Ran], atoms: _Atoms, *, lists: bool = False) -> list[_Step]:
        steps: list[_Step] = []
        gives = _gives(first)
        assert gives == _gives(second), "two samples of one request ran different statements"
        for role, one, two in zip(gives, first, second, strict=True):
            pairs = list(zip(one.statements, two.statements, strict=True))
            if self._postgresql and role == "write":
                pairs = [(_chained(one.statements), _chained(two.statements))]
            for (sql, values), (other, others) in pairs:
                assert sql == other, f"two samples ran different statements:\n{sql}\n{other}"
                codes = []
                for value, another in zip(values, others, strict=True):
                    if role == "key" and isinstance(value, bytes):
                        codes.append("s.key")
                    elif role == "refs" and self._lists(value, one.rows):
                        codes.append("s.wanted" if self._postgresql else "encode(s.wanted).decode()")
                    elif lists and role in {"names", "counts"} and self._lists(value, ()):
                        codes.append("s.oids" if self._postgresql else "encode(s.oids).decode()")
                    else:
                        codes.append(atoms.express(value, another))
                source = f"lambda s, o, u: ({', '.join(codes)}{',' if codes else ''})"
                steps.append(_Step(role, sql, _function(source)))
        return steps

    def _lists(self, value: Any, rows: Sequence[Any]) -> bool:
        """Whether a value is the list of what is asked for: refs that `rows` then gives, or a page's objects."""
        if isinstance(value, str) and value.startswith("["):
            value = json.loads(value)
        if not isinstance(value, list):
            return False
        return {row[0] for row in rows} <= set(value) if rows else self._owners == value

    async def page(self, target: str) -> _Plan:
        """Make the plan of one page."""
        inner, ran = await self._ask(http("GET", target))
        gives = _gives(ran)
        main = ran[gives.index("rows")]
        answers = _Answers(main.statements[0][0], main.rows, inner["Results"], self._counted)
        self._owners = [row[0] for row in main.rows]
        steps = self._steps(ran, ran, _Atoms(), lists=True)
        shape = {name: value for name, value in inner.items() if name != "Results"}
        shape["TotalResultCount"] = _OID
        head = _encode({"QueryResult": shape})[:-2].replace(str(_OID).encode(), b"%d") + b',"Results":'

        def answer(state: _State) -> bytes:
            return _escaped(head % state.total + _encode(answers.items(state)) + b"}}")

        return _Plan(steps, answer, answers.refs)

    async def read(self) -> tuple[_Plan, _Answers]:
        """Make the plan of reading one defect, and the answers that writes show a defect with."""
        samples = self._facts.defects[:: max(1, len(self._facts.defects) // _SAMPLES)]
        # One that has just been made lacks what the others have.
        body = create_body(self._facts, "9.9", 0)
        made, _ = await self._ask(http("POST", f"{BASE}/defect/create", _encode(body)))
        samples.insert(0, made["Object"]["ObjectID"])
        rows, items = [], []
        first: list[Ran] = []
        second: list[Ran] = []
        for oid in samples:
            inner, ran = await self._ask(http("GET", read_target(oid)))
            first, second = second, ran
            rows.append(_main(ran).rows[0])
            items.append(inner)
        atoms = _Atoms()
        atoms.add("s.oid", samples[-2], samples[-1])
        sql = _main(second).statements[0][0]
        answers = _Answers(sql, rows, items, self._counted)
        outer = {"Errors", "Warnings"}
        shown = [
            {key: value for key, value in item.items() if key not in outer} | {"_type": "Defect"} for item in items
        ]
        changed = _Answers(sql, rows, shown, self._counted)
        plan = _Plan(
            self._steps(first, second, atoms),
            lambda state: _escaped(b'{"Defect":' + _encode(answers.items(state)[0]) + b"}"),
            answers.refs,
        )
        return plan, changed

    async def create(self, answers: _Answers) -> _Plan:
        """Make the plan of a create, from two that differ in everything that can differ."""
        atoms = _Atoms()
        asked = [create_body(self._facts, f"8{n}.{n}", n) for n in range(2)]
        path = f"{BASE}/defect/create"
        await self._ask(http("POST", path, _encode(asked[0])))  # takes a block of ObjectIDs
        first, second = [(await self._ask(http("POST", path, _encode(body))))[1] for body in asked]
        one, two = (body["Defect"] for body in asked)
        for name in one:
            atoms.add(f"s.body[{name!r}]", one[name], two[name])
        places = [int(body["Project"].rpartition("/")[2]) for body in (one, two)]
        atoms.add("int(s.body['Project'][9:])", *places)
        numbers = [ran[_gives(ran).index("number")].rows[0][0] for ran in (first, second)]
        atoms.add("s.number", *numbers)
        return self._changing("CreateResult", first, second, atoms, answers)

    async def update(self, answers: _Answers) -> _Plan:
        """Make the plan of an update, from two of objects that share as little as may be."""
        atoms = _Atoms()
        chosen = self._facts.defects[0]
        place = await self._place(chosen)
        other = next([oid for oid in self._facts.defects[1:100] if await self._place(oid) != place].__iter__())
        version = {oid: await self._version(oid) for oid in (chosen, other)}
        bodies = [update_body(f"7{n}.{n}") for n in range(2)]
        await self._ask(http("POST", f"{BASE}/defect/{chosen}", _encode(update_body("6.1"))))
        for n in range(2 if version[chosen] != version[other] + 1 else 3):
            await self._ask(http("POST", f"{BASE}/defect/{other}", _encode(update_body(f"5{n}.22"))))
        first, second = [
            (await self._ask(http("POST", f"{BASE}/defect/{oid}", _encode(body))))[1]
            for oid, body in zip((chosen, other), bodies, strict=True)
        ]
        atoms.add("s.oid", chosen, other)
        one, two = (body["Defect"] for body in bodies)
        for name in one:
            atoms.add(f"s.body[{name!r}]", one[name], two[name])
        rows = [ran[_gives(ran).index("rows")].rows[0] for ran in (first, second)]
        atoms.add("s.rows[0][2]", rows[0][2], rows[1][2])
        atoms.add("(s.rows[0][2] + 1)", rows[0][2] + 1, rows[1][2] + 1)
        for n, (a, b) in enumerate(zip(*rows, strict=True)):
            if isinstance(a, (int, str)) and isinstance(b, (int, str)) and not _MOMENT.fullmatch(str(a)):
                atoms.add(f"s.rows[0][{n}]", a, b)
        return self._changing("OperationResult", first, second, atoms, answers)

    async def _place(self, oid: int) -> Any:
        return _main((await self._ask(http("GET", read_target(oid))))[1]).rows[0][4]

    async def _version(self, oid: int) -> int:
        return int((await self._ask(http("GET", read_target(oid))))[0]["VersionId"])

    def _changing(self, envelope: str, first: list[Ran], second: list[Ran], atoms: _Atoms, answers: _Answers) -> _Plan:
        head = _encode({envelope: {"_rallyAPIMajor": "2", "_rallyAPIMinor": "0", "Errors": [], "Warnings": []}})[:-2]
        return _Plan(
            self._steps(first, second, atoms),
            lambda state: _escaped(head + b',"Object":' + _encode(answers.items(state)[0]) + b"}}"),
            answers.refs,
            len(atoms.oids),
            len(atoms.uuids),
        )


# ---------------------------------------------------------------------- databases


def _take(plan: _Plan, gives: str, rows: Any, state: _State) -> None:
    if gives == "rows":
        state.rows = rows
        wanted = {row[place] for place in plan.refs for row in rows}
        wanted.discard(None)
        state.wanted = list(wanted)
        state.oids = [row[0] for row in rows]
    elif gives == "refs":
        state.refs = rows
    elif gives == "names":
        state.names.append(rows)
    elif gives == "counts":
        state.counts = rows
    elif gives == "total":
        state.total = rows[0][0]
    elif gives == "number":
        state.number = rows[0][0]
    elif gives == "key" and not rows:
        raise PermissionError


class _Numbers:
    """ObjectIDs out of blocks, and UUIDs, as the product makes them."""

    def __init__(self, workspace: int) -> None:
        self.workspace = workspace
        self._uuid = Identifiers(SystemClock()).uuid
        self._left: list[int] = []

    def begin(self, block: int) -> None:
        start = (FIRST_BLOCK + block) * BLOCK_SIZE
        self._left = list(range(start + BLOCK_SIZE - 1, start - 1, -1))

    def oids(self, count: int) -> list[int] | None:
        return [self._left.pop() for _ in range(count)] if len(self._left) >= count else None

    def uuids(self, count: int) -> list[str]:
        return [self._uuid() for _ in range(count)]


_BLOCK = (
    "INSERT INTO counter (scope, name, value) VALUES (0, 'object_id_block', 1)"
    " ON CONFLICT (scope, name) DO UPDATE SET value = counter.value + 1 RETURNING value"
)


def _lower(text: Any = None) -> Any:
    return text.lower() if isinstance(text, str) else text


class _Sqlite:
    def __init__(self, path: str, numbers: _Numbers) -> None:
        self._numbers = numbers
        self._reader, self._writer = self._open(path), self._open(path)
        self._group: asyncio.Future[None] | None = None

    @staticmethod
    def _open(path: str) -> apsw.Connection:
        raw = apsw.Connection(path, statementcachesize=1000)
        raw.set_busy_timeout(5000)  # the product, idle meanwhile, notes now and then when a key was used
        raw.execute("pragma synchronous = full")
        raw.execute("pragma cache_size = -65536")
        raw.execute("pragma mmap_size = 1073741824").fetchall()
        raw.execute("pragma temp_store = memory")
        raw.create_scalar_function("lower_text", cast("Any", _lower), 1, deterministic=True)
        return raw

    @staticmethod
    def _run(raw: apsw.Connection, plan: _Plan, state: _State, oids: list[int], uuids: list[str]) -> None:
        execute = raw.execute
        for step in plan.steps:
            if step.gives == "write":
                execute(step.sql, step.arguments(state, oids, uuids))
            else:
                _take(plan, step.gives, execute(step.sql, step.arguments(state, oids, uuids)).fetchall(), state)

    async def read(self, plan: _Plan, state: _State) -> None:
        self._reader.execute("begin")
        try:
            self._run(self._reader, plan, state, [], [])
        finally:
            self._reader.execute("rollback")

    async def write(self, plan: _Plan, state: _State) -> None:
        execute = self._writer.execute
        if self._group is None:
            execute("begin immediate")
            loop = asyncio.get_running_loop()
            self._group = loop.create_future()
            loop.call_soon(self._commit)
        group = self._group
        execute("savepoint w")
        oids = self._numbers.oids(plan.oids)
        if oids is None:
            block = cast("int", execute(_BLOCK).fetchall()[0][0])
            execute(
                "INSERT INTO object_id_block (block, workspace_oid) VALUES (?, ?)",
                (FIRST_BLOCK + block, self._numbers.workspace),
            )
            self._numbers.begin(block)
            oids = self._numbers.oids(plan.oids) or []
        self._run(self._writer, plan, state, oids, self._numbers.uuids(plan.uuids))
        execute("release w")
        await group

    def _commit(self) -> None:
        group, self._group = self._group, None
        assert group is not None
        self._writer.execute("commit")
        group.set_result(None)


class _Postgresql:
    def __init__(self, url: str, size: int, numbers: _Numbers) -> None:
        self._url = url
        self._numbers = numbers
        self._free: asyncio.LifoQueue[Any] = asyncio.LifoQueue()
        for _ in range(size):
            self._free.put_nowait(None)

    async def _held(self) -> Any:
        return await self._free.get() or await asyncpg.connect(self._url, statement_cache_size=1000)

    @staticmethod
    async def _run(raw: Any, plan: _Plan, state: _State, oids: list[int], uuids: list[str]) -> None:
        for step in plan.steps:
            if step.gives == "write":
                await raw.execute(step.sql, *step.arguments(state, oids, uuids))
            else:
                _take(plan, step.gives, await raw.fetch(step.sql, *step.arguments(state, oids, uuids)), state)

    async def read(self, plan: _Plan, state: _State) -> None:
        raw = await self._held()
        try:
            await self._run(raw, plan, state, [], [])
        finally:
            self._free.put_nowait(raw)

    async def write(self, plan: _Plan, state: _State) -> None:
        raw = await self._held()
        try:
            async with raw.transaction():
                oids = self._numbers.oids(plan.oids)
                if oids is None:
                    block = await raw.fetchval(_BLOCK)
                    await raw.execute(
                        "INSERT INTO object_id_block (block, workspace_oid) VALUES ($1, $2)",
                        FIRST_BLOCK + block,
                        self._numbers.workspace,
                    )
                    self._numbers.begin(block)
                    oids = self._numbers.oids(plan.oids) or []
                await self._run(raw, plan, state, oids, self._numbers.uuids(plan.uuids))
        finally:
            self._free.put_nowait(raw)


# ---------------------------------------------------------------------- the application


class Prototype:
    """The bare ASGI application."""

    def __init__(self) -> None:
        self._database: _Sqlite | _Postgresql | None = None
        self._read: _Plan | None = None
        self._create: _Plan | None = None
        self._update: _Plan | None = None
        self._pages: dict[bytes, _Plan] = {}
        self._bare: dict[str, bytes] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, or the server's start and stop."""
        if scope["type"] == "lifespan":
            await receive()
            await self._start()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        path: str = scope["path"]
        body = b""
        if scope["method"] == "POST":
            while True:
                message = await receive()
                body += message.get("body", b"")
                if not message.get("more_body"):
                    break
        if path.startswith("/bare/"):
            await _send(send, self._bare[path[6:]])
            return
        state = _State()
        key = next((value for name, value in scope["headers"] if name == b"zsessionid"), b"")
        state.key = hmac.digest(_SECRET, key, "sha256")
        try:
            answer = await self._answer(path, scope["query_string"], body, state)
        except PermissionError:
            await _send(send, b"", 401)
            return
        await _send(send, answer)

    async def _answer(self, path: str, query: bytes, body: bytes, state: _State) -> bytes:
        assert self._database is not None
        last = path.rpartition("/")[2]
        if body:
            plan = self._create if last == "create" else self._update
            state.body = _decode(body)["Defect"]
            state.now = to_wire(datetime.now(UTC))
            state.oid = 0 if last == "create" else int(last)
            assert plan is not None
            await self._database.write(plan, state)
            return plan.answer(state)
        if query:
            plan = self._pages[query]
        else:
            plan = self._read
            state.oid = int(last)
        assert plan is not None
        await self._database.read(plan, state)
        return plan.answer(state)

    async def _start(self) -> None:
        settings = Settings()
        facts = read_facts(os.environ["BENCH_FACTS"])
        postgresql = is_postgresql(settings.database)
        async with open_installation(settings) as installation:
            maker = _Maker(installation, facts, postgresql=postgresql)
            with maker.watching():
                self._read, answers = await maker.read()
                self._create = await maker.create(answers)
                self._update = await maker.update(answers)
                for kind in PAGES:
                    for target in page_targets(facts, kind):
                        self._pages[target.partition("?")[2].encode()] = await maker.page(target)
            numbers = _Numbers(facts.workspace)
            self._database = (
                _Postgresql(settings.database, settings.connections, numbers)
                if postgresql
                else _Sqlite(str(settings.sqlite_path()), numbers)
            )
            await self._compare(maker.app, facts)

    async def _compare(self, product: Any, facts: Facts) -> None:
        """Refuse to serve other bytes than the product."""
        for oid in facts.defects[5 :: max(1, len(facts.defects) // 50)]:
            raw = http("GET", read_target(oid))
            self._bare["read"] = await _same(raw, product, self)
        for kind in PAGES:
            for target in page_targets(facts, kind):
                self._bare[kind] = await _same(http("GET", target), product, self)
        for kind, path, sent in (
            ("create", "create", create_body(facts, "1.1", 3)),
            ("update", str(facts.defects[7]), update_body("1.2")),
        ):
            changed = await call(self, http("POST", f"{BASE}/defect/{path}", _encode(sent)))
            (inner,) = json.loads(changed).values()
            made = inner["Object"]
            assert made.pop("_type") == "Defect"
            seen = json.loads(await call(product, http("GET", read_target(made["ObjectID"]))))["Defect"]
            del seen["Errors"], seen["Warnings"]
            assert made == seen, f"{kind}: the prototype left\n{seen}\nand showed\n{made}"
            assert all(
                made[name] == value for name, value in sent["Defect"].items() if name not in {"Project", "Owner"}
            )
            self._bare[kind] = changed


async def _same(raw: bytes, product: Any, prototype: Any) -> bytes:
    wanted, got = await call(product, raw), await call(prototype, raw)
    if wanted != got:
        place = next(n for n, (a, b) in enumerate(zip(wanted, got, strict=False)) if a != b)
        raise AssertionError(
            f"product: {wanted[place - 150 : place + 80]!r}\nprototype: {got[place - 150 : place + 80]!r}"
        )
    return got


async def _send(send: Any, body: bytes, status: int = 200) -> None:
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


prototype = Prototype()
