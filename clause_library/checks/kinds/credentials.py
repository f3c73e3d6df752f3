"""Finds what opens a door to machines: keys, tokens, passwords, by the form that each has. A finding's fix masks it."""

from collections.abc import Callable, Iterable, Mapping

import re2

from ..model import CheckError
from ..patterns import Span
from ..reading import Noticed, Reading
from ..view import View
from .base import Kind
from .params import EXCUSES, UNLESS, Param, Shape

Place = tuple[int, int]

_CLOUD_KEY = re2.compile(
    r"\b(?:(?:a3t[a-z0-9]|akia|asia|agpa|aida|aroa|anpa|anva|abia|acca)[a-z0-9]{16}|aiza[a-z0-9_-]{35})\b"
    r"|\bya29\.[a-z0-9_-]{20,}"
    r"|\b(?:accountkey|sharedaccesskey|sharedaccesssignature)\s*=\s*[a-z0-9+/=%&.:-]{20,}"
    r"|[?&]sig=[a-z0-9%+/=]{20,}"
)
_PRIVATE_KEY = re2.compile(
    r"(?s)-{2,} ?begin [a-z0-9 ]{0,30}private key(?: block)? ?-{2,}"
    r".*?(?:-{2,} ?end [a-z0-9 ]{0,30}private key(?: block)? ?-{2,}|\z)"
)
_JWT = re2.compile(r"\bey[ij][a-z0-9_-]{8,}\.[a-z0-9_-]{8,}(?:\.[a-z0-9_-]*)?")
_TOKEN = re2.compile(
    r"\b(?:gh[opsur]_[a-z0-9]{16,}|github_pat_[a-z0-9_]{20,}|glpat-[a-z0-9_-]{16,}|xox[abeoprs]-[a-z0-9-]{10,}"
    r"|xapp-[a-z0-9-]{10,}|(?:sk|pk|rk)_(?:live|test)_[a-z0-9]{10,}|whsec_[a-z0-9]{16,}|sk-(?:[a-z]{2,5}-)?(?:[a-z0-9]{1,8}-)?[a-z0-9_]{20,}"
    r"|sg\.[a-z0-9_-]{16,}\.[a-z0-9_-]{16,}|npm_[a-z0-9]{30,}|pypi-[a-z0-9_-]{16,}|hf_[a-z0-9]{30,}"
    r"|shp(?:at|ca|pa|ss)_[a-z0-9]{30,}|do[opr]_v1_[a-z0-9]{40,}|eaac[a-z0-9]{30,}|\d{8,10}:aa[a-z0-9_-]{30,}"
    r"|hooks\.slack\.com/services/[a-z0-9/]{20,}|discord(?:app)?\.com/api/webhooks/\d+/[a-z0-9_-]{20,})"
)
_CONNECTION = re2.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@?#]{0,100}:([^\s/@]{1,100})@[^\s<>\"']+"
)
_SECRET_IS = re2.compile(
    r"(?:^|[^a-z0-9])(?:[a-z0-9]{1,30}[_.-])*(password|passwd|passphrase|passcode|pwd|api[_ -]?key|access[_ -]?key"
    r"|secret[_ -]?key|private[_ -]?key|client[_ -]?secret|(?:access|auth|api|bearer|refresh|session)[_ -]?token"
    r"|secret|token)[\"']?\s{0,3}(?::=|=>|=|:)\s{0,3}[\"']?([^\s\"'<>]{4,200})"
)
_BEARER = re2.compile(r"\b(?:bearer|basic) ([a-z0-9._~+/-]{20,}=*)")
_WORDED = "wording"
_VAGUE = frozenset({"secret", "token"})
_LONG = 16
_LONG_NUMBER = 6
_PLACEHOLDERS = ("example", "xxxx", "****", "....", "redacted", "removed", "placeholder", "://")
_OPENS = "<{[($%"
_TRAILING = ".,;!?)]}\"'"
_COMMON = frozenset(
    "admin letmein qwerty welcome changeme hunter monkey dragon iloveyou default passw0rd".split()
)


def _cloud_keys(view: View) -> Iterable[Place]:
    """Those of capitals or with a digit; "asiapacificconferences" is a word."""
    for start, end in _real(_CLOUD_KEY, view.plain):
        key = view.typed(start, end)
        if "=" in key or key.isupper() or any(map(str.isdigit, key)):
            yield start, end


def _private_keys(view: View) -> Iterable[Place]:
    return (match.span() for match in _PRIVATE_KEY.finditer(view.plain))


def _tokens(view: View) -> Iterable[Place]:
    yield from _real(_TOKEN, view.plain)
    for match in _BEARER.finditer(view.plain):
        if any(map(str.isdigit, match.group(1))) and not _is_placeholder(match.group(1)):
            yield match.span(1)


def _jwts(view: View) -> Iterable[Place]:
    return _real(_JWT, view.plain)


def _connections(view: View) -> Iterable[Place]:
    """Addresses with a password in them."""
    for match in _CONNECTION.finditer(view.plain):
        if not _is_placeholder(match.group(1)):
            yield match.start(), match.start() + len(match.group().rstrip(_TRAILING))


