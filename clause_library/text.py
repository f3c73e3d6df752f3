"""Text that people hand in: what is taken, what is refused and why, and its digests. Pure."""

import re
import unicodedata
from collections.abc import Iterator

from ledger.canonical import text_digest

MOST_MARKS = 8  # marks on one letter; no living script stacks more

# Each kind of character that is refused, with what the person can do about it.
REFUSED = (
    (
        re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)"),
        "is a control character, which nobody can see",
    ),
    (re.compile(r"[\ud800-\udfff]"), "is half of a character: the text was cut or badly copied"),
    (
        re.compile(
            "[\ufdd0-\ufdef"
            + "".join(chr(p << 16 | 0xFFFE) + chr(p << 16 | 0xFFFF) for p in range(17))
            + "]"
        ),
        "is not a character at all",
    ),
    (re.compile("\ufeff"), "is a byte-order mark, which nobody can see"),
)
UNPLAIN = re.compile(r"[^\x00-\u02ff]")


def exact_digest(text: str) -> str:
    """SHA-256 of the bytes, in hex."""
    return text_digest(text)["exact"]


def folded_digest(text: str) -> str:
    """SHA-256 of the published folding (NFC, LF, no spaces before a line's end), in hex."""
    return text_digest(text)["folded"]


def check_text(text: str, *, longest: int) -> list[str]:
    """Say in sentences why the text cannot be taken; an empty list takes it as it stands.

    Nothing is repaired in silence: a decision binds to the exact text.
    """
    if len(text) > longest:
        return [f"The text has {len(text):,} characters; {longest:,} is the most. Shorten it."]
    return [*_refused_characters(text), *_stacked_marks(text)]


def _refused_characters(text: str) -> Iterator[str]:
    for pattern, says in REFUSED:
        if found := pattern.search(text):
            yield f"{_place(text, found.start())} {says}. Remove it."


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return f"Line {line}, character {column} (U+{ord(text[at]):04X})"


def _stacked_marks(text: str) -> Iterator[str]:
    """A letter under a tower of marks spills over its neighbours and hides them."""
    end, row = 0, 0
    for found in UNPLAIN.finditer(text):
        if not unicodedata.category(found[0]).startswith("M"):
            continue
        row = row + 1 if found.start() == end else 1
        end = found.end()
        if row > MOST_MARKS:
            place = _place(text, found.start())
            yield f"{place} is one of more than {MOST_MARKS} marks on one letter. Remove them."
            return
