"""What we watch for: lists and quiet periods. They are secrets themselves, so to others these pages do not exist."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from .. import watching
from ..watch_forms import AddNamesForm, EndNamesForm, QuietPeriodForm
from ..watched import QuietPeriod, WatchedName

PAGE = 100
A_FEW = 20
View = Callable[..., HttpResponse]


def keepers_only(view: View) -> View:
    """None of anybody else's business, so not found; kept out of caches and of error reports."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **options: object) -> HttpResponse:
        if not request.user.has_perm("organization.keep_lists"):
            raise Http404
        return view(request, *args, **options)

    return never_cache(sensitive_post_parameters()(login_required(wrapped)))


@keepers_only
def watched(request: HttpRequest, which: str = WatchedName.List.PROJECT_NAMES) -> HttpResponse:
    """One list: what stands on it, and more to add."""
    if which not in WatchedName.List.values:
        raise Http404
    form = AddNamesForm(which, request.POST or None)
    if form.is_valid():
        added = watching.add_names(actor=request.user, which=which, **form.cleaned_data)
        messages.success(request, _said(added))
        return redirect("organization:watched", which)
    names = WatchedName.objects.watched().on(which).select_related("added_by")
    page = Paginator(names, PAGE).get_page(request.GET.get("page"))
    context = {"which": WatchedName.List(which), "form": form, "page": page}
    return render(request, "pages/organization/watched.html", context)


def _said(added: watching.Added) -> str:
    known = f" {added.known} stood there already." if added.known else ""
    return f"{added.new} added. The checks look for them from now on.{known}"


@keepers_only
@require_POST
def end_names(request: HttpRequest, which: str) -> HttpResponse:
    form = EndNamesForm(which, request.POST)
    if form.is_valid():
        count = watching.end_names(actor=request.user, **form.cleaned_data)
        messages.success(request, f"{count} taken off the list.")
    else:
        messages.error(request, " ".join(form.errors["names"]))
    return redirect("organization:watched", which)


@keepers_only
def quiet_periods(request: HttpRequest) -> HttpResponse:
    """Windows in which nobody speaks of results, deals or shares."""
    form = QuietPeriodForm(request.POST or None, initial={"unit": request.user.unit_id})
    if form.is_valid():
        watching.add_quiet_period(actor=request.user, **form.period())
        messages.success(request, "The quiet period is set. Posts under way are looked at again.")
        return redirect("organization:quiet_periods")
    periods = QuietPeriod.objects.select_related("added_by")
    standing = sorted(periods.not_over(), key=lambda one: one.starts_at)
    over = periods.exclude(pk__in=[one.pk for one in standing])[:A_FEW]
    context = {"form": form, "standing": standing, "over": over}
    return render(request, "pages/organization/quiet_periods.html", context)


@keepers_only
@require_POST
def end_quiet_period(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    watching.end_quiet_period(get_object_or_404(QuietPeriod, pk=pk), actor=request.user)
    messages.success(request, "The quiet period is over.")
    return redirect("organization:quiet_periods")
