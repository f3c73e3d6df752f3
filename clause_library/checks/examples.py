"""Runs a clause's examples: each check must notice what it says it notices, and pass what it says it passes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .model import CheckedClause, CheckError, Medium, Post, QuietPeriod
from .screener import Screener, compile_checks

_RIVALS = ("Globex",)


def check_examples(clause: CheckedClause) -> list[str]:
    """What is wrong with a clause's checks and their examples, one sentence each; empty if all is well.

    An example is a text, or a mapping with ``text`` and any of ``author_relation``, ``channel``, ``own_hosts``,
    ``listed`` ({list: names}), ``quiet`` (a list of {names, topics, is_own}) and ``media`` (a list of {alt_text,
    licence, minors}).
    """
    try:
        screener = compile_checks([clause])
    except CheckError as error:
        return [str(error)]
    return [problem for check in clause.checks for problem in _problems(check, clause, screener)]


def _problems(check: Mapping[str, Any], clause: CheckedClause, screener: Screener) -> Iterator[str]:
    examples = check.get("examples") or {}
    where = f"Clause {clause.clause}, check {check['name']}:"
    for kind in ("match", "pass"):
        if not examples.get(kind):
            yield f"{where} give at least one example that must {kind}."
        for example in examples.get(kind) or ():
            noticed = any(
                one.check == check["name"] for one in screener.screen(_post(example)).findings
            )
            if noticed != (kind == "match"):
                yield f"{where} the example {_text(example)!r} must {kind}, and does not."


def _post(example: str | Mapping[str, Any]) -> Post:
    post = Post(text=_text(example), rivals=_RIVALS)
    if isinstance(example, str):
        return post
    return replace(
        post, **{key: read(example[key]) for key, read in _SAID.items() if key in example}
    )


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
    return example if isinstance(example, str) else example["text"]
