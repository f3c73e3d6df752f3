"""Score the starter library's checks on labelled posts: precision, recall and F1, and every miss."""

import csv
import io
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clause_library.checks import Post, Screener

from .screen import shipped_screener

COLUMNS = ("expected", "category", "text", "author_relation")


@dataclass(frozen=True)
class Scored:
    """A labelled post and which checks spoke above advice."""

    expected: str
    category: str
    text: str
    checks: tuple[str, ...]

    @property
    def outcome(self) -> str:
        if self.expected == "flag":
            return "hit" if self.checks else "missed"
        return "wrong" if self.checks else "passed"


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", help="tab separated: expected, category, text, author_relation"
        )
        parser.add_argument("--company", action="append", metavar="NAME")
        parser.add_argument("--rival", action="append", metavar="NAME")

    def handle(self, *_: object, **options: Any) -> None:
        company = tuple(options["company"] or ("Acme",))
        rivals = tuple(options["rival"] or ("Globex",))
        scored = [
            score(row, shipped_screener(), company, rivals) for row in rows_of(options["file"])
        ]
        for line in report(scored):
            self.stdout.write(line)


def rows_of(name: str) -> list[dict[str, str]]:
    """The labelled posts of a file. Raises CommandError where it is not one."""
    try:
        source = Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name} cannot be read: {error}.") from error
    rows = list(csv.DictReader(io.StringIO(source), delimiter="\t", quoting=csv.QUOTE_NONE))
    missing = [column for column in COLUMNS if not rows or rows[0].get(column) is None]
    if missing:
        raise CommandError(f"{name} lacks the columns {', '.join(missing)}.")
    return rows


def score(
    row: dict[str, str], screener: Screener, company: tuple[str, ...], rivals: tuple[str, ...]
) -> Scored:
    """Screen one labelled post."""
    post = Post(row["text"], "", row["author_relation"], company, rivals)
    checks = {one.check for one in screener.screen(post).findings if one.severity != "advice"}
    return Scored(row["expected"], row["category"], row["text"], tuple(sorted(checks)))


def report(scored: Iterable[Scored]) -> Iterable[str]:
    """A line for each category, one for all, and the misses."""
    by_category: dict[str, Counter[str]] = defaultdict(Counter)
    misses = []
    for one in scored:
        by_category[one.category][one.outcome] += 1
        by_category["all"][one.outcome] += 1
        if one.outcome in {"missed", "wrong"}:
            misses.append(
                f"{one.outcome}  {one.category}  {', '.join(one.checks) or '-'}  {one.text}"
            )
    yield f"{'category':20} {'posts':>6} {'precision':>10} {'recall':>7} {'F1':>6}"
    everything = by_category.pop("all", Counter())
    for category, counts in [*sorted(by_category.items()), ("all", everything)]:
        yield row_of(category, counts)
    yield from misses


def row_of(category: str, counts: Counter[str]) -> str:
    hit, wrong, missed = counts["hit"], counts["wrong"], counts["missed"]
    figures = (
        _share(hit, hit + wrong),
        _share(hit, hit + missed),
        _share(2 * hit, 2 * hit + wrong + missed),
    )
    return f"{category:20} {counts.total():6} {figures[0]:>10} {figures[1]:>7} {figures[2]:>6}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"
