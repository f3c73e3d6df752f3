"""How much a clause may look for: what people write is bounded before it is compiled or run. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .model import CheckError

MOST_CHECKS = 40  # of one clause
MOST_LINES = 1000  # of one list: phrases, patterns
LONGEST_LINE = 1000  # characters of one phrase or pattern
MOST_EXAMPLES = 50  # of each sort
LONGEST_EXAMPLE = 5000
LONGEST_NAME = 80
LONGEST_MESSAGE = 300
LARGEST_CHECK = 60_000  # characters, as JSON
LARGEST_CLAUSE = (
    150_000  # all checks of a clause, so that one edition of 500 clauses stays in memory
)
DEEPEST = 8


def refuse_excess(checks: Sequence[Any]) -> None:
    """Raises CheckError for the first thing that is too many, too long or too deep."""
    if len(checks) > MOST_CHECKS:
        raise CheckError(f"A clause has at most {MOST_CHECKS} checks, not {len(checks)}.")
    for check in checks:
        _refuse_excess_of(check)
    if sum(map(_size, checks)) > LARGEST_CLAUSE:
        raise CheckError(
            f"All checks of a clause together have at most {LARGEST_CLAUSE} characters. Shorten them."
        )


def _refuse_excess_of(check: Any) -> None:
    name = check.get("name") if isinstance(check, Mapping) else None
    where = f"Check {str(name)[:LONGEST_NAME]}:"
    for says in _excesses(check if isinstance(check, Mapping) else {}):
        raise CheckError(f"{where} {says}")
    if _depth(check) > DEEPEST:
        raise CheckError(f"{where} its data is nested deeper than {DEEPEST} levels. Flatten it.")
    if _size(check) > LARGEST_CHECK:
        raise CheckError(f"{where} it has more than {LARGEST_CHECK} characters. Split it in two.")


def _excesses(check: Mapping[str, Any]) -> Iterator[str]:
    for key, longest in (("name", LONGEST_NAME), ("message", LONGEST_MESSAGE)):
        if len(str(check.get(key, ""))) > longest:
            yield f"the {key} has more than {longest} characters. Shorten it."
    for line in _lists(check.get("params")):
        if len(line) > MOST_LINES:
            yield f"a list has {len(line)} lines; at most {MOST_LINES} are allowed. Split the check."
        for one in line:
            if isinstance(one, str) and len(one) > LONGEST_LINE:
                yield f"“{one[:40]}…” has more than {LONGEST_LINE} characters. Shorten it."
    examples = check.get("examples")
    for listed in examples.values() if isinstance(examples, Mapping) else ():
        yield from _excessive_examples(listed if isinstance(listed, list | tuple) else [listed])


def _excessive_examples(examples: Sequence[Any]) -> Iterator[str]:
    if len(examples) > MOST_EXAMPLES:
        yield f"it has {len(examples)} examples of one sort; at most {MOST_EXAMPLES} are allowed."
    for one in examples:
        text = one.get("text", "") if isinstance(one, Mapping) else one
        if len(str(text)) > LONGEST_EXAMPLE:
            yield f"the example “{str(text)[:40]}…” has more than {LONGEST_EXAMPLE} characters."


def _lists(value: Any) -> Iterator[Sequence[Any]]:
    """Every list that stands anywhere in the params."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _lists(one)
    elif isinstance(value, list | tuple):
        yield value
        for one in value:
            yield from _lists(one)


def _depth(value: Any, sofar: int = 0) -> int:
    if sofar > DEEPEST:
        return sofar
    inside: Iterable[Any] = ()
    if isinstance(value, Mapping):
        inside = value.values()
    elif isinstance(value, list | tuple):
        inside = value
    return max((_depth(one, sofar + 1) for one in inside), default=sofar)


def _size(check: Any) -> int:
    return len(json.dumps(check, ensure_ascii=False, default=str))
