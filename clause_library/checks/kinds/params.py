"""What a kind of check can be told, each with its name and a sentence for people.

The editor of checks, its error messages and docs/reference/checks.md are made of this.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Shape(Enum):
    """How people write it."""

    PHRASES = "phrases, one a line"
    PATTERNS = "patterns, one a line"
    PAIRS = "patterns, one a line; those joined by && must all stand in one sentence"
    LINES = "one a line"
    OPTIONS = "some of a few"
    EXCUSES = "named excuses"
    TEXT = "a text"
    FIX = "a text, and where it goes"
    YES = "yes or no"
    DATA = "as data (YAML)"


@dataclass(frozen=True)
class Param:
    """``options``: {value: what people call it}, where there are only a few. ``is_rare``: most checks do without."""

    title: str
    says: str
    shape: Shape = Shape.PATTERNS
    options: Mapping[str, str] | None = None
    is_rare: bool = False


PHRASES = Param(
    "Phrases",
    "Words as people type them. They are found in any case, with other accents or spaces, in #HashTags. "
    "End one with * for any ending.",
    Shape.PHRASES,
)
EXCUSES = Param("What excuses it", "Where one of these holds, nothing is noticed.", Shape.EXCUSES)
UNLESS = Param("Not where the sentence also has", "One of these in the same sentence excuses it.")
SHARED: Mapping[str, Param] = {
    "relation": Param(
        "Whose posts",
        "By whom the post is written; without it, by staff and partners.",
        Shape.OPTIONS,
        {
            "employee": "people who work here",
            "partner": "partners and agencies",
            "none": "people with no tie to us",
        },
    ),
    "pierces": Param(
        "Also in protected speech",
        "Look in talk about pay, hours, safety, unions and wrongdoing too. Only for threats and leaks.",
        Shape.YES,
    ),
    "words": Param(
        "Own word lists", "Lists that its patterns name as {name}: {name: [words]}.", Shape.DATA
    ),
}
