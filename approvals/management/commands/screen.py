"""Screen posts by the starter library's checks: JSON lines in, one answer a line out. Needs no database and no key."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals import lanes
from clause_library.checks import (
    CheckedClause,
    CheckError,
    Post,
    Screener,
    Screening,
    TextTooLongError,
    compile_checks,
)
from clause_library.errors import LibraryError
from clause_library.files import read_library

RELATIONS = ("employee", "partner", "none")
JURISDICTION = (
    "us"  # of two clauses that say the same for two countries, the library is read with this one
)
TEXTS = ("text", "channel", "author_relation")


class BadLineError(ValueError):
    """A line that is no post. ``about`` is its id, where it has one."""

    def __init__(self, about: Any, says: str) -> None:
        super().__init__(says)
        self.about = about


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="JSON lines; - is standard input")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument(
            "--company", action="append", metavar="NAME", help="a company, brand or product of ours"
        )
        parser.add_argument(
            "--rival", action="append", metavar="NAME", help="a rival or its product"
        )

    def handle(self, *_: object, **options: Any) -> None:
        company = tuple(options["company"] or ("Acme",))
        rivals = tuple(options["rival"] or ())
        lines = lines_of(options["file"])
        screener = shipped_screener()
        write = as_json if options["json"] else as_words
        for line in lines:
            if line.strip():
                self._answer(write(*answer(line, screener, company, rivals)))

    def _answer(self, line: str) -> None:
        raw = getattr(self.stdout, "buffer", None)
        if raw is None:
            self.stdout.write(line)
        else:
            raw.write(line.encode("utf-8", "backslashreplace") + b"\n")


def lines_of(name: str) -> Iterable[bytes]:
    """The lines of a file or of standard input. Raises CommandError where it cannot be read."""
    if name == "-":
        return sys.stdin.buffer
    try:
        return Path(name).read_bytes().splitlines()
    except OSError as error:
        raise CommandError(
            f"{name} cannot be read: {error.strerror}. Name a file of JSON lines."
        ) from error


@cache
def shipped_screener() -> Screener:
    """The starter library's checks, compiled once for this process."""
    try:
        clauses = read_library().clauses.values()
        return compile_checks(
            (CheckedClause(one.name, one.version, one.checks) for one in clauses), JURISDICTION
        )
    except (LibraryError, CheckError) as error:
        raise CommandError(f"The library cannot be used:\n{error}") from error


def answer(
    line: bytes, screener: Screener, company: tuple[str, ...], rivals: tuple[str, ...]
) -> tuple[dict, str]:
    """What stands in a line's place, and its text. A bad line gets an error."""
    try:
        said = post_data(line)
        screening = screener.screen(
            Post(said["text"], said["channel"], said["author_relation"], company, rivals)
        )
    except BadLineError as error:
        return {"id": error.about, "error": str(error)}, ""
    except TextTooLongError as error:
        return {"id": said["id"], "error": str(error)}, ""
    return answered(said["id"], said["text"], screening), said["text"]


def post_data(line: bytes) -> dict[str, Any]:
    """The post of a line. Raises BadLineError."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLineError(None, f"This is not a line of JSON: {error}.") from error
    if not isinstance(data, dict):
        raise BadLineError(
            None, "A line holds one object with id, text, channel and author_relation."
        )
    about = data.get("id")
    post = {"channel": "", "author_relation": "employee"} | {
        key: data[key] for key in TEXTS if key in data
    }
    for key in TEXTS:
        if not isinstance(post.get(key), str):
            raise BadLineError(about, f"{key} must be a text.")
    if post["author_relation"] not in RELATIONS:
        raise BadLineError(about, f"author_relation is one of {', '.join(RELATIONS)}.")
    return {"id": about, **post}


def answered(about: Any, text: str, screening: Screening) -> dict[str, Any]:
    findings = [asdict(finding) for finding in screening.findings]
    for finding in findings:
        del finding["where"]  # there is no other text here
    return {"id": about, "lane": lanes.lane_of(text, screening), "findings": findings}


def as_json(said: dict[str, Any], _: str) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def as_words(said: dict[str, Any], text: str) -> str:
    """For people: the lane, and a line for each finding."""
    if "error" in said:
        return f"{said['id']}: {said['error']}"
    return "\n".join([f"{said['id']}: {said['lane']}", *_finding_lines(said["findings"], text)])


def _finding_lines(findings: list[dict], text: str) -> Iterator[str]:
    for one in findings:
        quote = " ".join(text[one["start"] : one["end"]].split()) or "(missing here)"
        yield f"  {one['severity']}  {one['clause']}  “{quote}”  {one['message']}"
        if one["fix"] is not None:
            yield f"      fix: “{one['fix']}”"
