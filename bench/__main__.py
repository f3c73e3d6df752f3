"""Measure, and print a table: ``python -m bench [part ...]``. Without parts it measures all."""

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime

from . import clearing, endpoint, library, linear, memory, numbers, phrases
from .table import as_table
from .timing import machine

PARTS = {
    part.PART: part for part in (phrases, library, memory, linear, clearing, endpoint, numbers)
}


def main(words: list[str]) -> int:
    parser = ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="tiny sizes: shows only that it runs")
    asked = parser.parse_args(words)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    rows = []
    for name in asked.parts or PARTS:
        print(f"Measuring {name} …", file=sys.stderr)
        rows += PARTS[name].measure(quick=asked.quick)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}\n\n{as_table(rows)}")
    return any(row.holds is False for row in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
