"""Pages of routes: the rules for everybody to read and to try, and their draft for those who write and issue them."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from . import asking, route_drafting, routes
from . import rules as who_may
from .forms import SeenForm
from .models import RouteRules
from .route_drafting import UnfitRulesError
from .route_forms import RuleForm, TrialForm, conditions_in_words
from .route_rules import FLOOR, OTHERWISE, Rule
from .routed import table_in_force

DRAFTS = "approvals.draft_routes"
ISSUES = "approvals.issue_routes"


@login_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, and the route that a made-up post would take by them. Nothing is stored."""
    issued = RouteRules.objects.issued().select_related("issued_by", "drafted_by", "kept")
    table = table_in_force()
    return render(
        request,
        "pages/approvals/routes.html",
        {
            **_page_of(table),
            **_trial(request, table),
            "issued": issued,
            "in_force": next((one for one in issued if one.is_in_force), None),
            "may_draft": request.user.has_perm(DRAFTS),
            "has_draft": RouteRules.objects.draft() is not None,
            "trial_path": request.path,
        },
    )


@login_required
@require_safe
def former_rules(request: HttpRequest, number: int) -> HttpResponse:
    """Rules as they were issued once."""
    found = get_object_or_404(
        RouteRules.objects.issued().select_related("issued_by", "drafted_by", "kept"), number=number
    )
    return render(
        request, "pages/approvals/route_rules.html", {**_page_of(found.text), "shown": found}
    )


@login_required
@permission_required(DRAFTS, raise_exception=True)
@require_safe
def draft(request: HttpRequest) -> HttpResponse:
    """The draft, what it changes, and what still stands against it; tried on a made-up post like the rules in force."""
    found = _draft()
    return render(request, "pages/approvals/route_draft.html", _draft_page(request, found))


def _draft() -> RouteRules:
    found = RouteRules.objects.draft()
    if found is None:
        raise Http404("Nobody drafts new rules now.")
    return found


def _draft_page(request: HttpRequest, found: RouteRules) -> dict[str, Any]:
    gained, lost = routes.changes(table_in_force(), found.table)
    return {
        **_page_of(found.table),
        **_trial(request, found.table),
        "draft": found,
        "gained": [_in_words(rule, found.table) for rule in gained],
        "lost": [_in_words(rule, table_in_force()) for rule in lost],
        "problems": route_drafting.problems_of(found),
        "may_issue": who_may.may_issue_routes(found, request.user),
        "wrote_in_it": str(request.user.pk) in found.writers,
        "seen_form": SeenForm(initial={"seen": found.digest}, auto_id=False),
        "trial_path": request.path,
    }


def _page_of(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "rules": [_in_words(rule, table) for rule in routes.rules_in(table)],
        "floor": _in_words(FLOOR, table),
        "otherwise": _in_words(OTHERWISE, table),
        "digest": routes.digest_of(table),
    }


def _in_words(rule: Rule, table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "says": rule.says,
        "when": conditions_in_words(rule, table["names"]),
        "stage": routes.Stage.by(rule.as_data()),
    }


def _trial(request: HttpRequest, table: Mapping[str, Any]) -> dict[str, Any]:
    """The form of a dry run, and what came of it."""
    is_asked = "lane" in request.GET
    form = TrialForm(request.GET if is_asked else None, initial={"unit": request.user.unit_id})
    if not (is_asked and form.is_valid()):
        return {"trial": form, "tried": None}
    route = routes.evaluate(form.facts(), table)
    channels = list(form.cleaned_data["channel"])
    owners = asking.owners_of(route, channels, timezone.now())
    return {"trial": form, "tried": list(zip(route.stages, owners, strict=True))}


@login_required
@permission_required(DRAFTS, raise_exception=True)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    route_drafting.start(actor=request.user)
    return redirect("routes:draft")


@login_required
@permission_required(DRAFTS, raise_exception=True)
def rule(request: HttpRequest, at: int | None = None) -> HttpResponse:
    """Write one rule of the draft, or a new one."""
    found = _draft()
    rows = routes.rules_in(found.table)
    if at is not None and at >= len(rows):
        raise Http404("There is no such rule.")
    form = RuleForm(request.POST or None, table=found.table, rule=None if at is None else rows[at])
    seen = SeenForm(request.POST or None, initial={"seen": found.digest})
    if form.is_valid() and seen.is_valid():
        try:
            route_drafting.keep_rule(
                found, form.rule(), actor=request.user, at=at, **seen.cleaned_data
            )
        except UnfitRulesError as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem)
        else:
            messages.success(request, "Kept in the draft. Nothing is in force yet.")
            return redirect("routes:draft")
    context = {"form": form, "seen": seen, "number": None if at is None else at + 1}
    return render(request, "pages/approvals/route_rule.html", context)


@login_required
@permission_required(DRAFTS, raise_exception=True)
@require_POST
def move(request: HttpRequest, at: int) -> HttpResponse:
    return _changed(request, route_drafting.move_rule_up, "Moved up.", at)


@login_required
@permission_required(DRAFTS, raise_exception=True)
@require_POST
def remove(request: HttpRequest, at: int) -> HttpResponse:
    return _changed(request, route_drafting.remove_rule, "Removed from the draft.", at)


def _changed(request: HttpRequest, act, says: str, at: int) -> HttpResponse:
    found, form = _draft(), SeenForm(request.POST)
    if at >= len(routes.rules_in(found.table)):
        raise Http404("There is no such rule.")
    if form.is_valid():
        act(found, actor=request.user, at=at, **form.cleaned_data)
        messages.success(request, says)
    return redirect("routes:draft")


@login_required
@permission_required(DRAFTS, raise_exception=True)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask those who may issue the draft to read it."""
    found, form = _draft(), SeenForm(request.POST)
    if form.is_valid():
        if route_drafting.ask_to_issue(found, actor=request.user, **form.cleaned_data):
            messages.success(request, "The approvers have been told.")
        else:
            messages.error(
                request, "No approver is left who has not written in it. Ask for one more."
            )
    return redirect("routes:draft")


@login_required
@permission_required(ISSUES, raise_exception=True)
@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    found, form = _draft(), SeenForm(request.POST)
    if form.is_valid():
        try:
            route_drafting.issue(found, actor=request.user, **form.cleaned_data)
        except UnfitRulesError:  # the page says what stands against it
            return render(request, "pages/approvals/route_draft.html", _draft_page(request, found))
        messages.success(request, "In force. Posts that wait are asked about by these rules, too.")
    return redirect("routes:rules")
