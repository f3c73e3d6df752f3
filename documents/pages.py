"""The one way a document's HTML is made: strict, escaped, from plain data and nothing else."""

import json
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .assets import LOOKS
from .coverage import unprintable

MONTHS = (
    "January February March April May June July August September October November December".split()
)


def page(template: str, **data: object) -> str:
    """The HTML of one document; a name that the data lacks is an error."""
    return _environment().get_template(f"documents/{template}").render(**data)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(LOOKS.parent),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "day": day,
        "moment": moment,
        "grouped": grouped,
        "qr": qr,
        "unprintable": unprintable,
    }
    return environment


def canonical(data: object) -> bytes:
    """The one spelling of this data: UTF-8, sorted keys, no spaces."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(data: object) -> str:
    """The SHA-256 of the canonical bytes."""
    return sha256(canonical(data)).hexdigest()


def day(value: str, jurisdiction: str = "") -> str:
    """``2026-12-01`` as 1 December 2026, or as December 1, 2026 where that is the custom."""
    at = date.fromisoformat(value[:10])
    month = MONTHS[at.month - 1]
    if jurisdiction.startswith("us"):
        return f"{month} {at.day}, {at.year}"
    return f"{at.day} {month} {at.year}"


def moment(value: str) -> str:
    """``2026-11-23T02:15:00Z`` as 23 November 2026, 02:15:00 UTC."""
    at = datetime.fromisoformat(value).astimezone(UTC)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M:%S} UTC"


def grouped(number: str) -> str:
    """A record number in fours, to be read aloud."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def qr(address: str) -> str:
    """The address as a QR code, as an image that the page itself carries."""
    return segno.make(address, error="m", micro=False).svg_data_uri(border=0, scale=4)
