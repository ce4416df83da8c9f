"""Lists of network addresses: the subscription's IP filter, and a key's own list (access.md 1.13)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address


def is_listed(address: str | None, listed: Iterable[str]) -> bool:
    """Whether the address is in the list of single ones, CIDR blocks and ranges `first-last`, version 4 or 6.

    An address that is unknown or unreadable is in no list; an entry that is unreadable lists nothing.
    """
    found = _read(address or "")
    if found is None:
        return False
    ranges = (_range(entry) for entry in listed)
    return any(
        first.version == found.version and int(first) <= int(found) <= int(last) for first, last in filter(None, ranges)
    )


def is_list_entry(entry: str) -> bool:
    """Whether the text is an entry that `is_listed` can read."""
    return _range(entry) is not None


@lru_cache(maxsize=1024)
def _range(entry: str) -> tuple[Address, Address] | None:
    first, dash, last = (part.strip() for part in entry.partition("-"))
    try:
        if not dash:
            network = ip_network(first, strict=False)
            return network[0], network[-1]
        ends = ip_address(first), ip_address(last)
    except ValueError:
        return None
    return ends if ends[0].version == ends[1].version else None


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # A version 6 socket shows version 4 peers in this form; lists name them as version 4.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
