"""Checks: what an edition's clauses look for in a post. Pure: no database, no Django.

``compile_checks(clauses)`` gives a ``Screener``; ``screener.screen(post)`` gives a ``Screening``.
"""

from .bounds import refuse_excess
from .examples import Tried, check_examples, edition_problems, screener_of, tried_examples
from .model import (
    CheckedClause,
    CheckError,
    Finding,
    Medium,
    Post,
    QuietPeriod,
    Screening,
    TextTooLongError,
)
from .screener import Screener, compile_checks, fixed_text

__all__ = [
    "CheckError",
    "CheckedClause",
    "Finding",
    "Medium",
    "Post",
    "QuietPeriod",
    "Screener",
    "Screening",
    "TextTooLongError",
    "Tried",
    "check_examples",
    "compile_checks",
    "edition_problems",
    "fixed_text",
    "refuse_excess",
    "screener_of",
    "tried_examples",
]
