"""What changed between two Markdown files, as runs of JSON in order: an array, one run a line. Needs no database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clause_library.moves import redline_with_moves
from clause_library.redline import Run

LONGEST = 5_000_000  # bytes of a file


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", metavar="OLD", type=Path)
        parser.add_argument("new", metavar="NEW", type=Path)

    def handle(self, *_: object, **options: Any) -> None:
        runs = redline_with_moves(_text_of(options["old"]), _text_of(options["new"]))
        self.stdout.write("[" + ",\n ".join(map(_as_json, runs)) + "]")


def _text_of(path: Path) -> str:
    """To the character, line ends too. Raises CommandError."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}. Name a file.") from error
    if len(content) > LONGEST:
        raise CommandError(f"{path} is larger than {LONGEST:,} bytes. Compare its parts.")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8. Save it as UTF-8.") from error


def _as_json(run: Run) -> str:
    return json.dumps({name: said for name, said in run._asdict().items() if said is not None})
