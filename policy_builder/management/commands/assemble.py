"""Put a policy together from files alone: no database, no key, no set-up."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clause_library.errors import LibraryError
from clause_library.files import Playbook, playbook_names, read_library
from clause_library.plain_yaml import LONGEST, PlainYamlError, read_yaml
from documents.editions import edition_html, edition_pdf
from documents.errors import RenderError
from ledger.canonical import canonical
from policy_builder.assembly import AssemblyError, MissingAnswersError, assemble, snapshot

REFUSED = 1


class Command(BaseCommand):
    help = "Write policy.pdf, policy.html and edition.json from a playbook and answers."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("playbook", metavar="PLAYBOOK", type=_known_playbook)
        parser.add_argument(
            "--answers",
            metavar="FILE.yaml",
            help="a mapping of question to answer; “-” is standard input (default: the samples)",
        )
        parser.add_argument("--out", metavar="DIR", required=True, type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            library = read_library()
            playbook = library.playbooks[options["playbook"]]
            answers = _answers(options["answers"], playbook)
            policy = assemble(playbook, library.clauses, library.blanks, answers)
            files = _files(snapshot(policy))
        except MissingAnswersError as error:
            raise CommandError(
                f"Answer these questions first:\n{error}", returncode=REFUSED
            ) from error
        except (LibraryError, AssemblyError, RenderError) as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        for path in _written(options["out"], files):
            self.stdout.write(str(path))


def _known_playbook(name: str) -> str:
    names = playbook_names()
    if name not in names:
        raise argparse.ArgumentTypeError(
            f"there is no playbook “{name}”. Known: {', '.join(names)}"
        )
    return name


def _answers(source: str | None, playbook: Playbook) -> dict[str, Any]:
    if source is None:
        return dict(playbook.sample_answers)
    name = "standard input" if source == "-" else source
    try:
        answers = read_yaml(_read(source).decode("utf-8-sig"))
    except OSError as error:
        raise CommandError(
            f"{name} cannot be read: {error.strerror}.", returncode=REFUSED
        ) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not UTF-8. Save it as UTF-8.", returncode=REFUSED) from error
    except PlainYamlError as error:
        raise CommandError(f"{name}, {error}", returncode=REFUSED) from error
    if not isinstance(answers, dict):
        says = f"{name} must hold answers, each as “name: answer”."
        raise CommandError(says, returncode=REFUSED)
    return answers


def _read(source: str) -> bytes:
    """No more than one byte over the limit, so that a huge file is refused and never held."""
    if source == "-":
        return sys.stdin.buffer.read(LONGEST + 1)
    with Path(source).open("rb") as file:
        return file.read(LONGEST + 1)


def _files(edition: dict[str, Any]) -> dict[str, bytes]:
    return {
        "policy.pdf": edition_pdf(edition),
        "policy.html": edition_html(edition).encode(),
        "edition.json": canonical(edition),
    }


def _written(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Each file whole or not at all: written beside its place, then moved there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            beside = folder / f".{name}.{os.getpid()}"
            try:
                beside.write_bytes(content)
                beside.replace(folder / name)
            finally:
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(
            f"{folder} cannot be written: {error.strerror}.", returncode=REFUSED
        ) from error
    return [folder / name for name in files]
