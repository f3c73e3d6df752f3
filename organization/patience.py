"""Guessing passwords is slowed down, never answered by a lock that lasts.

Wrong passwords of the last quarter of an hour are counted for the account as seen from one
address, for the address, and for the account as a whole. A device on which the right password was
given before is counted by itself, so nobody can keep a person out by guessing at their account.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from .client import client_address
from .models import Attempt

WINDOW = timedelta(minutes=15)
COOKIE, SALT = "known-device", "organization.known_device"
COOKIE_LASTS = timedelta(days=180)
HERE, ADDRESS, ACCOUNT, MAILS = 5, 50, 100, 3

Limits = Mapping[str, int]  # how many attempts each key may have in the window; the closest first


def of_sign_in(request: HttpRequest, email: str) -> Limits:
    """Which counts a password for this account, given in this request, adds to."""
    account = email.strip().lower()
    if device := _known_device(request, account):
        return {_key("device", device): HERE}
    address = client_address(request)
    return {
        _key("here", account, address): HERE,
        _key("address", address): ADDRESS,
        _key("account", account): ACCOUNT,
    }


def of_mail(request: HttpRequest, email: str) -> Limits:
    """Which counts a mail asked for by a stranger adds to."""
    address = client_address(request)
    return {_key("mail", email.strip().lower()): MAILS, _key("mails", address): ADDRESS}


def of_token(request: HttpRequest) -> Limits:
    """Which counts a token that opens nothing adds to."""
    return {_key("token", client_address(request)): ADDRESS}


def note(limits: Limits, at: datetime | None = None) -> list[Attempt]:
    """Note an attempt before it is made; an empty list, and nothing noted, once a limit is reached.

    Noted first and counted afterwards, so that many at once get no more than the limit.
    """
    now = at or timezone.now()
    Attempt.objects.filter(at__lte=now - WINDOW).delete()
    noted = Attempt.objects.bulk_create([Attempt(key=key, at=now) for key in limits])
    made = Counter(Attempt.objects.filter(key__in=limits).values_list("key", flat=True))
    if all(made[key] <= limit for key, limit in limits.items()):
        return noted
    forgive(noted)
    return []


def forgive(noted: list[Attempt], limits: Limits | None = None) -> None:
    """Take back an attempt; with its limits, also what was wrong before it from this very place."""
    here = next(iter(limits or {}), "")
    Attempt.objects.filter(Q(pk__in=[row.pk for row in noted]) | Q(key=here)).delete()


def remember_device(response: HttpResponse, email: str, *, secure: bool) -> None:
    """Let this device be counted by itself from now on."""
    device = {"account": _key("account", email.strip().lower()), "device": get_random_string(22)}
    response.set_cookie(
        COOKIE,
        signing.dumps(device, salt=SALT),
        max_age=COOKIE_LASTS,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def _known_device(request: HttpRequest, account: str) -> str:
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_LASTS)
    except signing.BadSignature:
        return ""
    return said["device"] if said["account"] == _key("account", account) else ""


def _key(*parts: str) -> str:
    """Neither addresses nor accounts stand in the table."""
    return salted_hmac("organization.patience", "\0".join(parts)).hexdigest()
