"""Runs a clause's examples: each check must notice what it says it notices, and pass what it says it passes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .model import CheckedClause, CheckError, Post
from .screener import Screener, compile_checks

_RIVALS = ("Globex",)


def check_examples(clause: CheckedClause) -> list[str]:
    """What is wrong with a clause's checks and their examples, one sentence each; empty if all is well.

    An example is a text, or a mapping with ``text`` and any of ``author_relation`` and ``channel``.
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
        post, **{key: example[key] for key in ("author_relation", "channel") if key in example}
    )


def _text(example: str | Mapping[str, Any]) -> str:
    return example if isinstance(example, str) else example["text"]
