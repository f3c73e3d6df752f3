"""Finds what points to one person: addresses, numbers, accounts. A finding's fix masks it."""

import re
from collections.abc import Callable, Iterable, Mapping

import phonenumbers
import re2

from ..hosts import is_within
from ..model import CheckError
from ..reading import Noticed, Reading
from ..view import encodable
from .base import Kind
from .params import EXCUSES, UNLESS, Param, Shape

_SPELLED_AT = r"\s*(?:@|[\[({<]\s*(?:at|@)\s*[\])}>]|\s+at\s+)\s*"
_SPELLED_DOT = r"\s*(?:\.|[\[({<]\s*(?:dot|punkt|point|punto)\s*[\])}>]|\s+dot\s+)\s*"
_TOP = (
    r"(?:com|org|net|edu|gov|info|biz|io|co|me|example|test|de|fr|es|it|nl|pl|uk|us|ca|eu|ch|at|be|se|no|dk|fi|ie"
    r"|pt|br|in|au|nz|jp|cn|ru|za|mx|online|email|app|dev)"
)
_MAIL = re2.compile(
    rf"\b([a-z0-9][a-z0-9._%+-]*(?:{_SPELLED_DOT}[a-z0-9_%+-]+)??){_SPELLED_AT}"
    rf"([a-z0-9-]+(?:{_SPELLED_DOT}[a-z0-9-]+)*?{_SPELLED_DOT}{_TOP})\b"
)
_CARD = re2.compile(r"\b\d(?:[ -]?\d){12,}\b")  # and what stands beside it: a code, a date
_GROUP = re.compile(r"\d+")
_CARD_LENGTHS = range(13, 20)
# How cards print their numbers; so one is known with its security code, or another number, beside it.
_PRINTED = frozenset({(4, 4, 4, 4), (16,), (4, 6, 5), (15,), (4, 4, 4, 4, 3), (19,), (4, 6, 4)})
_IBAN = re2.compile(r"\b[a-z]{2}\d{2}(?: ?[a-z0-9]){11,30}\b")
_IBAN_BEGINS = re2.compile(r"\b[a-z]{2}\d{2}")
_DIGIT = re2.compile(r"\p{Nd}")
_SSN = re2.compile(r"\b(\d{3})[- ](\d{2})[- ](\d{4})\b")
_NINO = re2.compile(r"\b[a-ceghj-prstw-z][a-ceghj-npqrstw-z] ?\d{2} ?\d{2} ?\d{2} ?[a-d]\b")
_PHONE_LIKE = re2.compile(r"(?:\+|\b|\()\d[\d ().\/-]{5,18}\d\b")
_DATE_LIKE = re2.compile(
    r"^(?:\d{4}-\d{2}-\d{2}.*|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4} ?- ?\d{4}|\d{1,3}(?:[ ,.]\d{3})+)$"
)
_PUBLIC_LINES = frozenset(
    {
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.UAN,
    }
)
_SHORTEST_PHONE = 7
_IBAN_SHORTEST = 15
_IBAN_WIDEST = 65  # characters in which its end is seen, spaces and the sign behind it with it
_HIGHEST_AREA = 900

Place = tuple[int, int]


def luhn(digits: str) -> bool:
    """Whether a card number's check digit is right."""
    odd = [int(digit) for digit in digits[::-1][::2]]
    even = [sum(divmod(2 * int(digit), 10)) for digit in digits[::-1][1::2]]
    return sum(odd + even) % 10 == 0 and len(set(digits)) > 1


def iban(text: str) -> bool:
    """Whether an account number's check digits are right (ISO 13616)."""
    moved = text[4:] + text[:4]
    return (
        len(text) >= _IBAN_SHORTEST and int("".join(str(int(char, 36)) for char in moved)) % 97 == 1
    )


