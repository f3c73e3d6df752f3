"""What an administrator sees to: people, units, the company. To others these pages do not exist."""

import uuid
from collections.abc import Callable
from functools import partial, wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from .. import actions, letters, working_time
from ..forms import (
    ClosureForm,
    CompanyForm,
    InviteForm,
    MoreUnits,
    PersonForm,
    UnitForm,
    UnitPageForm,
    zones,
)
from ..models import Closure, Company, Person, Unit
from ..roles import Role

PAGE = 50
View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """None of anybody else's business, so not found."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **options: object) -> HttpResponse:
        if not request.user.has_perm("organization.administer"):
            raise Http404
        return view(request, *args, **options)

    return login_required(wrapped)


@administrators_only
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    chosen = {
        "q": words,
        "unit": request.GET.get("unit", ""),
        "who": request.GET.get("who", "here"),
    }
    roles = Prefetch("groups", Group.objects.order_by("name"), to_attr="held")
    found = _found(chosen).select_related("unit").prefetch_related(roles)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "chosen": chosen,
        "units": Unit.objects.all(),
        "roles": dict(Role.choices),
    }
    return render(request, "pages/organization/people.html", context)


def _found(chosen: dict[str, str]) -> QuerySet[Person]:
    found = Person.objects.filter(is_active=chosen["who"] != "left")
    if words := chosen["q"]:
        found = found.filter(
            Q(name__icontains=words) | Q(email__icontains=words) | Q(job_title__icontains=words)
        )
    if chosen["unit"].isdecimal():
        found = found.filter(unit=chosen["unit"])
    if chosen["who"] in Role.values:
        found = found.filter(groups__name=chosen["who"])
    if chosen["who"] == "invited":
        found = found.filter(password__startswith="!")  # noqa: S106  none chosen yet
    return found


@administrators_only
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if form.is_valid():
        person = actions.invite(actor=request.user, **form.cleaned_data)
        messages.success(request, f"{person.name} gets a mail at {person.email} with a link.")
        return redirect("organization:people")
    return render(request, "pages/organization/invite.html", {"form": form})


@login_required
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An administrator changes it; the person themselves may look."""
    may_act = request.user.has_perm("organization.administer")
    visible = Person.objects.all() if may_act else Person.objects.filter(pk=request.user.pk)
    shown = get_object_or_404(visible.select_related("unit", "manager"), pk=pk)
    if request.method == "POST" and not may_act:
        raise PermissionDenied("Only an administrator may change this. Ask one of them.")
    roles = set(shown.groups.values_list("name", flat=True))
    manager = shown.manager.email if shown.manager else ""
    form = PersonForm(
        request.POST or None, instance=shown, initial={"roles": roles, "manager": manager}
    )
    if form.is_valid() and _is_changed(request, form):
        messages.success(request, f"What we say of {shown.name} is saved.")
        return redirect("organization:person", shown.pk)
    context = {
        "shown": shown,
        "form": form,
        "may_act": may_act,
        "held": [Role(name) for name in roles],
    }
    return render(request, "pages/organization/person.html", context)


