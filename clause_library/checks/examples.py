"""Runs the examples of checks: each must notice what it says it notices, and pass what it says it passes. Pure.

What was run once is kept for the process by the checks' digest, so that a page costs nothing the second time.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from .model import CheckedClause, CheckError, Finding, Medium, Post, QuietPeriod
from .screener import Screener, compile_checks, holds_in

_RIVALS = ("Globex",)
CLAUSES_IN_MEMORY = 128  # results: a few kilobytes each
SCREENERS_IN_MEMORY = 4  # compiled: a few megabytes each
EDITIONS_IN_MEMORY = 4
SHOWN = 80  # characters of an example in a sentence about it


@dataclass(frozen=True)
class Tried:
    """One example of a check, and what came of it."""

    check: str
    must: str  # match or pass
    post: Post
    findings: tuple[Finding, ...]  # of this check

    @property
    def is_right(self) -> bool:
        return bool(self.findings) == (self.must == "match")

    @property
    def says(self) -> str:
        """What is wrong, for whoever wrote it."""
        if self.must == "match":
            return f"check {self.check}: the example “{_short(self.post.text)}” must match, and does not."
        return (
            f"check {self.check}: the example “{_short(self.post.text)}” must pass, "
            f"and “{_short(self.caught) or 'what is missing'}” in it is noticed."
        )

    @property
    def caught(self) -> str:
        one = self.findings[0]
        return self.post.text[one.start : one.end]


def check_examples(clause: CheckedClause) -> list[str]:
    """What is wrong with a clause's checks and their examples, one sentence each; empty if all is well.

    An example is a text, or a mapping with ``text`` and any of ``author_relation``, ``channel``, ``own_hosts``,
    ``listed`` ({list: names}), ``quiet`` (a list of {names, topics, is_own}) and ``media`` (a list of {alt_text,
    licence, minors}).
    """
    try:
        tried = tried_examples(clause)
    except CheckError as error:
        return [str(error)]
    return _problems(clause, clause.checks, tried)


def tried_examples(clause: CheckedClause) -> tuple[Tried, ...]:
    """Every example of a clause's checks with what came of it. Raises CheckError where a check cannot run."""
    return _tried(clause.clause, clause.version, _key(clause.checks))


def screener_of(clause: CheckedClause) -> Screener:
    """A clause's checks, compiled, without any other's. Raises CheckError where one cannot run."""
    return _compiled(clause.clause, clause.version, _key(clause.checks))


def edition_problems(
    clauses: Iterable[CheckedClause], jurisdiction: str | None = None
) -> tuple[str, ...]:
    """What stands against issuing these clauses together: checks of one name, checks that cannot run, examples
    that come out wrong. A second or two for 80 clauses, so it is for the moment of issuing and kept.
    """
    key = tuple((one.clause, one.version, _key(one.checks)) for one in clauses if one.checks)
    return _edition_problems(key, jurisdiction)


@lru_cache(maxsize=EDITIONS_IN_MEMORY)
def _edition_problems(
    key: tuple[tuple[str, int, str], ...], jurisdiction: str | None
) -> tuple[str, ...]:
    clauses = [CheckedClause(name, version, json.loads(checks)) for name, version, checks in key]
    try:
        screener = compile_checks(clauses, jurisdiction)
    except CheckError as error:
        return (str(error),)
    found: list[str] = []
    for clause in clauses:
        checks = [check for check in clause.checks if holds_in(jurisdiction, check)]
        found += _problems(clause, checks, _run(clause, checks, screener.only(clause.clause)))
    return tuple(found)


def forget() -> None:
    """Run everything again when it is next asked for."""
    for kept in (_edition_problems, _compiled, _tried):
        kept.cache_clear()


def _key(checks: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(list(checks), ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=SCREENERS_IN_MEMORY)
def _compiled(name: str, version: int, checks: str) -> Screener:
    return compile_checks([CheckedClause(name, version, json.loads(checks))])


@lru_cache(maxsize=CLAUSES_IN_MEMORY)
def _tried(name: str, version: int, checks: str) -> tuple[Tried, ...]:
    clause = CheckedClause(name, version, json.loads(checks))
    return tuple(_run(clause, clause.checks, _compiled(name, version, checks)))


def _run(
    clause: CheckedClause, checks: Iterable[Mapping[str, Any]], screener: Screener
) -> list[Tried]:
    return [one for check in checks for one in _run_one(clause, check, screener)]


def _run_one(
    clause: CheckedClause, check: Mapping[str, Any], screener: Screener
) -> Iterator[Tried]:
    for must, example in _examples(check):
        try:
            post = _post(example)
            seen = screener.screen(post).findings
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise CheckError(
                f"Clause {clause.clause}, check {check['name']}: the example {example!r:.120} cannot be read. "
                "Write a text, or a mapping with text, author_relation, channel, own_hosts, listed, quiet, media."
            ) from error
        noticed = tuple(one for one in seen if one.check == check["name"])
        yield Tried(check["name"], must, post, noticed)


def _examples(check: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    examples = check.get("examples") or {}
    if not isinstance(examples, Mapping):
        raise CheckError(f"Check {check['name']}: examples has two lists, match and pass.")
    for must in ("match", "pass"):
        for example in examples.get(must) or ():
            yield must, example


def _problems(
    clause: CheckedClause, checks: Iterable[Mapping[str, Any]], tried: Iterable[Tried]
) -> list[str]:
    found = []
    by_check: dict[str, list[Tried]] = {}
    for one in tried:
        by_check.setdefault(one.check, []).append(one)
    for check in checks:
        there = by_check.get(check["name"], [])
        found += [
            f"check {check['name']}: give at least one example that must {must}."
            for must in ("match", "pass")
            if not any(one.must == must for one in there)
        ]
        found += [one.says for one in there if not one.is_right]
    return [f"Clause {clause.clause}, {says}" for says in found]


def _post(example: str | Mapping[str, Any]) -> Post:
    post = Post(text=_text(example), rivals=_RIVALS)
    if isinstance(example, str):
        return post
    said = {key: read(example[key]) for key, read in _SAID.items() if key in example}
    return replace(post, **said)


def _quiet(periods: Sequence[Mapping[str, Any]]) -> tuple[QuietPeriod, ...]:
    return tuple(
        QuietPeriod(
            tuple(one.get("names", ())), tuple(one.get("topics", ())), one.get("is_own", False)
        )
        for one in periods
    )


_SAID: dict[str, Callable[[Any], Any]] = {
    "author_relation": str,
    "channel": str,
    "own_hosts": tuple,
    "listed": lambda lists: {name: tuple(names) for name, names in lists.items()},
    "quiet": _quiet,
    "media": lambda media: tuple(Medium(**one) for one in media),
}


def _text(example: str | Mapping[str, Any]) -> str:
    text = example if isinstance(example, str) else example["text"]
    if not isinstance(text, str):
        raise TypeError("an example's text is a text")
    return text


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
