"""What makes two findings the same, and which of them may be settled for everybody. Pure.

A reviewer who overrules a finding settles it for the same *phrase* in the same *context*: it counts as advice there
until somebody lifts the settlement or the clause gets a new version.

phrase    what was found, folded as the checks fold it, with the clause and the check; a few words say too little
          by themselves, so their whole sentence is the phrase; where something is missing, the whole text is
context   the author's unit, the author's relation, and the kind of the channels: whether one of them speaks in the
          company's name, whether what goes out there is static

Never settled: what blocks, personal data, keys and passwords; health, where a hint is enough to name a patient; and
what depends on the day (inside information, listed names, quiet periods): fine today is not fine in the next quarter;
and pictures, since others may come with the same words.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from clause_library.checks.view import plain
from ledger.canonical import canonical

FEWEST_WORDS = 6
CAN_BE_SETTLED = frozenset({"fix", "review"})  # severities
FIRM_CATEGORIES = frozenset({"personal_data", "health", "material_nonpublic"})
FIRM_KINDS = frozenset(
    {
        "personal_data",
        "credentials",
        "health",
        "listed_names",
        "quiet_period",
        "inside_information",
        "media",
    }
)
ENDS = ".!?\n"


class Account(Protocol):
    is_official: bool
    content_class: str


def is_firm(check: Mapping[str, Any]) -> bool:
    """Whether a check, as it stands in a clause version, is one whose findings are never settled."""
    return (
        check["kind"] in FIRM_KINDS
        or check["category"] in FIRM_CATEGORIES
        or check["severity"] not in CAN_BE_SETTLED
    )


def phrase_digest(finding: Mapping[str, Any], text: str) -> str:
    """SHA-256 (hex) of clause, check and phrase; the phrase itself is kept nowhere else than in its post."""
    phrase = phrase_of(text, finding["start"], finding["end"])
    return hashlib.sha256(canonical([finding["clause"], finding["check"], phrase])).hexdigest()


def phrase_of(text: str, start: int, end: int) -> str:
    """What was found, as it is compared."""
    return " ".join(plain(passage(text, start, end)).split())


def passage(text: str, start: int, end: int) -> str:
    """The words that a settlement is about, as they were typed."""
    if start == end:
        return text
    found = text[start:end]
    if len(found.split()) >= FEWEST_WORDS:
        return found
    first = max(text.rfind(mark, 0, start) for mark in ENDS) + 1
    ends = [place for mark in ENDS if (place := text.find(mark, end)) >= 0]
    return text[first : min(ends, default=len(text))]


def channel_kind(channels: Iterable[Account]) -> str:
    """Of the strictest of a post's channels, in words: "official, static" and the like; empty without channels."""
    accounts = list(channels)
    if not accounts:
        return ""
    voice = "official" if any(one.is_official for one in accounts) else "own"
    static = "static" if any(one.content_class == "static" for one in accounts) else "interactive"
    return f"{voice}, {static}"
