"""By which sign-in a person is here: noted when they sign in, told when they acknowledge."""

import datetime as dt
import hashlib
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

METHOD = "e-mail address and password"
AT = "signed_in_at"


def note(request: HttpRequest, **_: Any) -> None:
    """Keep when this session began: a person's `last_login` moves with every other device."""
    request.session[AT] = timezone.now().isoformat()


def at(request: HttpRequest) -> dt.datetime:
    return dt.datetime.fromisoformat(request.session[AT])


def session_digest(request: HttpRequest) -> str:
    """Names the session and opens nothing; SHA-256, hex."""
    return hashlib.sha256(request.session.session_key.encode()).hexdigest()
