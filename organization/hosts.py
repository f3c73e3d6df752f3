"""Web hosts as people write them: an address, a host, with or without a path. Pure."""

import re

_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")


def host_of(text: str) -> str:
    """The host of an address, in small letters and without www. Raises ValueError where there is none."""
    host = text.strip().lower().partition("://")[2] or text.strip().lower()
    for sign in "/?#":
        host = host.partition(sign)[0]
    host = host.rpartition("@")[2].partition(":")[0].strip(".").removeprefix("www.")
    host = _in_ascii(host)
    if not _HOST.fullmatch(host):
        raise ValueError(f"“{text.strip()}” is not a web address. Write it like acme.example.")
    return host


def _in_ascii(host: str) -> str:
    """Letters of other scripts as browsers send them; as it is where they make no name."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host
