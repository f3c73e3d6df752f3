"""Acknowledge a policy, keep the receipt, and see who has."""

import uuid

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from organization import consent, sign_in
from organization.client import client_address

from .. import actions, reading
from ..models import Acknowledgement, Edition, Receipt, Round
from ..states import AcknowledgementState
from . import texts

PAGE = 50


@login_required
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """What this person is asked to acknowledge, and what they have."""
    mine = Acknowledgement.objects.of(request.user).select_related("edition__policy", "round")
    return render(
        request,
        "pages/policy_builder/due.html",
        {
            "due": mine.due().filter(edition__in=Edition.objects.in_force().values("pk")),
            "done": mine.exclude(acknowledged_at=None).order_by("-acknowledged_at"),
        },
    )


@login_required
def acknowledge(request: HttpRequest, slug: str) -> HttpResponse:
    """Only a press acts (invariant 7); whoever follows a link sees the page with the button."""
    if request.method != "POST":
        return redirect("policy_builder:read", slug)
    edition = texts.in_force(request, slug)
    form = texts.acknowledge_form(request, edition)
    seen = request.POST.get("seen", "").replace("\0", "")
    shown = edition.policy.editions.issued().filter(digest=seen).first()
    if shown and shown != edition:
        return _changed(request, shown, edition)
    mine = get_object_or_404(Acknowledgement.objects.of(request.user), edition=edition)
    if not form.is_valid():
        return texts.page(request, edition, form)
    if "consent" in form.cleaned_data:
        consent.give_consent(request.user)
    actions.acknowledge(
        mine,
        actor=request.user,
        seen=form.cleaned_data["seen"],
        sign_in=sign_in.told(request),
        address=client_address(request),
    )
    return redirect("policy_builder:receipt", mine.number)


def _changed(request: HttpRequest, shown: Edition, edition: Edition) -> HttpResponse:
    """A newer edition came into force while this person was reading: nothing is recorded (L05)."""
    changes = list(reading.changes(shown.content, edition.content))
    return render(
        request,
        "pages/policy_builder/changed.html",
        {"shown": shown, "edition": edition, "changes": changes},
        status=409,
    )


def _acknowledged(request: HttpRequest, number: str) -> Acknowledgement:
    """The person's own; for a records officer, anybody's."""
    visible = Acknowledgement.objects.exclude(acknowledged_at=None)
    if not request.user.has_perm("organization.read_records"):
        visible = visible.of(request.user)
    related = ("edition__policy", "person", "receipt__pdf", "receipt__evidence")
    return get_object_or_404(visible.select_related(*related), number=number)


@login_required
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    found = _acknowledged(request, number)
    return render(
        request,
        "pages/policy_builder/receipt.html",
        {
            "acknowledgement": found,
            "is_own": found.person_id == request.user.pk,
            "ready": hasattr(found, "receipt") and found.receipt.is_ready,
        },
    )


@login_required
@require_safe
def receipt_pdf(request: HttpRequest, number: str) -> HttpResponse:
    return texts.download(_receipt(request, number).pdf, f"receipt-{number[:8]}.pdf")


@login_required
@require_safe
def receipt_json(request: HttpRequest, number: str) -> HttpResponse:
    return texts.download(_receipt(request, number).evidence, f"receipt-{number[:8]}.json")


def _receipt(request: HttpRequest, number: str) -> Receipt:
    found = _acknowledged(request, number)
    if not hasattr(found, "receipt") or not found.receipt.is_ready:
        raise Http404("The receipt is still being made.")
    return found.receipt


@login_required
@require_safe
def round_(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far a round has come, by unit and by person."""
    if not reading.may_see_all(request.user):
        raise Http404
    found = get_object_or_404(Round.objects.select_related("edition__policy"), pk=pk)
    done = Q(acknowledged_at__isnull=False)
    asked = found.acknowledgements.exclude(state=AcknowledgementState.CLOSED)
    units = (
        asked.values("person__unit__name")
        .annotate(asked=Count("pk"), done=Count("pk", filter=done))
        .order_by("person__unit__name")
    )
    people = asked.select_related("person__unit").order_by("-state", "person__name")
    return render(
        request,
        "pages/policy_builder/round.html",
        {
            "round": found,
            "units": units,
            "total": asked.aggregate(asked=Count("pk"), done=Count("pk", filter=done)),
            "page": Paginator(people, PAGE).get_page(request.GET.get("page")),
        },
    )


@login_required
@permission_required("organization.see_team", raise_exception=True)
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Who in this manager's team is due, and who has acknowledged."""
    rows = (
        Acknowledgement.objects.filter(
            person__in=request.user.team.active(),
            edition__in=Edition.objects.in_force().values("pk"),
        )
        .exclude(state=AcknowledgementState.CLOSED)
        .select_related("person", "edition__policy", "round")
        .order_by("-state", "person__name")
    )
    done = Q(acknowledged_at__isnull=False)
    return render(
        request,
        "pages/policy_builder/team.html",
        {
            "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "total": rows.aggregate(asked=Count("pk"), done=Count("pk", filter=done)),
        },
    )
