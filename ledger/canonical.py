"""Canonical bytes, so that one value has one digest; and the published folding of texts. Pure."""

import hashlib
import json
import unicodedata
from typing import Any

DEEPEST = 32
LARGEST = 2**53 - 1  # the largest integer that every JSON reader keeps exactly


class NotCanonicalError(ValueError):
    """The value holds something that has no single, safe JSON form."""


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces.

    Only str, int, bool, None, list and dict are let in: a float, NaN, lone surrogate or NUL is
    written differently by different programs and databases, and would change the digest.
    """
    _refuse_unsafe(value, 0)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def fold(text: str) -> str:
    """The published folding: NFC, line ends as LF, no spaces or tabs before a line's end.

    Never NFKC: it would call full-width or look-alike letters the same text.
    """
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip(" \t") for line in lines.split("\n"))


def text_digest(text: str) -> dict[str, str]:
    """The two digests of a text, as records carry them: exact bytes, and folded."""
    return {
        "exact": hashlib.sha256(text.encode()).hexdigest(),
        "folded": hashlib.sha256(fold(text).encode()).hexdigest(),
    }


def _refuse_unsafe(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise NotCanonicalError(f"Nested deeper than {DEEPEST} levels.")
    match value:
        case None | bool():
            return
        case str():
            _refuse_unsafe_text(value)
        case int():
            if abs(value) > LARGEST:
                raise NotCanonicalError(f"{value} is too large for JSON.")
        case list():
            for item in value:
                _refuse_unsafe(item, depth + 1)
        case dict():
            for key, item in value.items():
                if not isinstance(key, str):
                    raise NotCanonicalError(f"The key {key!r} is not a string.")
                _refuse_unsafe_text(key)
                _refuse_unsafe(item, depth + 1)
        case _:
            raise NotCanonicalError(
                f"{value!r} is a {type(value).__name__}, which has no place here."
            )


def _refuse_unsafe_text(text: str) -> None:
    if "\x00" in text:
        raise NotCanonicalError(f"{text!r} holds a NUL character.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonicalError(f"{text!r} holds half of a character pair.") from error
