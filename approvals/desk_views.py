"""The reviewer's desk: what waits, one post to decide on, and the presses on it; and what its author answers."""

import uuid
from collections.abc import Collection

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_fsm import TransitionNotAllowed

from clause_library.checks.marking import segments
from organization.models import Person

from . import (
    actions,
    appealing,
    asking,
    claims,
    networks,
    offers,
    ordering,
    passages,
    rules,
    similar,
    undoing,
    waiting,
)
from .errors import ClaimedError, RefusedPostError, TextChangedError
from .findings import judged
from .forms import AnswerForm, DecisionForm, SeenForm, WordingForm, verdicts_form
from .models import Clearance, Submission, Verdict
from .preview import LONGEST_LIVE_TEXT, preview
from .states import WITH_REVIEWER, State
from .story import since_last_look

PAGE = 25
DONE = {
    Verdict.CLEAR: "Cleared",
    Verdict.SEND_BACK: "Changes asked for",
    Verdict.DECLINE: "Declined",
    Verdict.OFFER: "Other wording offered",
}
STATES = {
    State.CLEARED: Verdict.CLEAR,
    State.RETURNED: Verdict.SEND_BACK,
    State.DECLINED: Verdict.DECLINE,
    State.OFFERED: Verdict.OFFER,
}


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """All that waits for this reviewer, in one order."""
    sampled = (
        Clearance.objects.filter(is_sampled=True, recalled_at=None)
        .filter(revision__submission__in=Submission.objects.visible_to(request.user))
        .exclude(revision__created_by=request.user)
        .select_related("revision__submission__author")[:5]
    )
    waits = waiting.waiting_for(request.user)
    return render(
        request,
        "pages/approvals/queue.html",
        {
            "page": Paginator(waits, PAGE).get_page(request.GET.get("page")),
            "headings": ordering.PLACES,
            "order": ordering.SAYS,
            "batches": waiting.batches_for(request.user),
            "undoable": _undoable(request),
            "sampled": sampled,
        },
    )


