"""Rows as a table in Markdown, which README.md takes over as it is."""

from collections.abc import Iterable

from .timing import Row

_TOLD = {True: "yes", False: "**no**", None: ""}


def as_table(rows: Iterable[Row]) -> str:
    lines = ["| Part | What | Came out | Should be | Is it? |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row.part} | {row.what} | {row.came_out} | {row.bar} | {_TOLD[row.holds]} |"
        for row in rows
    ]
    return "\n".join(lines)
