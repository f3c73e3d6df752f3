"""Pages of checks: their record, what to retire or mend, and what a changed one would do."""

import datetime as dt
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clause_library.models import ClauseVersion

from . import charts, check_records, judging
from .forms import ReplayForm, words_of
from .models import Replay, Settlement
from .replay import LOST_AFTER, Changed, changed_by

SEE_CHECKS = (
    "clause_library.draft_clause",
    "clause_library.approve_clause",
    "approvals.decide",
)
PAGE = 25
USUAL = 200


def _only_who_works_with_checks(request: HttpRequest) -> None:
    """For those who write checks and those who answer for what they find."""
    if not any(request.user.has_perm(name) for name in SEE_CHECKS):
        raise Http404


@login_required
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """Every check with what became of its findings."""
    _only_who_works_with_checks(request)
    return render(
        request,
        "pages/approvals/checks.html",
        {"records": check_records.all_records(), "words_of": words_of},
    )


@login_required
@require_safe
def mend(request: HttpRequest) -> HttpResponse:
    """Which checks to retire or mend, by what reviewers said in one month."""
    _only_who_works_with_checks(request)
    today = timezone.localdate()
    month = _month(request.GET.get("month", "")) or today.replace(day=1)
    return render(
        request,
        "pages/approvals/checks_to_mend.html",
        {
            "month": month,
            "before": (month - dt.timedelta(days=1)).replace(day=1),
            "after": check_records.next_month(month) if month < today.replace(day=1) else None,
            "listed": check_records.to_mend(month),
            "enough": check_records.ENOUGH_VERDICTS,
            "bar": check_records.PRECISION_BAR,
            "retire_below": check_records.RETIRE_BELOW,
            "sees_library": _sees_library(request),
            "words_of": words_of,
        },
    )


def _month(words: str) -> dt.date | None:
    """The first day of a month written as 2026-11; a year that no clock can show is none."""
    try:
        month = dt.date.fromisoformat(f"{words}-01")
    except ValueError:
        return None
    return month if 2000 <= month.year <= 2200 else None  # noqa: PLR2004  years of a calendar


@login_required
@require_safe
def record(request: HttpRequest, clause: str, check: str) -> HttpResponse:
    """One check over the last twelve months: how often it was right, what is settled, what it missed."""
    _only_who_works_with_checks(request)
    version = check_records.latest_version(clause)
    counts = check_records.counts_of(clause, check)
    data = _check_in(version, check)
    if version is None or (data is None and counts == check_records.Counts()):
        raise Http404
    months = check_records.by_month(clause, check, timezone.localdate())
    drawn = charts.points([(month, one.precision) for month, one in months])
    return render(
        request,
        "pages/approvals/check_record.html",
        {
            "clause": clause,
            "check": check,
            "title": words_of(check),
            "version": version,
            "data": data,
            "counts": counts,
            "months": months,
            "drawn": drawn,
            "lines": charts.lines(drawn),
            "charts": charts,
            "bar": check_records.PRECISION_BAR,
            "settled": check_records.standing_settlements(clause, check, request.user),
            "verdicts": check_records.last_verdicts(clause, check, request.user),
            "misses": check_records.last_misses(clause, check, request.user),
            "may_lift": request.user.has_perm("approvals.lift_settlement"),
            "sees_library": _sees_library(request),
        },
    )


def _check_in(version: ClauseVersion | None, check: str) -> dict | None:
    """The check as it stands in a version, if it does."""
    return next((one for one in version.checks if one["name"] == check), None) if version else None


def _sees_library(request: HttpRequest) -> bool:
    return any(request.user.has_perm(name) for name in SEE_CHECKS[:2])


@login_required
@permission_required("approvals.lift_settlement", raise_exception=True)
@require_POST
def lift(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    settlement = judging.lift(get_object_or_404(Settlement, pk=pk), actor=request.user)
    messages.success(request, "Lifted. From now on the check asks again.")
    return redirect("checks:check", settlement.clause_name, settlement.check_name)


@login_required
def replay_version(request: HttpRequest, clause: str, number: int) -> HttpResponse:
    """What a clause version would change in the last decided posts, before it is issued."""
    if not _sees_library(request):
        raise Http404
    versions = ClauseVersion.objects.select_related("clause")
    version = get_object_or_404(versions, clause__name=clause, number=number)
    form = ReplayForm(request.POST or None, initial={"most": USUAL})
    if form.is_valid():
        judging.ask_for_replay(version, actor=request.user, **form.cleaned_data)
        return redirect("checks:replay", clause, number)
    last = Replay.objects.filter(version=version).select_related("asked_by").first()
    changed = changed_by(last, request.user) if last and last.finished_at else []
    return render(
        request,
        "pages/approvals/replay.html",
        {
            "version": version,
            "form": form,
            "replay": last,
            "is_lost": last is not None
            and not last.finished_at
            and last.asked_at < timezone.now() - LOST_AFTER,
            "figures_of": _figures(last, changed) if last else [],
            "page": Paginator(changed, PAGE).get_page(request.GET.get("page")),
            "words_of": words_of,
        },
    )


def _figures(replay: Replay, changed: list[Changed]) -> list[tuple[int, str]]:
    return [
        (replay.of, "posts looked at"),
        (sum(one.is_newly_flagged for one in changed), "newly flagged"),
        (sum(one.is_no_longer_flagged for one in changed), "no longer flagged"),
        (sum(one.before != one.after for one in changed), "in another lane"),
    ]
