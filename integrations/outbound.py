"""One POST to somebody outside: the checked address and no other, no redirects, ten seconds, little is read."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from .addresses import NOT_PUBLIC, Target, is_public, target_of
from .errors import AddressRefusedError, UnreachableError

DEADLINE = 10  # seconds for all of it, the look-up of the name included
MOST_READ = 64 * 1024  # bytes of an answer
USER_AGENT = "Countersign"
TOO_SLOW = f"No answer within {DEADLINE} seconds."


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def check(url: str) -> None:
    """Refuse what nothing may be sent to, before it is kept. Raises AddressRefusedError or UnreachableError."""
    _addresses(target_of(url, settings.COUNTERSIGN_WEBHOOK_HOSTS))


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send it. Raises AddressRefusedError where it may not go, UnreachableError where no answer came."""
    exchange = _Exchange(target_of(url, settings.COUNTERSIGN_WEBHOOK_HOSTS), body, headers)
    thread = threading.Thread(target=exchange.run, daemon=True)
    thread.start()
    thread.join(DEADLINE)
    if thread.is_alive():
        exchange.give_up()
        raise UnreachableError(TOO_SLOW)
    if exchange.error:
        raise exchange.error
    return exchange.answer


class _Exchange:
    """A request in a thread of its own, because neither a name server nor a slow sender keeps to a deadline."""

    def __init__(self, target: Target, body: bytes, headers: Mapping[str, str]) -> None:
        self.target, self.body = target, body
        self.headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **headers}
        self.answer: Answer | None = None
        self.error: Exception | None = None
        self._socket: socket.socket | None = None
        self._given_up = False

    def run(self) -> None:
        try:
            self.answer = self._ask()
        except (AddressRefusedError, UnreachableError) as error:
            self.error = error
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.error = UnreachableError(f"No answer: {_in_words(error)}.")

    def give_up(self) -> None:
        """Wake whoever reads or writes; the thread then closes the connection itself."""
        self._given_up = True
        if self._socket:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _ask(self) -> Answer:
        connection = http.client.HTTPConnection(self.target.host, self.target.port)
        try:
            connection.sock = self._connected()
            if self._given_up:
                raise UnreachableError(TOO_SLOW)
            connection.request("POST", self.target.path, self.body, self._with_host())
            response = connection.getresponse()
            return Answer(response.status, response.read(MOST_READ))
        finally:
            connection.close()
            if self._socket:
                self._socket.close()

    def _with_host(self) -> dict[str, str]:
        """http.client would add a port to the name that TLS hides in the scheme."""
        host = f"[{self.target.host}]" if ":" in self.target.host else self.target.host
        usual = self.target.port in {80, 443}
        return self.headers | {"Host": host if usual else f"{host}:{self.target.port}"}

    def _connected(self) -> socket.socket:
        """A socket to an address that has just been checked: the name is not looked up a second time."""
        address = _addresses(self.target)[0]
        raw = socket.create_connection((address, self.target.port), timeout=DEADLINE)
        self._socket = raw
        if self.target.scheme == "https":
            self._socket = _tls().wrap_socket(
                raw, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self._socket.do_handshake()
        return self._socket


def _addresses(target: Target) -> list[str]:
    """What the name leads to, every one of them public, unless the host is named in the settings."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(f"There is no host “{target.host}”.") from error
    addresses = [place[0] for *_, place in found]
    if not target.is_named and not all(map(is_public, addresses)):
        raise AddressRefusedError(NOT_PUBLIC)
    return addresses


def _in_words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message})"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
