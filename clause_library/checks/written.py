"""A check as a form holds it, and back, without losing anything. Pure.

What a field cannot hold exactly (a pattern that begins with a space, a key that nobody knows) stays in ``rest``, which
people edit as data. Whatever is shown comes back as it was.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import yaml

from ..plain_yaml import PlainYamlError, read_yaml
from .in_words import NETWORKS, RELATION_WORDS
from .kinds import KINDS
from .kinds.base import CONNECTED
from .kinds.params import Param, Shape
from .screener import shared_words

ABSENT: Any = type("Absent", (), {"__repr__": lambda _: "ABSENT"})()
JOINS = "&&"
LINE_BREAK = "⏎"
SPACE = "␣"  # at an end of a pattern
RELATIONS = {"employee": "employee", "partner": "partner", "no tie": "none"}
AROUND = frozenset({"author_relation", "channel", "own_hosts", "listed", "quiet", "media"})
_SAID = re.compile(r"^(employee|partner|no tie)?(?:(?<=[a-z]) )?(?:on ([a-z]+))?: ")


class TwiceError(ValueError):
    """Something stands in its field and in the data too."""

    def __init__(self, slot: "Slot") -> None:
        super().__init__(f"“{slot.path[-1]}” stands here and in “The rest, as data”. Keep one.")
        self.slot = slot


@dataclass(frozen=True)
class Slot:
    """A place in a check and its field. ``show`` raises TypeError or ValueError for what the field cannot hold."""

    name: str
    path: tuple[str, ...]
    show: Callable[[Any], Any]
    read: Callable[[Any, Any], Any]  # of the field's value, and of what was there
    empty: Any = ""
    param: Param | None = None

    def shown(self, value: Any) -> Any:
        """The field's value; ABSENT where it could not give the same back."""
        if value is ABSENT:
            return ABSENT
        try:
            shown = self.show(value)
            back = self.read(shown, value)
        except (AttributeError, LookupError, TypeError, ValueError):
            return ABSENT
        return shown if _is_same(back, value) else ABSENT


