"""Answers of the interview: each is cleaned by the kind of its blank, or refused in a sentence. Pure."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from clause_library.files import Blank
from clause_library.text import check_text
from clause_library.wording import MOST_ITEMS, Answer

LONGEST = {"text": 300, "long_text": 10_000, "list": 300, "choice": 300, "email": 254, "url": 2_000}
EMPTY: dict[str, Answer] = {"list": [], "yes_no": False}  # of blanks that need no answer; else ""
EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")
NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # they can make a policy read otherwise
YES = {"yes", "true", "on"}
NO = {"no", "false", "off"}


class AnswerError(ValueError):
    """One answer does not fit its blank; says why, to the person who gave it."""


class AssemblyError(ValueError):
    """The policy cannot be put together; `problems` holds one sentence each, `says` all of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.says = " ".join(problems)


class AnswersError(AssemblyError):
    """Some answers cannot be used; `by_name` holds a sentence for each."""

    def __init__(self, by_name: dict[str, str]) -> None:
        super().__init__([f"{name}: {says}" for name, says in by_name.items()])
        self.by_name = by_name


def clean_answers(blanks: Mapping[str, Blank], answers: Mapping[str, Any]) -> dict[str, Answer]:
    """All answers as their blanks take them; what was left empty is left out. Raises AnswersError."""
    cleaned: dict[str, Answer] = {}
    problems: dict[str, str] = {}
    for name, value in answers.items():
        try:
            if not _is_empty(value):
                cleaned[name] = clean_answer(_blank(blanks, name), value)
        except AnswerError as error:
            problems[name] = str(error)
    if problems:
        raise AnswersError(problems)
    return cleaned


def clean_answer(blank: Blank, value: Any) -> Answer:
    """From a form or a file. Raises AnswerError."""
    match blank.kind:
        case "yes_no":
            return _yes_or_no(value)
        case "list":
            return _items(value)
        case "number":
            return _number(value)
    text = _text(value, longest=LONGEST[blank.kind])
    if blank.kind != "long_text" and "\n" in text:
        raise AnswerError("Write it on one line.")
    _check_shape(blank, text)
    return text


def with_defaults(blanks: Mapping[str, Blank], answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """What needs no answer counts as answered: empty, or no."""
    optional = (blank for blank in blanks.values() if not blank.required)
    return {blank.name: EMPTY.get(blank.kind, "") for blank in optional} | dict(answers)


def _is_empty(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _blank(blanks: Mapping[str, Blank], name: str) -> Blank:
    if name in blanks:
        return blanks[name]
    close = get_close_matches(name, blanks, n=1)
    hint = f" Did you mean “{close[0]}”?" if close else ""
    raise AnswerError(f"There is no such question.{hint}")


def _text(value: Any, *, longest: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise AnswerError("Write a text. Put it in quotes if it is yes, no or a list.")
    text = value.replace("\r\n", "\n").strip()
    for says in check_text(text, longest=longest):
        raise AnswerError(says)
    if hidden := DIRECTIONS.search(text):
        sign = f"U+{ord(hidden[0]):04X}"
        raise AnswerError(
            f"It holds a hidden sign that turns the writing direction ({sign}). Remove it."
        )
    return text


def _yes_or_no(value: Any) -> bool:
    word = value.strip().lower() if isinstance(value, str) else value
    if isinstance(word, bool):
        return word
    if isinstance(word, str) and word in YES | NO:
        return word in YES
    raise AnswerError("Answer yes or no.")


def _items(value: Any) -> list[str]:
    """A list, or a text with one item a line."""
    items = value.splitlines() if isinstance(value, str) else value
    if not isinstance(items, list):
        raise AnswerError("Write a list, one item a line.")
    if len(items) > MOST_ITEMS:
        raise AnswerError(f"The list has {len(items):,} items; {MOST_ITEMS} is the most.")
    texts = [_text(item, longest=LONGEST["list"]) for item in items]
    if any("\n" in text for text in texts):
        raise AnswerError("Write each item on one line.")
    return [text for text in texts if text]


def _number(value: Any) -> int | str:
    """Whole numbers as numbers, others as they were written: records hold no fractions."""
    text = _text(value, longest=30)
    if not NUMBER.fullmatch(text):
        raise AnswerError("Write a number in digits.")
    return text if "." in text else int(text)


def _check_shape(blank: Blank, text: str) -> None:
    if blank.kind == "choice" and text not in blank.choices:
        raise AnswerError(f"Choose one of: {', '.join(blank.choices)}.")
    if blank.kind == "email" and not EMAIL.fullmatch(text):
        raise AnswerError("Write a mail address, such as name@example.com.")
    if blank.kind == "url" and not _is_address(text):
        raise AnswerError("Write a web address that starts with https:// or http://.")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)
