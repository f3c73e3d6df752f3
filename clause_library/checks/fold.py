# ruff: noqa: RUF001 (look-alike letters are this module's subject)
"""Reads letters as a person would: case, width, accents, look-alikes and invisible characters folded away."""

import unicodedata
from functools import lru_cache

_CYRILLIC = dict(
    zip("авекмнорстухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅ", "abekmhopctyxijshdqwabekmhopctyxijs", strict=True)
)
_GREEK = dict(zip("αενικορτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aevikoptuxwabezhikmnoptyx", strict=True))
LOOKALIKES = _CYRILLIC | _GREEK
_LATIN = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t",
    "ɡ": "g", "ɑ": "a", "ɩ": "i", "ʟ": "l", "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ғ": "f",
    "ɢ": "g", "ʜ": "h", "ɪ": "i", "ᴊ": "j", "ᴋ": "k", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ʀ": "r",
    "ꜱ": "s", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z",
}  # fmt: skip
_MARKS = {
    "‘": "'", "’": "'", "‛": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "−": "-", "\t": " ", "\x0b": " ", "\x0c": " ",
    "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\r": "\n",
}  # fmt: skip
_NOT_READ = {"Cf", "Cn", "Co", "Cs", "Cc", "Mn", "Me"}
_PICTURES = {"So", "Sk"}
_LETTER_CLASSES = {"Lu", "Ll", "Lt", "Lo", "Lm"}
_INDIC_TO_KHMER = range(
    0x0900, 0x17DE
)  # scripts whose vowels are marks: without them words run together


@lru_cache(maxsize=8192)
def fold_char(char: str) -> str:
    """The folded form of one character: nothing, one or several characters; a picture becomes a space."""
    if char in _MARKS:
        return _MARKS[char]
    if char == "\n":
        return char
    if is_picture(char):
        plain = unicodedata.normalize("NFKD", char)
        return plain.casefold() if plain.isascii() and plain.isalnum() else " "
    return "".join(
        _LATIN.get(part, part)
        for piece in unicodedata.normalize("NFKD", char)
        for part in _MARKS.get(piece, piece).casefold()
        if unicodedata.category(part) not in _NOT_READ or part == "\n" or is_vowel_sign(part)
    )


def is_picture(char: str) -> bool:
    """Whether a character is an emoji or another sign that is seen, not read."""
    return unicodedata.category(char) in _PICTURES


def is_vowel_sign(char: str) -> bool:
    """Whether a mark is a letter of its own: another vowel makes another word."""
    return (
        ord(char) in _INDIC_TO_KHMER
        and unicodedata.category(char) in {"Mn", "Mc"}
        and not unicodedata.combining(char)
    )


def is_letter(char: str) -> bool:
    """Whether a character makes a word: a letter, a digit, a vowel sign."""
    return char.isalnum() or (not char.isascii() and is_vowel_sign(char))


@lru_cache(maxsize=8192)
def is_unread(char: str) -> bool:
    """Whether a character adds nothing to what is read: marks, joiners, selectors, other invisible ones."""
    return (
        unicodedata.category(char) in _NOT_READ
        and char not in "\n\r\t\x0b\x0c\x85"
        and not is_vowel_sign(char)
    )


@lru_cache(maxsize=8192)
def script_of(char: str) -> str:
    """The script of a letter ("LATIN", "CYRILLIC"…), or "" for all that is no letter."""
    if unicodedata.category(char) not in _LETTER_CLASSES:
        return ""
    name = unicodedata.name(char, "")
    first = name.split(" ", 1)[0]
    return "LATIN" if first in {"FULLWIDTH", "MATHEMATICAL", "CIRCLED"} else first
