"""The digest that a decision binds to: every byte that the public would see, and where and when. Pure."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import asdict

from clause_library.checks.model import Medium
from ledger.canonical import canonical


def digest(
    text: str,
    channels: list[dict[str, str]],
    window_from: dt.datetime | None,
    window_until: dt.datetime | None,
    media: Sequence[Medium] = (),
) -> str:
    """SHA-256 (hex) over canonical JSON of text, media, channels and window (invariant 2)."""
    post = {
        "text": text,
        "media": [asdict(medium) for medium in media],
        "channels": sorted(channels, key=lambda channel: channel["id"]),
        "window": [stamp(window_from), stamp(window_until)],
    }
    return hashlib.sha256(canonical(post)).hexdigest()


def stamp(at: dt.datetime | None) -> str | None:
    """RFC 3339, UTC, whole seconds; as in every record."""
    return at and at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
