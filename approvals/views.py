"""Pages of posts: write, watch, decide, keep the record."""

import datetime as dt
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clause_library.checks.marking import segments
from organization.models import Person
from policy_builder.models import Acknowledgement, Edition

from . import actions, asking, holds, judging, networks, passages, rules, starting
from .actions import LONGEST_POST
from .after import after
from .errors import RefusedPostError
from .evaluations import replayed
from .findings import judged
from .forms import (
    AnswerForm,
    PostForm,
    RevisionForm,
    SeenForm,
    VerdictsForm,
    verdicts_form,
)
from .media_views import attached, files_of, is_final, previewed
from .models import Clearance, Submission
from .preview import LONGEST_LIVE_TEXT
from .publish_forms import AppealForm, PublishForm, RecallForm
from .story import offered_in, story_of
from .waiting import waiting_for

PAGE = 25
A_FEW = 5


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person: to read, to decide, and their last posts."""
    person = request.user
    due = (
        Acknowledgement.objects.of(person)
        .due()
        .filter(edition__in=Edition.objects.in_force().values("pk"))
        .select_related("edition__policy", "round")
    )
    reviews = person.has_perm("approvals.decide")
    return render(
        request,
        "pages/home.html",
        {
            "due": [
                {
                    "title": one.edition.policy.title,
                    "edition": one.edition.number,
                    "due_on": one.round.due_at,
                    "is_overdue": one.is_overdue(),
                    "path": reverse("policy_builder:read", args=[one.edition.policy.slug]),
                }
                for one in due
            ],
            "waiting": [_waiting(one) for one in waiting_for(person).filter(owner=person)[:A_FEW]]
            if reviews
            else None,
            "recent": [_recent(one) for one in _own(request)[:A_FEW]],
        },
    )


def _waiting(submission: Submission) -> dict:
    return {
        "path": reverse("approvals:review", args=[submission.pk]),
        "text": submission.revision.text,
        "author": submission.author.name,
        "due_at": submission.due_at,
        "lane": submission.lane,
    }


def _recent(submission: Submission) -> dict:
    return {
        "path": reverse("approvals:submission", args=[submission.pk]),
        "text": submission.revision.text,
        "state": submission.told_state,
        "state_label": submission.told_state_label,
        "lane": submission.lane,
        "at": submission.submitted_at,
    }


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Everything that this person has put forward, the newest first."""
    words = request.GET.get("q", "")[:200]
    found = request.user.submissions.select_related("revision", "clearance", "owner")
    if words:
        found = found.filter(revision__text__icontains=words.replace("\0", ""))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "pages/approvals/mine.html", {"page": page, "words": words})


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Write a post, see what the policy makes of it, and get it cleared."""
    start = starting.of(request.user, request.GET)
    form = _posted(request, PostForm) or _form(request.user, PostForm, initial=start.fields)
    page = {"start": start}
    if {"fix", "rest"} & set(request.POST):
        return _rewritten(request, form, "pages/approvals/new.html", page)
    if form.is_valid() and is_final(request):
        try:
            submission = actions.submit(
                actor=request.user,
                key=form.cleaned_data["key"],
                together=_asked_together(request),
                **form.post(),
            )
        except RefusedPostError as refusal:
            form.add_error(None, refusal.says)
        else:
            return _after(request, submission)
    return _writing(request, form, "pages/approvals/new.html", page)


@login_required
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change one's own post; what was decided about the former text ends."""
    submission = get_object_or_404(_own(request), pk=pk)
    revision = submission.revision
    form = _posted(request, RevisionForm, submission) or RevisionForm(
        initial={
            "seen": revision.digest,
            "window_from": revision.window_from,
            "window_until": _to_come(revision.window_until),
            "note": revision.note,
            **starting.fields_of(revision, request.user),
        },
    )
    page = {"submission": submission}
    if {"fix", "rest"} & set(request.POST):
        return _rewritten(request, form, "pages/approvals/edit.html", page)
    if form.is_valid() and is_final(request):
        try:
            changed = actions.revise(
                submission,
                actor=request.user,
                seen=form.cleaned_data["seen"],
                together=_asked_together(request),
                **_post(form),
            )
        except RefusedPostError as refusal:
            form.add_error(None, refusal.says)
        else:
            return _after(request, changed)
    return _writing(request, form, "pages/approvals/edit.html", page)


