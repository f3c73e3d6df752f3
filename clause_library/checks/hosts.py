"""What a link's host says: whose it is, what it pretends to be, what its reader would take it for. Pure."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address

from .fold import LOOKALIKES, script_of
from .view import plain

_SECOND_LEVEL = frozenset(
    {"co", "com", "org", "net", "ac", "gov", "edu", "ltd", "plc", "nhs", "me"}
)
_UNSPACED = frozenset({"CJK", "HIRAGANA", "KATAKANA"})
_READ_AS = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "$": "s"}
)
_TWO_AS_ONE = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SHORTEST_NAME = 4
_SHORTEST_WITH_TYPOS = 6  # in shorter names a changed letter makes another word
_PUNYCODE = "xn--"
_LONGEST_HOST = 253  # characters (RFC 1035)


def authority(link: str) -> str:
    """What stands between // and the path: user, host and port."""
    rest = link.partition("//")[2] if "//" in link[:9] else link
    for sign in "/?#\\":
        rest = rest.partition(sign)[0]
    return rest


def host_of(link: str) -> str:
    """The host of a link as a browser reads it, in small letters."""
    host = unicodedata.normalize("NFKC", authority(link)).rpartition("@")[2].lower()
    if host.startswith("["):
        return host.partition("]")[0].lstrip("[")
    return host.partition(":")[0].strip(".").removeprefix("www.")


def registered(host: str) -> list[str]:
    """The labels of a host up to and including the registered name: ["www", "acme"] of www.acme.co.uk."""
    labels = host.split(".")
    if len(labels) > 2 and labels[-2] in _SECOND_LEVEL:  # noqa: PLR2004
        return labels[:-2]
    return labels[:-1]


def is_within(host: str, hosts: Iterable[str]) -> bool:
    """Whether it is one of these hosts or belongs to one. As quick for a thousand hosts as for one."""
    known = _set_of(hosts)
    place = len(host)
    while known and len(host) - place <= _LONGEST_HOST:
        place = host.rfind(".", 0, place)
        if host[place + 1 :] in known:
            return True
        if place < 0:
            break
    return False


def _set_of(hosts: Iterable[str]) -> frozenset[str]:
    return hosts if isinstance(hosts, frozenset) else _kept(tuple(hosts))


@lru_cache(maxsize=64)
def _kept(hosts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(hosts)


def same_site(one: str, other: str) -> bool:
    """Whether two hosts belong to one registered name."""
    return _site(one) == _site(other)


def _site(host: str) -> str:
    labels = registered(host)
    return host if len(labels) < 2 else host.split(".", len(labels) - 1)[-1]  # noqa: PLR2004


def is_ours(host: str, names: Iterable[str], own_hosts: Iterable[str]) -> bool:
    """One of the company's hosts; where it has named none, one whose registered name is ours."""
    if own_hosts:
        return is_within(host, own_hosts)
    return not _squeezed(names).isdisjoint(registered(host)[-1:])


def is_number(host: str) -> bool:
    """A raw address: 192.0.2.7, 3221226219, 0xc0000207, 2001:db8::1."""
    if not host:
        return False
    digits = host.replace(".", "")
    if digits.isdecimal() or (":" in host and is_address(host)):
        return True
    parts = host.split(".")
    return parts[0].startswith("0x") and all(_is_hex(part) for part in parts)


def _is_hex(part: str) -> bool:
    body = part.removeprefix("0x")
    return bool(body) and all(char in "0123456789abcdef" for char in body)


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_private(host: str) -> bool:
    return is_number(host) and is_address(host) and ip_address(host).is_private


def is_disguised(host: str) -> bool:
    """A host that mixes scripts within a label, or is written in look-alikes only."""
    for label in unicodedata.normalize("NFC", readable(host)).split("."):
        scripts = {script_of(char) for char in label} - {""}
        if len(scripts - _UNSPACED) > 1 or (label and all(c in LOOKALIKES for c in label)):
            return True
    return False


def is_punycode(host: str) -> bool:
    return any(label.startswith(_PUNYCODE) for label in host.split("."))


def readable(host: str) -> str:
    """The host with its punycode labels as they are meant to be read; as it is where they are malformed."""
    return ".".join(map(_readable_label, host.split(".")))


def _readable_label(label: str) -> str:
    if not label.startswith(_PUNYCODE):
        return label
    try:
        return label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def pretends(
    host: str, names: Iterable[str], lures: frozenset[str], landlords: frozenset[str]
) -> bool:
    """Whether a foreign host is made to be taken for one of these names.

    ``lures``: words such as login that phishers join to a name. ``landlords``: hosts that let each customer have a
    subdomain, where a name as subdomain is nothing special.
    """
    known = _squeezed(names)
    labels = [_letters(label) for label in registered(readable(host))]
    if not labels or not known:
        return False
    *below, own = labels
    if own in known and plain(host) == readable(host):
        return False
    return any(
        _mimics(own, name)
        or (own == name and plain(host) != readable(host))
        or _lures(registered(plain(readable(host)))[-1], name, lures)
        or (not is_within(host, landlords) and any(_is_label(label, name) for label in below))
        for name in known
    )


@lru_cache(maxsize=256)
def _names(names: tuple[str, ...]) -> frozenset[str]:
    folded = (_letters(name) for name in names)
    return frozenset(name for name in folded if len(name) >= _SHORTEST_NAME)


def _squeezed(names: Iterable[str]) -> frozenset[str]:
    return _names(tuple(names))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, plain(text)))


