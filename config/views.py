"""Pages that belong to no app: the front door, health, our key, and refusals."""

import logging
import secrets
import sys
from ipaddress import ip_address
from typing import BinaryIO

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ledger import keys
from organization.client import client_address

from . import readiness
from .refusals import NOT_YOURS, refuse

logger = logging.getLogger(__name__)
PLAIN = "text/plain; charset=utf-8"
MOST_READ_AWAY, A_CHUNK = 200_000_000, 1_000_000  # bytes
TOO_LARGE = "That is more than we take in at once. Nothing was saved. Go back, make it smaller, and send it again."


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Whether pages can be served; for a load balancer, so cheap and always the same."""
    try:
        pending = readiness.pending_migrations()
    except DatabaseError:
        return _plain("The database does not answer.", status=503)
    if pending:
        return _plain("Migrations are pending. Run `manage.py migrate`.", status=503)
    return _plain("ok")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """All that should be well, each fault with its fix; strangers learn only that there is one."""
    problems = readiness.problems()
    if not problems:
        return _plain("ready")
    if not _may_see_problems(request):
        problems = ["Not ready. Ask from the machine itself, or sign in as an administrator."]
    return _plain("\n".join(problems), status=503)


def _may_see_problems(request: HttpRequest) -> bool:
    return ip_address(client_address(request)).is_loopback or request.user.has_perm(
        "organization.administer"
    )


@require_safe
def signing_key(_request: HttpRequest) -> HttpResponse:
    """The key that checkpoints are signed with, to hold against a record's own."""
    return _plain(f"{keys.vkey()}\nfingerprint: {keys.fingerprint()}\n")


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Browsers ask for this name unasked."""
    return redirect(static("img/mark.svg"), permanent=True)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that cannot be read. One that is too large is read to its end first (or far enough):
    a browser that still sends when the connection closes shows its own error instead of our words.
    """
    if isinstance(exception, RequestDataTooBig):
        _read_away(request.META["wsgi.input"], MOST_READ_AWAY)
        return refuse(request, 413, TOO_LARGE)
    return render(request, "pages/errors/400.html", status=400)


def _read_away(body: BinaryIO, most: int) -> None:
    while most > 0 and (chunk := body.read(min(A_CHUNK, most))):
        most -= len(chunk)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say who may: in the refusal's own sentence, if it is one."""
    says = str(exception)
    return refuse(request, 403, says if says.endswith(".") else NOT_YOURS)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "pages/errors/404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our own page, or from one that was open for too long."""
    return render(request, "pages/errors/csrf.html", status=403)


def our_mistake(_request: HttpRequest) -> HttpResponse:
    """An apology with a reference that the log repeats. Rendered without asking the database."""
    reference = secrets.token_hex(4)
    logger.error("Reference %s: %r", reference, sys.exc_info()[1])
    page = render_to_string("pages/errors/500.html", {"reference": reference})
    return HttpResponse(page, status=500)


def _plain(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, content_type=PLAIN, status=status)
