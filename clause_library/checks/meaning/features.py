"""What the model reads of a sentence: its words, its pairs of neighbours, and what words begin with."""

import re
from itertools import pairwise

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]|_")
_DIGITS = re.compile(r"\d+")
_STEM = 5  # letters by which forms of one word are taken for one


def features_of(sentence: str) -> frozenset[str]:
    """The features of a sentence of ``View.words``: any number reads 0, ``^`` and ``$`` are its ends."""
    tokens = _TOKEN.findall(_DIGITS.sub("0", sentence))
    pairs = (f"{one} {other}" for one, other in pairwise(["^", *tokens, "$"]))
    stems = (f"{token[:_STEM]}*" for token in tokens if len(token) >= _STEM)
    return frozenset((*tokens, *pairs, *stems))