def _undoable(request: HttpRequest) -> list[dict]:
    """This person's verdicts of the last seconds, each with the press that takes it back."""
    now = timezone.now()
    decided = Submission.objects.undoable_by(request.user, now).select_related("author", "revision")
    return [
        {
            "pk": one.pk,
            "says": DONE[STATES[one.state]],
            "author": one.author.name,
            "text": one.revision.text,
            "seconds": -(-(one.effective_at - now).total_seconds() // 1),
        }
        for one in decided.order_by("effective_at")
    ]


def _for_review(request: HttpRequest, pk: uuid.UUID) -> Submission:
    """A post that this person may see and did not write."""
    visible = Submission.objects.visible_to(request.user)
    others = visible.exclude(author=request.user).exclude(co_authors=request.user)
    wanted = others.select_related("revision", "author__unit", "owner", "claimed_by")
    return get_object_or_404(wanted, pk=pk)


@login_required
def review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a post to its reviewer and take the decision. Opening it changes nothing, whoever or whatever opens it."""
    found = _for_review(request, pk)
    waits = found.state == State.IN_REVIEW or (
        found.is_in_appeal and rules.may_review(found, request.user)
    )
    if not waits and request.method != "POST":
        return redirect("approvals:submission", pk=pk)
    screening = actions.latest_screening(found.revision)
    findings = judged(screening)
    form = verdicts_form(DecisionForm, request.POST or None, found, screening, findings)
    if form.is_valid():
        decided = actions.decide(found, actor=request.user, **form.decision())
        return _on_to_the_next(request, decided)
    return _review_page(request, found, screening, findings, form)


def _on_to_the_next(request: HttpRequest, decided: Submission) -> HttpResponse:
    """The next post is there at once; what was just decided can be undone from its page."""
    if not decided.is_pending():
        messages.success(request, _told(decided))
    following = waiting.next_for(request.user)
    if following is None:
        return redirect("approvals:queue")
    return redirect("approvals:review", pk=following.pk)


def _told(decided: Submission) -> str:
    """What a reviewer's press has come to, where it cannot be undone."""
    if decided.state not in WITH_REVIEWER:
        return "Decided. The author has been told."
    if decided.owner is None:
        return "You agreed. It needs others, too, and nobody may decide now: the administrators have been told."
    return f"You agreed. Now {decided.owner.name} has it: {decided.asked.in_words} must agree."


def _review_page(request, found, screening, findings, form, wording_form=None, tried=None):
    revision = found.revision
    before, after = waiting.neighbours(request.user, found.pk)
    wording = wording_form or WordingForm(
        initial={"seen": revision.digest, "text": revision.text}, auto_id="wording_%s"
    )
    return render(
        request,
        "pages/approvals/review.html",
        {
            "submission": found,
            "form": form,
            "screening": screening,
            "findings": findings,
            "segments": segments(revision.text, screening.findings),
            "protected": passages.taken_out(revision.text, screening.protected),
            "since": since_last_look(found),
            "appeal": appealing.appeal_of(found) if found.is_in_appeal else None,
            "looks": networks.looks(revision.text, revision.networks),
            "steps": asking.steps_of(found),
            "why_not": "" if found.is_asking(request.user) else asking.why_not(found, request.user),
            "similar": similar.similar_to(found, request.user),
            "co_authors": list(found.co_authors.all()),
            "wording_form": wording,
            "tried": tried,
            "undoable": _undoable(request),
            "claim": _claim_of(found, request.user),
            "before": before,
            "after": after,
        },
    )


def _claim_of(submission: Submission, person) -> dict:
    holder = submission.claimant()
    return {
        "pk": submission.pk,
        "name": holder and holder.name,
        "is_mine": holder == person,
        "until": submission.claimed_until,
    }


@login_required
@require_POST
def offer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Clear the post with another wording, if its author takes it."""
    found = _for_review(request, pk)
    form, tried = WordingForm(request.POST, auto_id="wording_%s"), None
    if {"check", "fix"} & set(request.POST):
        form, tried = _tried(request, found)
    elif form.is_valid():
        try:
            offered = offers.offer(found, actor=request.user, **form.wording())
        except RefusedPostError as refusal:
            form.add_error("text", refusal.says)
        else:
            return _on_to_the_next(request, offered)
    screening = actions.latest_screening(found.revision)
    findings = judged(screening)
    decision = verdicts_form(DecisionForm, None, found, screening, findings)
    return _review_page(request, found, screening, findings, decision, form, tried)


def _tried(request: HttpRequest, found: Submission):
    """Without JavaScript: the same form with what the checks say of its words, or with one fix in them."""
    data = request.POST.copy()
    now = _look_at(found, data.get("text", ""))
    if "fix" in data:
        data["text"] = passages.apply_fixes(now.text, now.findings, data["fix"])
        now = _look_at(found, data["text"])
    return WordingForm(data, auto_id="wording_%s"), now


def _look_at(found: Submission, text: str):
    words = text.replace("\r\n", "\n")
    channels = list(found.channels.all())
    media = found.revision.declared
    return preview(words, found.author, channels, found, LONGEST_LIVE_TEXT, media)


@login_required
@require_POST
def screen_wording(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the checks say of a wording while it is typed, without the frame of a page. Nothing is stored."""
    tried = _look_at(_for_review(request, pk), request.POST.get("text", ""))
    return HttpResponse(render_to_string("components/wording.html", {"tried": tried}))


@login_required
@require_POST
def undo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back one's own verdict of a moment ago."""
    undoing.undo(_for_review(request, pk), actor=request.user)
    messages.success(request, "Taken back. It is in review again, and its author was told nothing.")
    return redirect("approvals:review", pk=pk)


@login_required
@require_POST
def claim(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say that one is looking at it. A page's script asks for the fragment only."""
    return _claimed(request, pk, claims.claim)


@login_required
@require_POST
def release(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Leave it to others again."""
    return _claimed(request, pk, claims.release)


def _claimed(request: HttpRequest, pk: uuid.UUID, act) -> HttpResponse:
    found = _for_review(request, pk)
    is_fragment = request.headers.get("X-Requested-With") == "fetch"
    status = 200
    try:
        found = act(found, actor=request.user)
    except ClaimedError as refusal:
        if not is_fragment:
            messages.error(request, refusal.says)
        status = refusal.status
    if is_fragment:
        context = {"claim": _claim_of(found, request.user)}
        page = render_to_string("components/claim.html", context, request)
        return HttpResponse(page, status=status)
    return redirect("approvals:review", pk=pk)


@login_required
@require_POST
def clear_batch(request: HttpRequest) -> HttpResponse:
    """Clear several posts that say the same: each its own step, entry and digest. What has changed is left out."""
    wanted = dict(one.split(":", 1) for one in request.POST.getlist("post") if ":" in one)
    still = {
        str(post.pk): post
        for batch in waiting.batches_for(request.user)
        for post in batch.posts
        if str(post.pk) in wanted
    }
    decided = [_cleared(post, request.user, seen=wanted[pk]) for pk, post in still.items()]
    done = [post for post in decided if post]
    _tell_of_batch(request, done, wanted.keys() - {str(post.pk) for post in done})
    return redirect("approvals:queue")


def _cleared(post: Submission, actor: Person, seen: str) -> Submission | None:
    """It stays in review where its route needs others, too."""
    try:
        return actions.decide(post, actor=actor, verdict=Verdict.CLEAR, seen=seen)
    except (TextChangedError, TransitionNotAllowed, PermissionDenied):
        return None


def _tell_of_batch(
    request: HttpRequest, done: Collection[Submission], left_out: Collection[str]
) -> None:
    agreed = sum(post.state == State.IN_REVIEW for post in done)
    if cleared := len(done) - agreed:
        messages.success(request, f"Cleared {cleared} {'post' if cleared == 1 else 'posts'}.")
    if agreed:
        posts = "1 post, which needs" if agreed == 1 else f"{agreed} posts, which need"
        messages.success(request, f"You agreed to {posts} others, too.")
    known = [pk for pk in left_out if _is_uuid(pk)]
    posts = Submission.objects.visible_to(request.user).filter(pk__in=known)
    if names := ", ".join(sorted(posts.values_list("author__name", flat=True))):
        messages.error(request, f"Left out, because it changed or was decided meanwhile: {names}.")


def _is_uuid(words: str) -> bool:
    try:
        uuid.UUID(words)
    except ValueError:
        return False
    return True


@login_required
@require_POST
def accept(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The author takes the wording on offer."""
    found = get_object_or_404(request.user.submissions, pk=pk)
    form = SeenForm(request.POST)
    if form.is_valid():
        taken = offers.accept(found, actor=request.user, **form.cleaned_data)
        if taken.state == State.CLEARED:
            messages.success(request, "Taken. The company stands behind these words.")
        else:
            messages.success(request, "Taken. A second person looks at it now.")
    return redirect("approvals:submission", pk=pk)


@login_required
@require_POST
def turn_down(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The author leaves the wording on offer and goes on with their own."""
    found = get_object_or_404(request.user.submissions, pk=pk)
    form = SeenForm(request.POST)
    if form.is_valid():
        offers.turn_down(found, actor=request.user, **form.cleaned_data)
        messages.success(request, "Left. Change your post as you like, and submit it again.")
    return redirect("approvals:edit", pk=pk)


@login_required
@require_POST
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The author answers the reviewer's question; the same post goes back to them."""
    found = get_object_or_404(request.user.submissions, pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Write your answer first, in 500 characters at most.")
        return redirect("approvals:submission", pk=pk)
    try:
        actions.answer(found, actor=request.user, **form.cleaned_data)
    except RefusedPostError as refusal:
        messages.error(request, refusal.says)
    else:
        messages.success(request, "Sent. Your reviewer has your answer.")
    return redirect("approvals:submission", pk=pk)