def _form(person: Person, form_class: type[PostForm], *args, **kwargs) -> PostForm:
    """The form, which takes for correction only a post of this person that is out."""
    form = form_class(*args, **kwargs)
    if "corrects" in form.fields:
        form.fields["corrects"].queryset = starting.correctable(person)
    return form


def _posted(
    request: HttpRequest, form_class: type[PostForm], submission: Submission | None = None
) -> PostForm | None:
    """The form as it was sent, with the files that came along; None before anybody pressed."""
    if request.method != "POST":
        return None
    data, refused = attached(request, form_class, submission)
    form = _form(request.user, form_class, data)
    for field, says in refused.items():
        form.add_error(field, says)
    return form


def _writing(
    request: HttpRequest, form: PostForm, template: str, page: dict, taken: tuple[str, ...] = ()
) -> HttpResponse:
    """The page on which a post is written, with what the policy makes of it so far."""
    found = previewed(request.user, form, page.get("submission"), LONGEST_POST)
    files = files_of(request.user, form)
    return render(
        request,
        template,
        page | {"form": form, "preview": found, "taken": taken, "files": files},
    )


def _to_come(moment: dt.datetime | None) -> dt.datetime | None:
    """A time that has passed is not offered again."""
    return moment if moment and moment > timezone.now() else None


def _asked_together(request: HttpRequest) -> bool:
    """Whether the author pressed to keep a mixed post in one: only then its protected part is stored."""
    return "together" in request.POST


def _post(form: RevisionForm) -> dict:
    return {name: value for name, value in form.post().items() if name != "seen"}


def _rewritten(request: HttpRequest, form: PostForm, template: str, page: dict) -> HttpResponse:
    """Without JavaScript: the same form with one fix (or all) applied, or without its protected passages."""
    data = form.data.copy()
    found = previewed(request.user, form, page.get("submission"), LONGEST_POST)
    taken = ()
    if "rest" not in data:
        data["text"] = passages.apply_fixes(found.text, found.findings, data["fix"])
    elif found.rest is not None:
        data["text"], taken = found.rest, found.taken
    again = _form(request.user, type(form), data)
    return _writing(request, again, template, page, taken)


def _after(request: HttpRequest, submission: Submission | None) -> HttpResponse:
    if submission is None:
        return render(request, "pages/approvals/not_ours.html")
    return redirect("approvals:submission", pk=submission.pk)


