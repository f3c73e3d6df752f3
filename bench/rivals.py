"""What one would use instead, on the same phrases: a loop over ``re``, one long ``re``, and proselint."""

import re
from collections.abc import Callable, Iterator

from proselint.registry.checks import BATCH_COUNT, Check
from proselint.registry.checks.types import Existence

Find = Callable[[str], set[str]]


def re_loop(phrases: list[str]) -> Find:
    """One pattern a phrase, each tried on the post."""
    patterns = [re.compile(rf"\b{re.escape(one)}\b", re.IGNORECASE) for one in phrases]
    return lambda text: {
        match.group().lower() for pattern in patterns for match in pattern.finditer(text)
    }


def one_re(phrases: list[str]) -> Find:
    """All phrases in one pattern."""
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b", re.IGNORECASE)
    return lambda text: {match.group().lower() for match in pattern.finditer(text)}


def proselint(phrases: list[str], together: int) -> Find:
    """proselint's existence checks, so many phrases in one: ten, as our clauses have, or its own batch."""
    checks = [
        Check(check_type=Existence(items=said), path=f"bench.{number}", message="{}")
        for number, said in enumerate(_batches(phrases, together))
    ]
    return lambda text: {
        text[result.span[0] : result.span[1]].lower()
        for check in checks
        for result in check.check_with_flags(text)
    }


def _batches(phrases: list[str], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(phrases), size):
        yield tuple(phrases[start : start + size])


RIVALS: dict[str, Callable[[list[str]], Find]] = {
    "re, a pattern a phrase": re_loop,
    "re, one pattern of all": one_re,
    "proselint, 10 phrases a check": lambda phrases: proselint(phrases, 10),
    f"proselint, {BATCH_COUNT} phrases a check": lambda phrases: proselint(phrases, BATCH_COUNT),
}