def _cards(plain: str) -> Iterable[Place]:
    for run in _CARD.finditer(plain):
        groups = [(one.start(), one.end()) for one in _GROUP.finditer(plain, *run.span())]
        first = 0
        while first < len(groups):
            count = _groups_of_card(plain, groups, first)
            if count:
                yield groups[first][0], groups[first + count - 1][1]
            first += count or 1


def _groups_of_card(plain: str, groups: list[Place], first: int) -> int:
    """How many groups of digits from here on are a card's number; 0 where none is."""
    digits, sizes = "", []
    for start, end in groups[first : first + len(_CARD_LENGTHS)]:
        digits += plain[start:end]
        sizes.append(end - start)
        is_all = len(sizes) == len(groups)
        if len(digits) in _CARD_LENGTHS and (is_all or tuple(sizes) in _PRINTED) and luhn(digits):
            return len(sizes)
    return 0


def _ibans(plain: str) -> Iterable[Place]:
    """Also those which stand so close together that the letters behind one could belong to it."""
    done = 0
    for begins in _IBAN_BEGINS.finditer(plain):
        start = begins.start()
        match = start >= done and _IBAN.match(plain[start : start + _IBAN_WIDEST])
        parts = match.group().split(" ") if match else []
        for count in range(len(parts), 0, -1):
            if iban("".join(parts[:count])):
                done = start + len(" ".join(parts[:count]))
                yield start, done
                break


def _ssns(plain: str) -> Iterable[Place]:
    """Social Security numbers that may have been issued: no area 000, 666 or from 900 up, no zero groups."""
    for match in _SSN.finditer(plain):
        area, group, serial = match.groups()
        if (
            area not in {"000", "666"}
            and int(area) < _HIGHEST_AREA
            and group != "00"
            and serial != "0000"
        ):
            yield match.span()


def _ninos(plain: str) -> Iterable[Place]:
    return (match.span() for match in _NINO.finditer(plain))


_SURE: dict[str, Callable[[str], Iterable[Place]]] = {
    "card": _cards,
    "iban": _ibans,
    "ssn": _ssns,
    "nino": _ninos,
}


