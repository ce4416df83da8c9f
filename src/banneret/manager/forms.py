"""What was typed into a form, and what is wrong with it, field by field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from banneret.kernel.errors import RequestTooLarge
from banneret.manager.messages import message_of

if TYPE_CHECKING:
    from starlette.types import Message

    from banneret.kernel.errors import BanneretError

_MOST_FIELDS = 10_000
"""One field a ticked box: a key may be limited to many projects."""
_MOST_WITH_FILE = 20


@dataclass(slots=True)
class Form:
    """The fields of a form as they were typed, by name; several of one name are in `lists`.

    `files` are those that came along, by the field's name. `errors` holds what is wrong with a field, by name; `problem` what is
    wrong with the whole.
    """

    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    files: dict[str, UploadFile] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """Give a field's text; what was not sent is empty."""
        return self.values.get(name, "")

    def checked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.values.get(name))

    @property
    def has_errors(self) -> bool:
        """Whether something is wrong."""
        return bool(self.errors or self.problem)

    def refuse(self, error: BanneretError) -> None:
        """Put what an operation refused beside the field that it is about."""
        name, text = message_of(error)
        if name:
            self.errors[name] = text
        else:
            self.problem = text


def read_form(body: bytes) -> Form:
    """Read what a browser sends of a form without files.

    Raises:
        RequestTooLarge: it has more fields than any form of ours.

    """
    form = Form()
    text = body.decode("latin-1")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise RequestTooLarge(_MOST_FIELDS) from None
    for name, value in pairs:
        # Browsers send line ends as CR LF, and no database takes a NUL.
        text = value.replace("\r\n", "\n").replace("\x00", "")
        form.values[name] = text
        form.lists.setdefault(name, []).append(text)
    return form


async def read_form_with_file(request: Request, largest: int) -> Form:
    """Read what a browser sends of a form with a file, which waits on disk when it is large; `largest` bytes at most.

    Raises:
        RequestTooLarge: there is more.

    """
    size = 0

    async def bounded() -> Message:
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > largest:
            raise RequestTooLarge(largest)
        return message

    form = Form()
    parsed = await Request(request.scope, bounded).form(max_files=1, max_fields=_MOST_WITH_FILE)
    for name, value in parsed.multi_items():
        if isinstance(value, UploadFile):
            form.files[name] = value
        else:
            form.values[name] = value.replace("\x00", "")
    return form
