"""Pages of times: blackouts, a post once more for a new time, and clearing past the desk."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from clause_library.checks.marking import segments

from . import actions, again, desks, silencing
from .break_glass import break_glass as break_the_glass
from .clock_forms import BlackoutForm, BreakGlassForm
from .errors import RefusedPostError
from .forms import SeenForm
from .models import Blackout, Review, Submission

PAGE = 25
A_FEW = 20
SEES_BROKEN_GLASS = (
    "approvals.break_glass",
    "organization.read_records",
    "organization.administer",
)


@login_required
@permission_required("approvals.keep_blackouts", raise_exception=True)
def blackouts(request: HttpRequest) -> HttpResponse:
    """Times in which nothing goes out."""
    form = BlackoutForm(request.POST or None, initial={"unit": request.user.unit_id})
    if form.is_valid():
        silencing.set_blackout(actor=request.user, **form.blackout())
        messages.success(request, "Set. Authors whose cleared posts it holds back are told.")
        return redirect("approvals:blackouts")
    found = Blackout.objects.select_related("set_by").prefetch_related("channels")
    standing = list(found.not_over())
    over = found.exclude(pk__in=[one.pk for one in standing]).order_by("-ends_at")[:A_FEW]
    context = {"form": form, "standing": standing, "over": over}
    return render(request, "pages/approvals/blackouts.html", context)


@login_required
@permission_required("approvals.keep_blackouts", raise_exception=True)
@require_POST
def end_blackout(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    silencing.end_blackout(get_object_or_404(Blackout, pk=pk), actor=request.user)
    messages.success(request, "Ended. Cleared posts may go out again.")
    return redirect("approvals:blackouts")


@login_required
@require_POST
def put_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(request.user.submissions.select_related("revision"), pk=pk)
    form = SeenForm(request.POST)
    if form.is_valid():
        try:
            again.put_again(found, actor=request.user, **form.cleaned_data)
        except RefusedPostError as refusal:
            messages.error(request, refusal.says)
        else:
            messages.success(request, "Put forward again, with the same text and channels.")
    return redirect("approvals:submission", pk=pk)


@login_required
@require_safe
def broken_glass(request: HttpRequest) -> HttpResponse:
    """Each time that the glass was broken; for those who may break it, the posts that wait."""
    if not any(request.user.has_perm(name) for name in SEES_BROKEN_GLASS):
        raise PermissionDenied("Approvers, records officers and administrators see this page.")
    broken = (
        Review.objects.filter(is_break_glass=True)
        .select_related("reviewer", "revision__submission__author")
        .order_by("-decided_at")
    )
    waiting = Submission.objects.breakable_by(request.user)
    waiting = waiting.select_related("revision", "author", "owner").order_by("due_at")
    context = {
        "broken": Paginator(broken, PAGE).get_page(request.GET.get("page")),
        "waiting": waiting[:PAGE],
        "may_break": request.user.has_perm("approvals.break_glass"),
    }
    return render(request, "pages/approvals/broken_glass.html", context)


@login_required
def break_glass(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Clear one post past its desk."""
    breakable = Submission.objects.breakable_by(request.user)
    wanted = ("revision", "author__unit", "unit", "owner")
    if request.method == "POST":  # a decision may have come first: then 409, not 404
        breakable = Submission.objects.past_the_desk(request.user)
    found = get_object_or_404(breakable.select_related(*wanted), pk=pk)
    form = BreakGlassForm(request.POST or None, initial={"seen": found.revision.digest})
    if form.is_valid():
        said = form.cleaned_data
        break_the_glass(found, actor=request.user, seen=said["seen"], reason=said["reason"])
        messages.success(request, "Cleared by break-glass. Everybody who answers for it is told.")
        return redirect("approvals:broken_glass")
    screening = actions.latest_screening(found.revision)
    context = {
        "submission": found,
        "form": form,
        "screening": screening,
        "segments": segments(found.revision.text, screening.findings),
        "lacks_principal": desks.lacks_principal(found, request.user),
    }
    return render(request, "pages/approvals/break_glass.html", context)
