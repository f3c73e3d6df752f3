"""What people write is hostile until it is bounded: refused at once, and without eating memory."""

import resource

import pytest

from clause_library.checks import CheckedClause, CheckError, compile_checks, refuse_excess
from clause_library.checks.bounds import LONGEST_LINE, MOST_CHECKS, MOST_EXAMPLES, MOST_LINES
from tests.clause_library.frogs import FROGS


def compiled(**params):
    return compile_checks([CheckedClause("ponds", 3, [FROGS | {"params": params}])])


LAUGHS = {
    name: [f"{{{inner}}}{{{inner}}}"] * 60 for name, inner in zip("abcde", "bcdef", strict=True)
}


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"find": ["(a{1000}){1000}"]}, r"the pattern '\(a\{1000\}\)\{1000\}' cannot run"),
        ({"find": ["((a{100}){100}){100}"]}, "cannot run"),
        ({"find": [r"(\pL{0,900})"]}, "cannot run|too heavy"),
        ({"find": ["a?" * 400 + "a{1000}" * 20 + "[^a]{1000}" * 8]}, "cannot run|too heavy"),
        ({"find": ["{a}"], "words": {"a": ["{a}"]}}, "in a circle"),
        ({"find": ["{a}"], "words": LAUGHS | {"f": ["ha" * 50]}}, "becomes too long"),
        ({"find": ["{a}" * 300], "words": {"a": ["b" * 900]}}, "becomes too long"),
    ],
)
def test_a_pathological_pattern_is_refused_at_once_and_without_memory(params, says):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CheckError, match=f"Clause ponds, check no-frogs: .*{says}"):
        compiled(**params)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # KB


def test_many_heavy_patterns_are_refused_together():
    heavy = [f"{letter}[^a]{{9{number:02}}}" for letter in "bcdefg" for number in range(100)]
    with pytest.raises(CheckError, match="all patterns together are too heavy"):
        compiled(find=heavy)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "x" * 81}, "the name has more than 80 characters"),
        ({"message": "x" * 301}, "the message has more than 300 characters"),
        ({"params": {"phrases": ["x"] * (MOST_LINES + 1)}}, "1001 lines"),
        ({"params": {"accepted": {"en": ["x" * (LONGEST_LINE + 1)]}}}, "more than 1000 characters"),
        ({"examples": {"match": ["x"] * (MOST_EXAMPLES + 1)}}, "51 examples"),
        ({"examples": {"pass": [{"text": "x" * 5001}]}}, "more than 5000 characters"),
        ({"params": {"phrases": ["x" * 900] * 70}}, "more than 60000 characters"),
        ({"params": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}}}, "deeper than 8"),
    ],
)
def test_a_check_that_is_too_large_is_refused_in_words(changes, says):
    with pytest.raises(CheckError, match=says):
        refuse_excess([FROGS | changes])


def test_a_clause_has_only_so_many_checks():
    refuse_excess([FROGS] * MOST_CHECKS)
    with pytest.raises(CheckError, match="at most 40 checks"):
        refuse_excess([FROGS] * (MOST_CHECKS + 1))
    with pytest.raises(CheckError, match="together have at most"):
        refuse_excess([FROGS | {"params": {"phrases": ["x" * 900] * 60}}] * 3)