def _is_changed(request: HttpRequest, form: PersonForm) -> bool:
    try:
        actions.change_person(form.instance, actor=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


@administrators_only
@require_POST
def deactivate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = get_object_or_404(Person, pk=pk)
    try:
        actions.deactivate(shown, actor=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{shown.name} is signed out everywhere and cannot come in.")
    return redirect("organization:person", pk)


@administrators_only
@require_POST
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = actions.take_back(get_object_or_404(Person, pk=pk), actor=request.user)
    messages.success(request, f"{shown.name} gets a mail with a link to come in again.")
    return redirect("organization:person", pk)


@administrators_only
@require_POST
def invite_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = get_object_or_404(Person.objects.active(), pk=pk)
    actions.invite_again(shown, actor=request.user)
    messages.success(request, f"{shown.name} gets the invitation once more.")
    return redirect("organization:person", pk)


@administrators_only
def units(request: HttpRequest) -> HttpResponse:
    form = UnitForm(request.POST or None)
    if form.is_valid():
        made = actions.create_unit(actor=request.user, **form.cleaned_data)
        messages.success(request, f"{made.name} is added.")
        return redirect("organization:units")
    here = Count("people", filter=Q(people__is_active=True))
    context = {"units": Unit.objects.annotate(size=here), "form": form, "zones": zones()}
    return render(request, "pages/organization/units.html", context)


@administrators_only
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Unit, pk=pk)
    form = UnitPageForm(request.POST or None, instance=shown)
    if form.is_valid() and _is_kept(
        form, partial(actions.change_unit, shown, actor=request.user, **form.unit())
    ):
        messages.success(request, f"{form.cleaned_data['name']} is saved.")
        return redirect("organization:units")
    return _unit_page(request, pk, form, ClosureForm())


@administrators_only
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Closing days of a unit, or of every unit."""
    shown = get_object_or_404(Unit, pk=pk)
    form = ClosureForm(request.POST)
    if form.is_valid():
        days = dict(form.cleaned_data)
        days["unit"] = None if days.pop("in_every_unit") else shown
        if _is_kept(form, partial(working_time.close, actor=request.user, **days)):
            messages.success(request, "Closed on these days. No answer is due on them.")
            return redirect("organization:unit", pk)
    return _unit_page(request, pk, UnitPageForm(instance=shown), form)


@administrators_only
@require_POST
def open_again(request: HttpRequest, pk: int, closure: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Closure.objects.holding_for([pk]), pk=closure)
    working_time.open_again(found, actor=request.user)
    messages.success(request, "Taken back. Answers are due on these days as on others.")
    return redirect("organization:unit", pk)


def _is_kept(form: Form, act: Callable[[], object]) -> bool:
    """What the action refuses stands above the form."""
    try:
        act()
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _unit_page(
    request: HttpRequest, pk: int, form: UnitPageForm, closure_form: ClosureForm
) -> HttpResponse:
    closures = Closure.objects.holding_for([pk]).not_over(timezone.localdate())
    context = {
        "shown": Unit.objects.get(pk=pk),
        "form": form,
        "zones": zones(),
        "closures": closures,
        "closure_form": closure_form,
    }
    return render(request, "pages/organization/unit.html", context)


@login_required
def company(request: HttpRequest) -> HttpResponse:
    """Everybody may see which names count as ours; an administrator changes them."""
    may_act = request.user.has_perm("organization.administer")
    if request.method == "POST" and not may_act:
        raise PermissionDenied("Only an administrator may change the company. Ask one of them.")
    shown = Company.current()
    form = CompanyForm(request.POST or None, instance=shown)
    if form.is_valid():
        actions.change_company(actor=request.user, **form.cleaned_data)
        messages.success(request, "The company is saved.")
        return redirect("organization:company")
    context = {"shown": Company.current(), "form": form, "may_act": may_act, "mail": how_mails_go()}
    return render(request, "pages/organization/company.html", context)


@administrators_only
def set_up_company(request: HttpRequest) -> HttpResponse:
    """The second page of the set-up. Sending a test mail from it keeps what was typed."""
    shown = Company.current()
    if shown.set_up_at:
        return redirect("organization:company")
    form = CompanyForm(request.POST or None, instance=shown)
    more = MoreUnits(request.POST or None, prefix="units")
    if "test" in request.POST:
        _send_test(request)
    elif form.is_valid() and more.is_valid():
        actions.set_up_company(actor=request.user, units=more.units(), **form.cleaned_data)
        messages.success(request, "Everything is set up. Next, invite the people you work with.")
        return redirect("organization:people")
    here = Unit.objects.order_by("pk")
    context = {"form": form, "more": more, "units": here, "mail": how_mails_go(), "zones": zones()}
    return render(request, "pages/organization/set_up_company.html", context)


@administrators_only
@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    _send_test(request)
    return redirect("organization:company")


def _send_test(request: HttpRequest) -> None:
    if problem := letters.send_test(request.user):
        messages.error(request, f"The test mail could not be sent. {problem}")
    else:
        messages.success(request, f"A test mail is on its way to {request.user.email}.")


def how_mails_go() -> dict[str, str]:
    """Where mails go now, in words, without a password."""
    ways = {
        "smtp": f"by the mail server {settings.EMAIL_HOST}, port {settings.EMAIL_PORT}",
        "filebased": f"into files in {getattr(settings, 'EMAIL_FILE_PATH', '')}, and to nobody",
        "console": "to the program's output, and to nobody",
        "locmem": "into memory, and to nobody",
    }
    name = settings.EMAIL_BACKEND.split(".")[-2]
    return {
        "way": ways.get(name, f"by {settings.EMAIL_BACKEND}"),
        "sender": settings.DEFAULT_FROM_EMAIL,
    }
