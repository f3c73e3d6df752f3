"""Signing in and out, choosing a password by a mailed link, and the very first set-up."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from .. import actions, letters, links, patience, setup_link
from .. import sign_in as sign_in_note
from ..forms import FirstAdministratorForm, ForgottenForm, NewPasswordForm, SignInForm, zones
from ..models import Company, Person

WRONG = "This address and password do not belong together. Check both, or choose a new password."
WAIT = (
    "There were too many wrong passwords. Wait a quarter of an hour and try again, "
    "or choose a new password by mail: that works at once."
)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in by e-mail address and password, and on to where they were going."""
    target = _safe(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(request.POST or None)
    if form.is_valid() and (person := _known(request, form)):
        _enter(request, person, "password")
        response = redirect(target)
        patience.remember_device(response, person.email, secure=settings.COUNTERSIGN_TLS)
        return response
    return render(request, "pages/organization/sign_in.html", {"form": form, "next": target})


def _known(request: HttpRequest, form: SignInForm) -> Person | None:
    """Whoever has this address and password; otherwise the form says what to do."""
    limits = patience.of_sign_in(request, form.cleaned_data["email"])
    noted = patience.note(limits)
    if not noted:
        form.add_error(None, WAIT)
        return None
    person = authenticate(
        request, username=form.cleaned_data["email"], password=form.cleaned_data["password"]
    )
    if person is None:
        form.add_error(None, WRONG)
        return None
    patience.forgive(noted, limits)
    return person


def _enter(request: HttpRequest, person: Person, method: str) -> None:
    """Start a session that knows how and when it began: receipts say so."""
    login(request, person, backend=BACKEND)
    sign_in_note.note(request, method)


def _safe(request: HttpRequest, target: str) -> str:
    """A page of ours; the front door instead of any other site."""
    if url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return "/"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, "You are signed out.")
    return redirect("organization:sign_in")


def forgotten(request: HttpRequest) -> HttpResponse:
    """Mail a link to whoever has this address; strangers learn nothing from the answer."""
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        person = Person.objects.active().filter(email=email).first()
        if patience.note(patience.of_mail(request, email)) and person:
            letters.send_reset.enqueue(str(person.pk))
        return render(request, "pages/organization/forgotten_sent.html", {"email": email})
    return render(request, "pages/organization/forgotten.html", {"form": form})


@sensitive_post_parameters()
@never_cache
def reset(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """Choose a new password by the mailed link."""
    person = links.for_reset(uidb64, token)
    return _choose_password(request, person, "reset", "pages/organization/reset.html")


@sensitive_post_parameters()
@never_cache
def accept(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """Choose the first password by the link in the invitation."""
    person = links.for_invitation(uidb64, token)
    return _choose_password(request, person, "accepted", "pages/organization/accept.html")


def _choose_password(
    request: HttpRequest, person: Person | None, how: str, template: str
) -> HttpResponse:
    if person is None:
        return render(request, "pages/organization/link_is_over.html", {"how": how}, status=410)
    form = NewPasswordForm(person, request.POST or None)
    if form.is_valid():
        person = actions.choose_password(
            person, password=form.cleaned_data["new_password1"], how=how
        )
        _enter(request, person, "mailed link")
        messages.success(request, "Your password is set, and you are signed in.")
        return redirect("home")
    context = {"form": form, "invited": person, "company": Company.current()}
    return render(request, template, context)


@sensitive_post_parameters()
@never_cache
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The first page of the set-up: who administers."""
    if not setup_link.check_token(token):
        return render(request, "pages/organization/link_is_over.html", {"how": "setup"}, status=410)
    form = FirstAdministratorForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        person = actions.make_first_administrator(
            password=said["new_password1"],
            **{name: said[name] for name in ["name", "email", "unit_name", "unit_zone"]},
        )
        _enter(request, person, "password")
        return redirect("organization:set_up_company")
    return render(request, "pages/organization/set_up.html", {"form": form, "zones": zones()})