def _is_label(label: str, name: str) -> bool:
    return label == name or _mimics(label, name)


def _mimics(label: str, name: str) -> bool:
    """Whether a reader would take one for the other: look-alike signs, or one slip of the finger."""
    if label == name:
        return False
    if _as_read(label) == _as_read(name):
        return True
    if len(name) >= _SHORTEST_WITH_TYPOS:
        return _one_slip(label, name)
    return _is_doubled(label, name) or (_is_swapped(label, name) and len(name) >= _SHORTEST_NAME)


def _as_read(label: str) -> str:
    for two, one in _TWO_AS_ONE:
        label = label.replace(two, one)
    return label.translate(_READ_AS).replace("i", "l")


def _one_slip(label: str, name: str) -> bool:
    """One letter more, less or other, or two neighbours swapped."""
    if abs(len(label) - len(name)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(label, name, strict=False)) if a != b), None)
    if start is None:
        return True
    more, less = label[start + 1 :], name[start + 1 :]
    return more == less or more == name[start:] or label[start:] == less or _is_swapped(label, name)


def _is_swapped(label: str, name: str) -> bool:
    if len(label) != len(name):
        return False
    differ = [n for n in range(len(name)) if label[n] != name[n]]
    return (
        len(differ) == 2  # noqa: PLR2004
        and differ[1] == differ[0] + 1
        and label[differ[0]] == name[differ[1]]
        and label[differ[1]] == name[differ[0]]
    )


def _is_doubled(label: str, name: str) -> bool:
    """One letter written twice: acmme, acmee."""
    return len(label) == len(name) + 1 and any(
        label == name[:n] + name[n - 1] + name[n:] for n in range(1, len(name) + 1)
    )


def _lures(label: str, name: str, lures: frozenset[str]) -> bool:
    """Whether a name and a word that asks for trust make up the label: acme-login, secureacme, acme-24-verify."""
    parts = [part for part in label.replace("_", "-").split("-") if part]
    if len(parts) > 1 and any(part == name or _mimics(part, name) for part in parts):
        return not lures.isdisjoint(parts)
    squeezed = "".join(parts)
    rest = squeezed.removeprefix(name) if squeezed.startswith(name) else squeezed.removesuffix(name)
    return rest != squeezed and rest in lures
