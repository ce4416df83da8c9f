"""Texts of users: shown without anything that could act, and typed as plain paragraphs where they are no more than that.

A description is HTML, as Rally keeps it. Who types words and blank lines gets paragraphs; who types tags writes HTML.
"""

from __future__ import annotations

import html
import re

import nh3
from markupsafe import Markup, escape

_TAG = re.compile(r"<[a-zA-Z/!]")
_HEADING = re.compile(r"<(/?)h[1-6]>")
_IMAGE = re.compile(r"(?:https?://[^/\s]+)?/slm/attachment/(?P<path>\d{1,18}/[^/\s\"'<>]+)")
_SIMPLE = re.compile(r"</?(?:p|div)>|<br ?/?>")
_PARAGRAPH = re.compile(r"\s*</(?:p|div)>\s*(?:<(?:p|div)>)?\s*|\s*<(?:p|div)>\s*")
_TAGS = nh3.ALLOWED_TAGS - {"map", "area"}


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Keep images of our own attachments only; a page asks nobody else for anything."""
    if tag == "img" and name == "src":
        found = _IMAGE.fullmatch(value.strip())
        return f"/items/attachments/{found['path']}" if found else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    attributes={"a": {"href", "title"}, "img": {"src", "alt", "title"}, "td": {"colspan"}, "th": {"colspan"}},
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer",
)


def rich(text: str | None) -> Markup:
    """Give a text as it is shown: cleaned HTML, or paragraphs where no tag stands in it. Headings come below ours."""
    if not text:
        return Markup("")
    if not _TAG.search(text):
        return Markup(to_markup(html.unescape(text)))  # noqa: S704 - escaped by to_markup
    return Markup(_HEADING.sub(r"<\1h3>", _CLEANER.clean(text)))  # noqa: S704 - cleaned


def to_markup(typed: str) -> str:
    """Give the HTML of what was typed: itself if it has tags, else a paragraph for what stands between blank lines."""
    text = typed.strip()
    if not text or _TAG.search(text):
        return text
    parts = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "".join("<p>" + str(escape(part.strip())).replace("\n", "<br />") + "</p>" for part in parts)


def to_typed(stored: str | None) -> str:
    """Give the text to edit: words and blank lines where the HTML says no more than that, else the HTML."""
    text = (stored or "").strip()
    if _TAG.search(_SIMPLE.sub("", text)):
        return text
    lines = re.sub(r"<br ?/?>\n?", "\n", _PARAGRAPH.sub("\n\n", text))
    plain = html.unescape(re.sub(r"\n{3,}", "\n\n", lines)).strip()
    return text if _TAG.search(plain) else plain


def words(stored: str | None) -> str:
    """Give a text without its markup, blanks as one."""
    return " ".join(html.unescape(nh3.clean(stored or "", tags=set())).split())
