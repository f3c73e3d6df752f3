"""What a post says beside its own text: alt texts, and the words in its PDFs. Pure.

``where`` names such a text: ``alt-2`` is the alt text of the second medium, ``words-1`` what the first one says itself.
Each is screened by itself, for what is wrong wherever it stands; what a post as a whole has to say (who pays, who
speaks, on which terms) is asked of its own text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from clause_library.checks import Finding, Post, Screener
from clause_library.checks.model import LONGEST_TEXT, Medium

OF_THE_WHOLE = frozenset({"disclosure", "promotion_terms", "spokesperson", "style"})  # categories
IN_WORDS = {"alt": "the alt text of picture or video {}", "words": "file {} itself"}


def texts_beside(media: Sequence[Medium]) -> dict[str, str]:
    """Each text that is not empty, by where it stands."""
    texts = {}
    for number, medium in enumerate(media, start=1):
        texts[f"alt-{number}"] = medium.alt_text
        texts[f"words-{number}"] = medium.words[:LONGEST_TEXT]
    return {where: text for where, text in texts.items() if text.strip()}


def texts_of(text: str, media: Sequence[Medium]) -> dict[str, str]:
    """All that a post says: its own text under the empty name, and what stands beside it."""
    return {"": text} | texts_beside(media)


def found_beside(screener: Screener, post: Post, networks: Iterable[str]) -> list[Finding]:
    """What the checks notice in these texts, the same words once in each: a footer stands on every page of a PDF.

    A fix is not offered: the press that applies one knows the post's text alone.
    """
    channels, found = list(networks), {}
    for where, text in texts_beside(post.media).items():
        seen = screener.screen_everywhere(replace(post, text=text, media=()), channels)
        for one in seen.findings:
            if one.start < one.end and one.category not in OF_THE_WHOLE:
                key = where, one.check, text[one.start : one.end]
                found.setdefault(key, replace(one, where=where, fix=None))
    return list(found.values())


def quoted(finding: Mapping, texts: Mapping[str, str]) -> str:
    """The words that a finding is about."""
    return texts[finding.get("where", "")][finding["start"] : finding["end"]]


def in_words(where: str) -> str:
    """ "the alt text of picture or video 2" and the like; empty for the post's own text."""
    kind, _, number = where.partition("-")
    return IN_WORDS[kind].format(number) if where else ""
