"""Who asks through the API: the person of a token, within its scopes, so often a minute. Sessions open nothing here."""

import datetime as dt

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from organization import patience
from organization.models import Person

from .errors import ScopeMissingError, TooManyError
from .models import Token

A_MINUTE = 120  # requests with one token


class ApiToken(HttpBearer):
    """``Authorization: Bearer cs_…``; without a scope, any token opens it that is made for programs."""

    def __init__(self, *scopes: str) -> None:
        self.scopes = scopes
        super().__init__()

    def __call__(self, request: HttpRequest) -> Person | None:
        person = super().__call__(request)
        if person is None and not patience.note(patience.of_token(request)):
            raise TooManyError(int(patience.WINDOW.total_seconds()))
        return person

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        """The person, marked with the token's name, which every entry of what they do then carries (invariant 14)."""
        found = Token.objects.behind(token)
        if found is None:
            return None
        count(found)
        if not any(map(found.may, self.scopes)):
            raise ScopeMissingError(self.scopes[0])
        person = found.person
        person.through = f"API token {found.name}"
        return person


def count(token: Token, at: dt.datetime | None = None) -> None:
    """Count one use: one update, so that many at once get no more than the limit. Raises TooManyError."""
    now = at or timezone.now()
    minute = now.replace(second=0, microsecond=0)
    this = Token.objects.filter(pk=token.pk)
    again = this.filter(counted_at=minute)
    if again.filter(uses__lt=A_MINUTE).update(uses=F("uses") + 1):
        return
    anew = this.filter(Q(counted_at=None) | ~Q(counted_at=minute))
    if anew.update(counted_at=minute, uses=1, last_used_on=now.date()):
        return
    if again.filter(uses__lt=A_MINUTE).update(uses=F("uses") + 1):  # another began the minute
        return
    raise TooManyError(60 - now.second)