def fields_of(check: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields' values by name, and the rest."""
    rest = _plain(check)
    values = {}
    for slot in slots_of(check["kind"]):
        shown = slot.shown(_at(check, slot.path))
        values[slot.name] = slot.empty if shown is ABSENT else shown
        if shown is not ABSENT:
            _remove(rest, slot.path)
    return values, rest


def check_of(
    values: Mapping[str, Any], rest: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """The check that the fields say, where ``before`` was. Raises TwiceError."""
    check = _plain(rest)
    for slot in slots_of(values["kind"]):
        was = _at(before, slot.path)
        if slot.shown(was) is ABSENT:
            was = ABSENT
        value = slot.read(values.get(slot.name, slot.empty), was)
        if value is ABSENT:
            continue
        if _at(check, slot.path) is not ABSENT or not _put(check, slot.path, value):
            raise TwiceError(slot)
    return check


def slots_of(kind: str) -> list[Slot]:
    """The fields of a kind, in the order in which people read them."""
    return [
        *(Slot(key, (key,), _text, _read_text) for key in ("name", "kind", "message", "severity")),
        Slot("category", ("category",), _text, _read_text),
        *filter(None, (_param_slot(key, param) for key, param in KINDS[kind].takes.items())),
        Slot(
            "relation", ("params", "relation"), *_ticks(RELATION_WORDS, CONNECTED), list(CONNECTED)
        ),
        Slot("pierces", ("params", "pierces"), _yes, _read_yes, empty=False),
        Slot("jurisdictions", ("jurisdictions",), ", ".join, _read_places),
        Slot("channels", ("channels",), *_ticks(NETWORKS), []),
        Slot("must_match", ("examples", "match"), _show_examples, _read_examples),
        Slot("must_pass", ("examples", "pass"), _show_examples, _read_examples),
    ]


def _param_slot(key: str, param: Param) -> Slot | None:
    name, path = f"param_{key}", ("params", key)
    match param.shape:
        case Shape.YES:
            return Slot(name, path, _yes, _read_yes, empty=False, param=param)
        case Shape.FIX:
            return Slot(name, path, _show_fix, _read_fix, empty=("", ""), param=param)
        case Shape.OPTIONS:
            return Slot(name, path, *_ticks(param.options or {}), [], param)
        case Shape.EXCUSES:
            return Slot(name, path, *_ticks(shared_words()["excuses"]), [], param)
    show, read = _AS_TEXT.get(param.shape, (None, None))
    return Slot(name, path, show, read, param=param) if show and read else None


# Texts and lines


def _text(value: str) -> str:
    if not isinstance(value, str) or value != value.strip() or "\r" in value:
        raise ValueError(value)
    return value


def _read_text(text: str, _was: Any) -> Any:
    return text or ABSENT


def _line(value: str) -> str:
    if "\n" in _text(value) or not value:
        raise ValueError(value)
    return value


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def _show_lines(value: Sequence[str]) -> str:
    _refuse_text(value)
    return "\n".join(map(_line, value))


def _read_lines(text: str, _was: Any) -> Any:
    return _lines(text) or ABSENT


def _edged(pattern: str) -> str:
    """A pattern on its line; a space at an end, which counts, is made to be seen."""
    inner = pattern.strip(" ")
    if SPACE in pattern:
        raise ValueError(pattern)
    before = len(pattern) - len(pattern.lstrip(" "))
    return SPACE * before + _line(inner) + SPACE * (len(pattern) - len(inner) - before)


def _unedged(line: str) -> str:
    return line.replace(SPACE, " ")


def _show_patterns(value: Sequence[str]) -> str:
    _refuse_text(value)
    return "\n".join(map(_edged, value))


def _read_patterns(text: str, _was: Any) -> Any:
    return list(map(_unedged, _lines(text))) or ABSENT


def _show_pairs(value: Sequence[Any]) -> str:
    _refuse_text(value)
    return "\n".join(_edged(one) if isinstance(one, str) else _joined(one) for one in value)


def _joined(patterns: Sequence[str]) -> str:
    _refuse_text(patterns)
    joined = f" {JOINS} ".join(map(_edged, patterns))
    return f"{JOINS} {joined}" if len(patterns) == 1 else joined


def _read_pairs(text: str, _was: Any) -> Any:
    return [_parted(line) for line in _lines(text)] or ABSENT


def _parted(line: str) -> str | list[str]:
    parts = [_unedged(part.strip()) for part in line.split(f" {JOINS} ")]
    if len(parts) == 1 and line.startswith(f"{JOINS} "):
        return [_unedged(line.removeprefix(JOINS).strip())]
    return parts if len(parts) > 1 else _unedged(line)


def _refuse_text(value: Any) -> None:
    if isinstance(value, str | Mapping):
        raise TypeError(value)


_AS_TEXT: dict[Shape, tuple[Callable[[Any], str], Callable[[str, Any], Any]]] = {
    Shape.TEXT: (_text, _read_text),
    Shape.PHRASES: (_show_lines, _read_lines),
    Shape.LINES: (_show_lines, _read_lines),
    Shape.PATTERNS: (_show_patterns, _read_patterns),
    Shape.PAIRS: (_show_pairs, _read_pairs),
}


# Ticks, places, fixes


def _ticks(options: Iterable[str], default: Sequence[str] = ()) -> tuple[Callable, Callable]:
    known = list(options)

    def show(value: Sequence[str]) -> list[str]:
        _refuse_text(value)
        if set(value) - set(known):
            raise ValueError(value)
        return list(value)

    def read(ticked: Sequence[str], was: Any) -> Any:
        """In the order that it had; what is new comes behind."""
        kept = [] if was is ABSENT else [one for one in was if one in ticked]
        found = kept + [one for one in known if one in ticked and one not in kept]
        return ABSENT if was is ABSENT and set(found) == set(default) else found or ABSENT

    return show, read


def _yes(value: bool) -> bool:  # noqa: FBT001  a tick
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _read_yes(ticked: bool, was: Any) -> Any:  # noqa: FBT001  a tick
    return ticked if ticked or was is False else ABSENT


def _read_places(text: str, _was: Any) -> Any:
    return text.lower().replace(",", " ").split() or ABSENT


def _show_fix(value: Mapping[str, str]) -> tuple[str, str]:
    [(how, text)] = value.items()
    if how not in {"replace", "before", "after"} or not isinstance(text, str):
        raise ValueError(value)
    if not text or set(text) & set("\r\n"):
        raise ValueError(value)
    return how, text


def _read_fix(said: tuple[str, str], _was: Any) -> Any:
    how, text = said
    return {how or "replace": text} if text else ABSENT


# Examples, such as “partner on x: We love it.” and “{quiet: [{topics: [deal]}]} We are close to a deal.”


def _show_examples(value: Sequence[Any]) -> str:
    _refuse_text(value)
    return "\n".join(map(_show_example, value))


def _show_example(example: str | Mapping[str, Any]) -> str:
    if isinstance(example, str):
        return _broken(example)
    around = {key: one for key, one in _plain(example).items() if key != "text"}
    return _around(around) + _broken(example["text"])


def _broken(text: str) -> str:
    if LINE_BREAK in text or "\r" in text:
        raise ValueError(text)
    return _line(text.replace("\n", LINE_BREAK))


def _around(around: dict[str, Any]) -> str:
    """Who posts it where, in words where they suffice."""
    by = {relation: said for said, relation in RELATIONS.items()}
    if around and set(around) <= {"author_relation", "channel"}:
        said = [by[around["author_relation"]]] if "author_relation" in around else []
        said += [f"on {around['channel']}"] if "channel" in around else []
        return " ".join(said) + ": "
    flow = yaml.safe_dump(around, allow_unicode=True, default_flow_style=True, width=10**6)
    return flow.strip() + " "


def _read_examples(text: str, _was: Any) -> Any:
    return [_read_example(line) for line in _lines(text)] or ABSENT


def _read_example(line: str) -> str | dict[str, Any]:
    if line.startswith("{"):
        around, line = _read_around(line)
    else:
        around, line = _read_said(line)
    text = line.replace(LINE_BREAK, "\n")
    return text if around is None else {**around, "text": text}


def _read_said(line: str) -> tuple[dict[str, str] | None, str]:
    found = _SAID.match(line)
    if not found or not any(found.groups()):
        return None, line
    relation, channel = found.groups()
    said = {"author_relation": RELATIONS.get(relation or ""), "channel": channel}
    return {key: value for key, value in said.items() if value}, line[found.end() :]


def _read_around(line: str) -> tuple[dict[str, Any] | None, str]:
    """The shortest piece in braces that is data; a text that merely begins with a brace stays one."""
    ends = [place for place in range(len(line)) if line.startswith("} ", place)]
    for end in ends[:20]:
        try:
            data = read_yaml(line[: end + 1])
        except PlainYamlError:
            continue
        if isinstance(data, Mapping) and set(data) <= AROUND:
            return _plain(data), line[end + 2 :]
    return None, line


# Places in a check


def _at(check: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(check, Mapping) or key not in check:
            return ABSENT
        check = check[key]
    return check


def _put(check: dict[str, Any], path: tuple[str, ...], value: Any) -> bool:
    """Whether there was room for it."""
    *folders, last = path
    for key in folders:
        check = check.setdefault(key, {})
        if not isinstance(check, dict):
            return False
    check[last] = value
    return True


def _remove(check: dict[str, Any], path: tuple[str, ...]) -> None:
    *folders, last = path
    inner = check
    for key in folders:
        inner = inner[key]
    del inner[last]
    if folders and not inner:
        del check[folders[0]]


def _is_same(one: Any, other: Any) -> bool:
    """Equal to the last type: 1 is not true."""
    return json.dumps(one, sort_keys=True, default=repr) == json.dumps(
        other, sort_keys=True, default=repr
    )


def _plain(data: Any) -> Any:
    """Data of its own, in plain lists and mappings."""
    if isinstance(data, Mapping):
        return {key: _plain(one) for key, one in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(one) for one in data]
    return deepcopy(data)
