"""Checks: what an edition's clauses look for in a post. Pure: no database, no Django.

``compile_checks(clauses)`` gives a ``Screener``; ``screener.screen(post)`` gives a ``Screening``.
"""

from .examples import check_examples
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
    "check_examples",
    "compile_checks",
    "fixed_text",
]
