"""By which sign-in a person is here: noted when they sign in, told when they acknowledge."""

import hashlib
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

NOTE = "sign_in"


def note(request: HttpRequest, method: str = "password", **_: Any) -> None:
    """Keep how and when this session began: a person's `last_login` moves with every other device."""
    request.session[NOTE] = {"method": method, "at": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"}


def told(request: HttpRequest) -> dict[str, str]:
    """Method, moment, and a digest (SHA-256, hex) that names the session and opens nothing."""
    session = hashlib.sha256(request.session.session_key.encode()).hexdigest()
    return request.session[NOTE] | {"session": session}
