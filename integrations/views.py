"""Pages of what goes in and out by programs: one's tokens and calendar, the receivers, the API's description."""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from . import actions, bearer, description, planned
from .actions import EndsTooLateError, TooManyTokensError
from .api import api
from .errors import TooManyError
from .forms import ChangedReceiverForm, ReceiverForm, TokenForm
from .models import Delivery, Receiver, Token, digest_of
from .scopes import FOR_PROGRAMS, Scope

PAGE = 25
View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """None of anybody else's business, so not found; and kept out of caches, for addresses are secrets."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **options: object) -> HttpResponse:
        if not request.user.has_perm("organization.administer"):
            raise Http404
        return view(request, *args, **options)

    return never_cache(login_required(wrapped))


@never_cache
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens: what they may do, when they were used last, and a new one, shown once."""
    form, secret = TokenForm(request.POST or None), ""
    if form.is_valid():
        secret = _made(request, form, **form.token())
    return _tokens(request, TokenForm() if secret else form, secret=secret)


def _made(request: HttpRequest, form: TokenForm | None, **values: object) -> str:
    try:
        return actions.make_token(actor=request.user, **values)[1]
    except (TooManyTokensError, EndsTooLateError) as refusal:
        if form is None:
            messages.error(request, refusal.says)
        else:
            form.add_error(None, refusal.says)
        return ""


def _tokens(request: HttpRequest, form: TokenForm, **shown: str) -> HttpResponse:
    kept = list(request.user.tokens.all()[:PAGE])
    return render(
        request,
        "pages/integrations/tokens.html",
        {
            "form": form,
            "tokens": kept,
            "scope_words": dict(Scope.choices),
            "secret": "",
            "address": "",
            **shown,
        },
    )


@never_cache
@login_required
@require_POST
def make_calendar(request: HttpRequest) -> HttpResponse:
    """A calendar's address is a token of its own kind, shown once as well."""
    ends_at = timezone.now() + dt.timedelta(days=365)
    secret = _made(request, None, name="Calendar", scopes=[Scope.CALENDAR.value], ends_at=ends_at)
    path = reverse("integrations:calendar", args=[secret]) if secret else ""
    return _tokens(request, TokenForm(), address=request.build_absolute_uri(path) if path else "")


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    actions.revoke_token(get_object_or_404(request.user.tokens, pk=pk), actor=request.user)
    messages.success(request, "Revoked. Nothing can be done with it any more.")
    return redirect("integrations:tokens")


@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """Planned posts, for a calendar program: its address is the token."""
    token = Token.objects.behind(secret)
    if token is None or not token.may(Scope.CALENDAR):
        raise Http404
    try:
        bearer.count(token)
    except TooManyError as refusal:
        return HttpResponse(refusal.says, status=429, headers={"Retry-After": str(refusal.wait)})
    feed = planned.feed(token.person)
    etag = quote_etag(digest_of(feed.decode()))
    response = HttpResponse(feed, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


@administrators_only
def receivers(request: HttpRequest) -> HttpResponse:
    """Who is told outside, and one more of them."""
    form = ReceiverForm(request.POST or None, initial={"kind": "webhook"})
    if form.is_valid():
        receiver = actions.add_receiver(actor=request.user, **form.receiver())
        if receiver.is_webhook:
            return _receiver(request, receiver, secret=receiver.secret)
        messages.success(request, f"{receiver.name} is told from now on.")
        return redirect("integrations:receiver", receiver.pk)
    context = {"form": form, "receivers": Receiver.objects.all()}
    return render(request, "pages/integrations/receivers.html", context)


@administrators_only
def receiver(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What one receiver is told, and what became of the last messages."""
    found = get_object_or_404(Receiver, pk=pk)
    form = ChangedReceiverForm(request.POST or None, instance=found)
    if form.is_valid():
        actions.change_receiver(found, actor=request.user, **form.receiver())
        messages.success(request, "Saved.")
        return redirect("integrations:receiver", pk)
    return _receiver(request, get_object_or_404(Receiver, pk=pk), form)


def _receiver(
    request: HttpRequest,
    shown: Receiver,
    form: ChangedReceiverForm | None = None,
    secret: str = "",
) -> HttpResponse:
    deliveries = Paginator(shown.deliveries.all(), PAGE).get_page(request.GET.get("page"))
    context = {
        "receiver": shown,
        "form": form or ChangedReceiverForm(instance=shown),
        "page": deliveries,
        "secret": secret,
    }
    return render(request, "pages/integrations/receiver.html", context)


@administrators_only
@require_POST
def change_secret(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    changed = actions.change_secret(get_object_or_404(Receiver, pk=pk), actor=request.user)
    return _receiver(request, changed, secret=changed.secret)


@administrators_only
@require_POST
def send_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    delivery = get_object_or_404(Delivery, pk=pk)
    actions.send_again(delivery, actor=request.user)
    messages.success(request, "It goes out again now, under the same id.")
    return redirect("integrations:receiver", delivery.receiver_id)


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """The API's description for people, made of the same as /api/v1/openapi.json."""
    schema = api.get_openapi_schema()
    context = {
        "about": schema["info"]["description"],
        "operations": description.operations(schema),
        "shapes": description.shapes(schema),
        "scopes": [(one.value, one.label) for one in FOR_PROGRAMS],
    }
    return render(request, "pages/integrations/reference.html", context)
