"""How much two short texts have in common: the share of three-letter runs that they share. Pure."""

import re

RUN = 3
_WORDS = re.compile(r"\w+")


def shape_of(text: str) -> frozenset[str]:
    """The runs of three letters in its words, each word with its ends marked; case and signs count for nothing."""
    words = " ".join(_WORDS.findall(text.casefold()))
    padded = f" {words} "
    return (
        frozenset(padded[at : at + RUN] for at in range(len(padded) - RUN + 1))
        if words
        else frozenset()
    )


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 (nothing) to 1 (the same runs); Jaccard's index."""
    together = len(one | other)
    return len(one & other) / together if together else 0.0