def _passwords(view: View) -> Iterable[Place]:
    """What stands behind "password:", "api_key =" and their like, where it looks like one and not like prose."""
    for match in _SECRET_IS.finditer(view.plain):
        value = match.group(2).rstrip(_TRAILING)
        is_assigned = "=" in view.plain[match.end(1) : match.start(2)]
        if not _is_placeholder(value) and _looks_secret(
            value, is_vague=match.group(1) in _VAGUE and not is_assigned
        ):
            yield match.start(2), match.start(2) + len(value)


def _looks_secret(value: str, *, is_vague: bool) -> bool:
    letters, digits = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    signs = any(not char.isalnum() and char not in "-'" for char in value)
    if is_vague:
        return len(value) >= _LONG and letters and digits
    return (
        (letters and (digits or signs))
        or value in _COMMON
        or (digits and len(value) >= _LONG_NUMBER)
    )


def _is_placeholder(value: str) -> bool:
    """A stand-in that a manual would print: <your-key>, ${TOKEN}, ****."""
    return value[:1] in _OPENS or any(sign in value for sign in _PLACEHOLDERS)


def _real(pattern: object, plain: str) -> Iterable[Place]:
    """Matches that nobody has marked as an example, and that are no word."""
    for match in pattern.finditer(plain):
        if not _is_placeholder(match.group()):
            yield match.span()


_FORMS: dict[str, tuple[tuple[str, ...], Callable[[View], Iterable[Place]]]] = {
    "cloud_key": (("a", "sig="), _cloud_keys),
    "private_key": (("private key",), _private_keys),
    "jwt": (("ey",), _jwts),
    "token": (("_", "-", ".", "bearer", "basic"), _tokens),
    "connection": (("://",), _connections),
    "password": ((":", "="), _passwords),
}


class Credentials(Kind):
    """``detect``: forms (cloud_key, private_key, jwt, token, connection, password); ``masks``: what to put instead.

    ``patterns``: wordings that give one away, with ``unless`` and ``excuses`` for them and for passwords; the other
    forms are too plain to be excused. What is noticed is never stored.
    """

    title = "Keys and passwords"
    about = "What opens a door to machines: keys, tokens, passwords. It is masked and never stored."
    takes: Mapping[str, Param] = {
        "detect": Param(
            "By their form",
            "Keys and passwords that give themselves away.",
            Shape.OPTIONS,
            {
                "cloud_key": "keys of cloud services",
                "private_key": "private keys",
                "jwt": "signed web tokens",
                "token": "tokens of common services",
                "connection": "addresses with a password in them",
                "password": "what follows “password:” and its like",
            },
        ),
        "patterns": Param("Patterns", "Wordings that give one away."),
        "unless": UNLESS,
        "excuses": EXCUSES,
        "masks": Param(
            "What to put instead", "{form: text}; “wording” stands for the patterns.", Shape.DATA
        ),
    }
    never_stored = True

    def compile(self) -> None:
        self._detect = tuple(self.params.get("detect", ()))
        if unknown := set(self._detect) - set(_FORMS):
            raise CheckError(f"detect does not know {', '.join(sorted(unknown))}")
        self._masks = self.params.get("masks", {})
        self._by_wording, self._unless = self.patterns("patterns"), self.patterns("unless")
        self._excused = self.excuses()

    def look(self, reading: Reading) -> Iterable[Noticed]:
        places = [*self._by_form(reading), *self._worded(reading)]
        for start, end, name in _united(places):
            yield Noticed(start, end, self._masks.get(name, "[removed]"))

    def _by_form(self, reading: Reading) -> Iterable[tuple[int, int, str]]:
        view = reading.view
        for name in self._detect:
            signs, find = _FORMS[name]
            if not any(sign in view.plain for sign in signs):
                continue
            for start, end in find(view):
                if name != "password" or not self._is_excused(start, end, reading):
                    yield *view.plain_as_typed(start, end), name

    def _worded(self, reading: Reading) -> Iterable[tuple[int, int, str]]:
        for span in reading.matches.all(self._by_wording):
            if not self._holds_excuse(span, reading):
                yield *reading.view.as_typed(span.start, span.end), _WORDED

    def _is_excused(self, start: int, end: int, reading: Reading) -> bool:
        first, last = reading.view.words_of_plain(start, end)
        return self._holds_excuse(Span(first, last, reading.view.sentence(first)), reading)

    def _holds_excuse(self, span: Span, reading: Reading) -> bool:
        return span.sentence in reading.matches.sentences(self._unless) or any(
            excuse.holds(span, reading) for excuse in self._excused
        )


def _united(places: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Overlapping places as one, so that a mask never leaves a piece; the first gives the name.

    A form knows where it ends: a wording that begins inside one adds nothing.
    """
    united: list[tuple[int, int, str]] = []
    for start, end, name in sorted(places, key=lambda one: (one[0], -one[1])):
        if not united or start >= united[-1][1]:
            united.append((start, end, name))
        elif name != _WORDED or united[-1][2] == _WORDED:
            first, last, known = united.pop()
            united.append((first, max(last, end), known))
    return united