class Identifiers(Kind):
    """``detect``: what to look for; ``masks``: what to put instead; further lists decide what is public or private.

    ``patterns``: {name: patterns}, found by wording (home addresses, dates of birth, passports).
    ``person``: words that make a number somebody's. ``public``: words that make it a public line.
    ``own``: words by which the author gives their own. ``roles``: mailboxes that are nobody's.
    """

    title = "Personal data"
    about = "What points to one person: addresses, numbers, accounts. It is masked."
    takes: Mapping[str, Param] = {
        "detect": Param(
            "By their form",
            "Numbers and addresses that give themselves away.",
            Shape.OPTIONS,
            {
                "email": "e-mail addresses",
                "phone": "phone numbers",
                "card": "card numbers",
                "iban": "bank accounts (IBAN)",
                "ssn": "US social security numbers",
                "nino": "UK national insurance numbers",
            },
        ),
        "unless": UNLESS,
        "excuses": EXCUSES,
        "person": Param("A person's", "With one of these in the post, a number is somebody's."),
        "public": Param(
            "A public line", "With one of these in the post, a number is a public line."
        ),
        "own": Param("The author's own", "Words by which authors give their own."),
        "roles": Param(
            "Shared mailboxes",
            "Names before the @ that belong to nobody: info, press.",
            Shape.LINES,
        ),
        "regions": Param(
            "Regions", "Countries whose numbers are known without a prefix: US, GB.", Shape.LINES
        ),
        "patterns": Param(
            "By wording", "{what: [patterns]}: home addresses, dates of birth.", Shape.DATA
        ),
        "masks": Param("What to put instead", "{what: text}.", Shape.DATA),
    }
    never_stored = True

    def compile(self) -> None:
        self._detect = tuple(self.params.get("detect", ()))
        unknown = set(self._detect) - set(_SURE) - {"email", "phone"}
        if unknown:
            raise CheckError(f"detect does not know {', '.join(sorted(unknown))}")
        self._by_wording = {
            name: frozenset(self.numbers(found))
            for name, found in self.params.get("patterns", {}).items()
        }
        self._masks = self.params.get("masks", {})
        self._person, self._public, self._own = map(self.patterns, ("person", "public", "own"))
        self._unless = self.patterns("unless")
        self._roles = frozenset(self.params.get("roles", ()))
        self._regions = tuple(self.params.get("regions", ("US", "GB")))
        self._excused = self.excuses()

    def look(self, reading: Reading) -> Iterable[Noticed]:
        plain = reading.view.plain
        places: list[tuple[Place, str]] = []
        if _DIGIT.search(encodable(plain)):
            for name in self._detect:
                places += [(place, name) for place in _SURE.get(name, _nothing)(plain)]
            if "phone" in self._detect:
                places += [(place, "phone") for place in self._phones(reading)]
        if "email" in self._detect:
            places += [(place, "email") for place in self._mails(reading)]
        typed = [(reading.view.plain_as_typed(*place), name) for place, name in places]
        typed += [
            (place, name)
            for name, numbers in self._by_wording.items()
            for place in self._worded(reading, numbers)
        ]
        yield from self._masked(typed)

    def _masked(self, places: list[tuple[Place, str]]) -> Iterable[Noticed]:
        """One finding for each place; where they overlap, the first and longest."""
        done = -1
        for (start, end), name in sorted(places, key=lambda found: (found[0][0], -found[0][1])):
            if start >= done:
                done = end
                yield Noticed(start, end, self._masks.get(name, "[removed]"))

    def _worded(self, reading: Reading, numbers: frozenset[int]) -> Iterable[Place]:
        unless = reading.matches.sentences(self._unless)
        for span in reading.matches.all(numbers):
            if span.sentence not in unless and not any(
                excuse.holds(span, reading) for excuse in self._excused
            ):
                yield reading.view.as_typed(span.start, span.end)

    def _phones(self, reading: Reading) -> Iterable[Place]:
        """Numbers that somebody can be called on, where the words around make them a person's."""
        if not self._speaks_of_a_person(reading):
            return
        for match in _PHONE_LIKE.finditer(reading.view.plain):
            if self._is_phone(match.group()):
                yield match.span()

    def _is_phone(self, text: str) -> bool:
        if sum(map(str.isdecimal, text)) < _SHORTEST_PHONE or _DATE_LIKE.search(text):
            return False
        return any(self._is_private_line(text, region) for region in self._regions)

    @staticmethod
    def _is_private_line(text: str, region: str) -> bool:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            return False
        return (
            phonenumbers.is_possible_number(number)
            and phonenumbers.number_type(number) not in _PUBLIC_LINES
        )

    def _speaks_of_a_person(self, reading: Reading) -> bool:
        matches = reading.matches
        return matches.occurs(self._person) and not matches.occurs(self._public)

    def _mails(self, reading: Reading) -> Iterable[Place]:
        plain = reading.view.plain
        if not any(sign in plain for sign in ("@", " at ", "(at", "[at", "{at", "<at")):
            return
        own = reading.matches.occurs(self._own) and not reading.matches.occurs(self._person)
        for match in _MAIL.finditer(plain):
            box, host = match.group(1), match.group(2)
            if (
                not own
                and box not in self._roles
                and not _is_our_host(host, reading)
                and _is_address(match.group())
            ):
                yield match.span()


def _is_address(text: str) -> bool:
    """Spelled out by words alone, it needs both of them: "meet me at acme. com" is no address."""
    return "@" in text or any(sign in text for sign in ("[", "(", "{", "<")) or " dot " in text


def _is_our_host(host: str, reading: Reading) -> bool:
    host = host.replace(" ", "")
    labels = host.split(".")
    return is_within(host, reading.post.own_hosts) or any(
        "".join(name.lower().split()) in labels for name in reading.post.company
    )


def _nothing(_: str) -> Iterable[Place]:
    return ()