@login_required
@require_POST
def screen_text(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """What the policy makes of a text while it is being typed, without the frame of a page. Nothing is stored."""
    submission = _own(request).filter(pk=pk).first() if pk else None
    found = previewed(request.user, PostForm(request.POST), submission, LONGEST_LIVE_TEXT)
    return HttpResponse(render_to_string("components/preview.html", {"preview": found}))


@login_required
@require_safe
def submission(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One post with its whole story, for its author, its reviewers and the records officer."""
    return render(request, "pages/approvals/submission.html", page_of(request, pk))


def page_of(
    request: HttpRequest,
    pk: uuid.UUID,
    form: VerdictsForm | None = None,
    publish_form: PublishForm | None = None,
    appeal_form: AppealForm | None = None,
) -> dict:
    """The page of a post; ``…form`` holds what its reader wrote and has to mend."""
    found = get_object_or_404(
        Submission.objects.visible_to(request.user).select_related(
            "revision",
            "author__unit",
            "owner",
            "decided_by",
            "wording",
            "clearance__review__reviewer",
            "clearance__standing_approval__officer",
            "clearance__rests_on__review__reviewer",
            "clearance__shelf_item",
            "corrects",
            "clearance__backing_record",
        ),
        pk=pk,
    )
    screening = actions.latest_screening(found.revision)
    findings = judged(screening)
    is_mine = found.author_id == request.user.pk
    if form is None and rules.may_review(found, request.user):
        form = verdicts_form(VerdictsForm, None, found, screening, findings)
    return {
        "submission": found,
        "is_mine": is_mine,
        "screening": screening,
        "replay": replayed(screening),
        "findings": findings,
        "segments": segments(found.revision.text, screening.findings),
        "verdicts_form": form,
        "state": found.told_state if is_mine else found.state,
        "story": story_of(found, for_author=is_mine),
        "timing": holds.timing_of(found),
        "steps": asking.steps_of(found),
        "route_replay": asking.replayed(found),
        "offered": offered_in(found, request.user),
        "answer_form": AnswerForm(initial={"seen": found.revision.digest}),
        "looks": networks.looks(found.revision.text, found.revision.networks),
        "after": after(found, request.user, publish_form, appeal_form),
        "recall_form": RecallForm(),
        "may_recall": rules.may_recall(found, request.user),
        "may_shelve": rules.may_shelve(found, request.user),
    }


@login_required
@require_POST
def judge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say of findings whether they were right, or what was missed, apart from a decision."""
    found = get_object_or_404(
        Submission.objects.visible_to(request.user)
        .exclude(author=request.user)
        .select_related("revision"),
        pk=pk,
    )
    screening = actions.latest_screening(found.revision)
    form = verdicts_form(VerdictsForm, request.POST, found, screening, judged(screening))
    if form.is_valid():
        cleaned = form.cleaned_data
        seen, said = cleaned["seen"], cleaned["said"]
        if judging.judge(found, actor=request.user, seen=seen, said=said):
            messages.success(request, "Noted. It counts for the checks' record.")
        else:
            messages.info(request, "Nothing was said, so nothing was noted.")
        return redirect("approvals:submission", pk=pk)
    return render(request, "pages/approvals/submission.html", page_of(request, found.pk, form))


@login_required
@require_POST
def hand_over(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Submission.objects.reviewable_by(request.user), pk=pk)
    before = found.owner_id
    after = actions.hand_over(found, actor=request.user)
    if after.owner_id == before:
        messages.info(request, "Nobody else may decide on this post. It stays where it is.")
    else:
        messages.success(request, f"{after.owner.name} has it now.")
    return redirect("approvals:queue")


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(_own(request), pk=pk)
    form = SeenForm(request.POST)
    if form.is_valid():
        actions.withdraw(found, actor=request.user, **form.cleaned_data)
        messages.success(request, "Taken back.")
    return redirect("approvals:submission", pk=pk)


@login_required
@require_safe
def record_pdf(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _file(_record(request, pk).pdf, "pdf", pk)


@login_required
@require_safe
def record_json(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _file(_record(request, pk).evidence, "json", pk)


def _record(request: HttpRequest, pk: uuid.UUID):
    found = get_object_or_404(
        Submission.objects.visible_to(request.user).select_related(
            "clearance__backing_record__pdf", "clearance__backing_record__evidence"
        ),
        pk=pk,
    )
    record = getattr(found.clearance, "backing_record", None)
    if record is None or record.pdf is None:
        raise Http404("The record is not made yet.")
    return record


def _file(stored, ending: str, pk: uuid.UUID) -> HttpResponse:
    response = HttpResponse(stored.read(), content_type=stored.media_type)
    response["Content-Disposition"] = f'attachment; filename="backing-record-{pk.hex[:8]}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Anyone may look up a number; the page says no more than whether the company's word stands."""
    number = "".join(request.GET.get("number", "").split()).lower()[:64]
    if number:
        return redirect("check_number", number=number)
    return render(request, "pages/approvals/check.html", {"answer": None, "number": ""})


@require_safe
def check_number(request: HttpRequest, number: str) -> HttpResponse:
    found = Clearance.objects.filter(number=number).first()
    return render(
        request,
        "pages/approvals/check.html",
        {"number": number, "answer": found.standing() if found else "Unknown"},
        status=200 if found else 404,
    )


def _own(request: HttpRequest):
    return request.user.submissions.select_related("revision", "clearance")
