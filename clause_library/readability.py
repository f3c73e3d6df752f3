"""How hard a text is to read: the Flesch-Kincaid grade, with real syllables and without a network. Pure.

English only. Syllables come from the CMU Pronouncing Dictionary: a count of vowel groups, and a file of
the words for which that count is wrong (`data/syllables.txt`).
"""

import re
from functools import cache
from pathlib import Path

SYLLABLES = Path(__file__).resolve().parent / "data" / "syllables.txt"
LONGEST_SENTENCE = 25  # words, as GOV.UK advises
TAGS = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
BLANKS = re.compile(r"\{\{.*?\}\}", re.DOTALL)
HTML = re.compile(r"</?[a-zA-Z][^<>]*>")
LINKS = re.compile(r"\[([^\]]*)\]\([^)]*\)|<(?:https?|mailto):[^>]*>")
SIGNS = re.compile(r"[*_`]+|\\(?=[^\w\s])|^[ \t]*(?:#+|>)[ \t]*", re.MULTILINE)
# A blank line, a list item or a heading ends a sentence, whatever its last sign.
BLOCKS = re.compile(r"\n\s*\n|\n(?=[ \t]*(?:[-+*]|\d+[.)])[ \t])|\n(?=[ \t]*#)")
ITEM = re.compile(r"^[ \t]*(?:[-+*]|\d+[.)])[ \t]+")
# Dots that end no sentence.
SHORTENED = re.compile(
    r"\b(?:[Ee]\.g|[Ii]\.e|Mr|Mrs|Ms|Dr|vs)\.|\b(?:etc|Inc|Ltd|Co|No|U\.S|U\.K)\.(?=\s+[a-z0-9])"
)
END = re.compile(r"(?<=[.!?])[\"'\u201d\u2019)\]]*\s+")
WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W\d_]+)*")


def grade(text: str) -> float:
    """School years that a reader needs, to one decimal; 0.0 for a text without words."""
    found = sentences(text)
    words = [word for sentence in found for word in WORD.findall(sentence)]
    if not words:
        return 0.0
    spoken = sum(map(syllables, words))
    return round(0.39 * len(words) / len(found) + 11.8 * spoken / len(words) - 15.59, 1)


def long_sentences(text: str, *, longest: int = LONGEST_SENTENCE) -> list[str]:
    """The sentences with more words than that, as they stand without markup."""
    return [found for found in sentences(text) if len(WORD.findall(found)) > longest]


def sentences(text: str) -> list[str]:
    """Plain sentences of Markdown or a template; each list item is at least one."""
    found = []
    for block in BLOCKS.split(_templates_filled(text)):
        plain = _plain(ITEM.sub("", block.strip("\n")))
        whole = SHORTENED.sub(lambda short: short[0].replace(".", ""), plain)
        found += [part.strip() for part in END.split(whole) if WORD.search(part)]
    return found


def syllables(word: str) -> int:
    """As spoken in American English; a number or sign counts as one."""
    word = word.lower().replace("\u2019", "'")
    known = _exceptions().get(word)
    if known is None and word.endswith("'s"):
        return syllables(word[:-2])
    return known or estimate(word)


def estimate(word: str) -> int:
    """Vowel groups, less a silent e. `data/syllables.txt` lists where this differs from speech."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouyszxcgh]es$|[aeiouy]le$", word)
    return max(1, groups - bool(silent))


def _templates_filled(text: str) -> str:
    """Tags go; a blank reads as a two-syllable name."""
    return BLANKS.sub("Acme", TAGS.sub("", text))


def _plain(markdown: str) -> str:
    return " ".join(SIGNS.sub("", LINKS.sub(r"\1", HTML.sub(" ", markdown))).split())


@cache
def _exceptions() -> dict[str, int]:
    """A line for each count: the count, then its words."""
    lines = (line.split() for line in SYLLABLES.read_text("utf-8").splitlines())
    return {word: int(count) for count, *words in lines for word in words}
