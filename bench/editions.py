"""The two editions that are measured: 500 clauses of phrases alone, and the shipped library."""

from clause_library.checks import CheckedClause, Screener, compile_checks
from clause_library.files import read_library

from .posts import phrases

CLAUSES = 500
JURISDICTION = "us"


def phrase_edition(clauses: int = CLAUSES) -> Screener:
    """Clauses of one check with ten phrases each."""
    said = phrases()[: clauses * 10]
    return compile_checks(
        CheckedClause(f"clause-{number}", 1, [_check(number, said[number::clauses])])
        for number in range(clauses)
    )


def _check(number: int, said: list[str]) -> dict:
    return {
        "name": f"check-{number}",
        "kind": "claims",
        "category": "style",
        "severity": "review",
        "message": "Say it otherwise.",
        "params": {"phrases": said},
    }


def shipped_edition() -> Screener:
    """All clauses that ship."""
    clauses = read_library().clauses.values()
    return compile_checks(
        (CheckedClause(one.name, one.version, one.checks) for one in clauses), JURISDICTION
    )
