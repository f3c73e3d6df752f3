"""Pages of what follows a decision: where a post is out, recalls and who has seen them, appeals."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from organization.models import Person

from . import appealing, publishing, recalling, rules
from .after import recalls_of
from .errors import RefusedPostError
from .models import Clearance, Likeness, RecallNotice, Submission
from .publish_forms import AppealForm, PublishForm, RecallForm, RecallManyForm
from .views import PAGE, page_of

THANKS = "Thank you. It is on record that this is out."


@login_required
@require_POST
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The author says where a post is out, and pastes what stands there."""
    found = get_object_or_404(request.user.submissions, pk=pk)
    form = PublishForm(request.POST, auto_id=f"id_{_channel_of(request)}_%s")
    if form.is_valid():
        channel = found.channels.filter(pk=form.cleaned_data["channel"]).first()
        try:
            publication = publishing.publish(
                found,
                actor=request.user,
                seen=form.cleaned_data["seen"],
                channel=channel,
                report=form.report(),
            )
        except RefusedPostError as refusal:
            messages.error(request, refusal.says)
        else:
            _say(request, publication.verdict)
            return redirect("approvals:submission", pk=pk)
    page = page_of(request, pk, publish_form=form)
    return render(request, "pages/approvals/submission.html", page)


def _channel_of(request: HttpRequest) -> str:
    channel = request.POST.get("channel", "")
    return channel if channel.isdecimal() else ""


def _say(request: HttpRequest, verdict: str) -> None:
    if verdict == Likeness.DIFFERENT:
        messages.warning(
            request, f"{THANKS} But it differs from what was cleared: see below what you can do."
        )
    elif verdict == Likeness.NOT_COMPARED:
        messages.success(
            request, f"{THANKS} Paste its text too, and we say whether it is the same."
        )
    else:
        messages.success(request, f"{THANKS} {Likeness(verdict).label}.")


@login_required
@require_POST
def appeal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The author asks that another person decides."""
    found = get_object_or_404(request.user.submissions, pk=pk)
    form = AppealForm(request.POST)
    if form.is_valid():
        try:
            appealing.appeal(found, actor=request.user, **form.cleaned_data)
        except RefusedPostError as refusal:
            form.add_error(None, refusal.says)
        else:
            messages.success(request, "Your appeal is in. Another person decides.")
            return redirect("approvals:submission", pk=pk)
    page = page_of(request, pk, appeal_form=form)
    return render(request, "pages/approvals/submission.html", page)


@login_required
def recall(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Recall a clearance; then who has been told of it, and who has said so."""
    found = get_object_or_404(
        Submission.objects.visible_to(request.user).select_related(
            "revision", "author", "clearance__rests_on"
        ),
        pk=pk,
    )
    if request.method == "POST":
        form = RecallForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Say why you recall it; the author is told.")
            return redirect("approvals:submission", pk=pk)
        recalling.recall(found, actor=request.user, **form.cleaned_data)
        messages.success(request, "Recalled from now on. Everybody it concerns has been told.")
        return redirect("approvals:recall", pk=pk)
    if not rules.may_recall(found, request.user):
        raise PermissionDenied("Reviewers of the channel and records officers see who was told.")
    if found.clearance is None or found.clearance.recalled_at is None:
        raise Http404("This post was not recalled.")
    page = {"submission": found} | recalls_of(found.clearance)
    return render(request, "pages/approvals/recall.html", page)


@login_required
@require_POST
def seen(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Whoever was told of a recall says that they have seen it."""
    told = get_object_or_404(
        RecallNotice, clearance__revision__submission=pk, person=request.user, seen_at=None
    )
    recalling.confirm(told, actor=request.user)
    messages.success(request, "Thank you. It is on record that you have seen it.")
    return redirect("approvals:submission", pk=pk)


@login_required
def recalls(request: HttpRequest) -> HttpResponse:
    """Recall all posts that hold some words, after a look at them; and the recalls so far."""
    if not (request.user.has_perm("approvals.recall") or request.user.has_perm("approvals.decide")):
        raise PermissionDenied("Reviewers and records officers recall clearances.")
    words = request.GET.get("q", "").replace("\0", "")[:200].strip()
    found = recalling.found_by(words, request.user) if words else []
    form = RecallManyForm(request.POST or None)
    form.fields["posts"].queryset = Submission.objects.visible_to(request.user)
    if form.is_valid():
        came = recalling.recall_all(
            form.cleaned_data["posts"].order_by("submitted_at"),
            actor=request.user,
            reason=form.cleaned_data["reason"],
        )
        _say_recalled(request, came)
        return redirect("approvals:recalls")
    past = Paginator(_past_recalls(request.user), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "pages/approvals/recalls.html",
        {
            "words": words,
            "found": found,
            "most": recalling.MOST_FOUND,
            "form": form,
            "ticked": set(request.POST.getlist("posts")) or {str(one.pk) for one in found},
            "page": past,
        },
    )


def _say_recalled(request: HttpRequest, came: recalling.Recalled) -> None:
    if came.done:
        messages.success(
            request, f"Recalled: {len(came.done)}. Everybody they concern has been told."
        )
    if came.too_late:
        messages.info(
            request, f"{len(came.too_late)} had been recalled or taken back meanwhile already."
        )


def _past_recalls(person: Person) -> QuerySet[Clearance]:
    """With how many were told of each, and how many have said so; copies stand with what they rest on."""
    told = Count("recall_notices", distinct=True)
    return (
        Clearance.objects.exclude(recalled_at=None)
        .filter(revision__submission__in=Submission.objects.visible_to(person))
        .exclude(revision__created_by=person)
        .filter(Q(rests_on=None) | Q(rests_on__recalled_at=None))
        .select_related("revision__submission__author")
        .annotate(
            told=told + Count("copies__recall_notices", distinct=True),
            seen=Count(
                "recall_notices", filter=Q(recall_notices__seen_at__isnull=False), distinct=True
            )
            + Count(
                "copies__recall_notices",
                filter=Q(copies__recall_notices__seen_at__isnull=False),
                distinct=True,
            ),
        )
        .order_by("-recalled_at")
    )
