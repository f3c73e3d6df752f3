"""Tables as CSV that no spreadsheet takes for formulas (ASVS 1.2.10). Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def as_csv(rows: Iterable[Sequence[object]]) -> str:
    """RFC 4180, each text quoted where it must be; numbers stay numbers, nothing is an empty cell."""
    written = io.StringIO()
    csv.writer(written).writerows([cell(value) for value in row] for row in rows)
    return written.getvalue()


def cell(value: object) -> object:
    """A text that a spreadsheet would calculate is told as text, by the apostrophe that it understands."""
    if not isinstance(value, str):
        return "" if value is None else value
    value = value.replace("\0", "")
    return f"'{value}" if value.lstrip(" \ufeff").startswith(STARTS_A_FORMULA) else value
