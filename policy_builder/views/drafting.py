"""Write a policy: start, answer, change, send to review, approve, issue."""

import re
import uuid
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_fsm import has_transition_perm

from clause_library.errors import WordingError
from clause_library.models import ClauseVersion
from clause_library.redline import redline

from .. import actions, assembly, drafts, overrides, reading
from ..forms import (
    AddForm,
    InterviewForm,
    IssueForm,
    NoteForm,
    ProvisionForm,
    StartForm,
)
from ..models import Edition, Policy
from ..states import EditionState

AT_ONCE = 4  # questions on one screen
DRAFT_POLICY = "policy_builder.draft_policy"
drafters_only = permission_required(DRAFT_POLICY, raise_exception=True)


@login_required
@drafters_only
def start(request: HttpRequest) -> HttpResponse:
    """Choose a playbook; the interview follows."""
    form = StartForm(request.POST or None)
    if form.is_valid():
        edition = actions.start_policy(actor=request.user, **form.cleaned_data)
        return redirect("policy_builder:interview", pk=edition.pk)
    return render(request, "pages/policy_builder/start.html", {"form": form})


@require_POST
@login_required
@drafters_only
def new_edition(request: HttpRequest, slug: str) -> HttpResponse:
    edition = actions.start_edition(get_object_or_404(Policy, slug=slug), actor=request.user)
    return redirect("policy_builder:draft", pk=edition.pk)


def _draft(request: HttpRequest, pk: uuid.UUID) -> Edition:
    """Drafts are for those who write and approve; to others they do not exist."""
    if not reading.may_see_drafts(request.user):
        raise Http404
    drafts_ = Edition.objects.select_related("policy", "drafted_by", "approved_by")
    return get_object_or_404(drafts_, pk=pk)


# Answering


@login_required
def interview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A few questions at a time; each says what it is for, and every answer is kept at once."""
    edition = _draft(request, pk)
    questions = drafts.questions(edition)
    screen = min(_screen_asked_for(request, questions), max(len(questions) - 1, 0) // AT_ONCE)
    here = questions[screen * AT_ONCE : (screen + 1) * AT_ONCE]
    form = InterviewForm(request.POST or None, questions=here)
    if form.is_valid():
        edition = actions.answer(edition, actor=request.user, given=form.cleaned_data)
        after = _screen_after(screen, drafts.questions(edition))
        if after is None:
            return redirect("policy_builder:draft", pk=pk)
        return redirect(f"{request.path}?screen={after}")
    return render(
        request,
        "pages/policy_builder/interview.html",
        {
            "edition": edition,
            "form": form,
            "questions": here,
            "screen": screen,
            "answered": sum(question.answer is not None for question in questions),
            "total": len(questions),
        },
    )


def _screen_asked_for(request: HttpRequest, questions: list[assembly.Question]) -> int:
    """As the address says; without, the first screen with something open."""
    number = request.GET.get("screen", "")
    if re.fullmatch("[0-9]{1,4}", number):
        return int(number)
    return _first_open(questions) or 0


def _screen_after(screen: int, questions: list[assembly.Question]) -> int | None:
    """The next one; after the last the first that has something open, if any."""
    if (screen + 1) * AT_ONCE < len(questions):
        return screen + 1
    return _first_open(questions)


def _first_open(questions: list[assembly.Question]) -> int | None:
    return next((at // AT_ONCE for at, one in enumerate(questions) if one.is_open), None)


# Changing


@login_required
@require_safe
def draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The text as it would read today, with why each clause is in or out."""
    edition = _draft(request, pk)
    if not edition.is_open:
        return redirect("policy_builder:edition", edition.policy.slug, edition.number)
    page = {"edition": edition, "text": None, "open": [], "problems": []}
    try:
        page["text"] = drafts.assembled(edition)
    except assembly.MissingAnswersError as error:
        page["open"] = error.questions
    except assembly.AssemblyError as error:
        page["problems"] = error.problems
    may_draft = request.user.has_perm(DRAFT_POLICY)
    return render(
        request,
        "pages/policy_builder/draft.html",
        page
        | {
            "may_draft": may_draft,
            "may_write": may_draft and edition.state == EditionState.DRAFT,
            "may_issue": has_transition_perm(edition.issue, request.user),
            "may_decide": has_transition_perm(edition.approve, request.user),
            "newer": drafts.newer_versions(edition),
        },
    )


@login_required
@drafters_only
def provision(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Word a clause for this policy alone, or leave it out; always with a reason."""
    edition, version = _seat(request, pk, name)
    wording = edition.overrides.get("wordings", {}).get(name, {})
    form = ProvisionForm(
        request.POST or None,
        initial={
            "body": wording.get("body", version.body),
            "because": wording.get("because", ""),
        },
    )
    shown = None
    if form.is_valid() and "preview" in request.POST:
        shown = _shown(edition, form)
    elif form.is_valid():
        change = _change_of(name, version, form.cleaned_data)
        if _overridden(edition, request, form, change):
            return redirect(reading.draft_at(edition, name))
    return render(
        request,
        "pages/policy_builder/provision.html",
        {"edition": edition, "version": version, "form": form, "shown": shown}
        | _newest(edition, version),
    )


def _seat(request: HttpRequest, pk: uuid.UUID, name: str) -> tuple[Edition, ClauseVersion]:
    edition = _draft(request, pk)
    versions = drafts.versions_for(edition)
    if name not in versions:
        raise Http404
    return edition, versions[name]


def _newest(edition: Edition, version: ClauseVersion) -> dict[str, object]:
    """The newer approved version that this draft does not use yet, with its redline."""
    new = dict(drafts.newer_versions(edition)).get(version)
    return {"newer": new, "redline": redline(version.body, new.body) if new else None}


def _shown(edition: Edition, form: ProvisionForm) -> str | None:
    """The words as people will read them, with today's answers."""
    try:
        return drafts.rendered(edition, form.cleaned_data["body"])
    except WordingError as error:
        form.add_error("body", str(error))
        return None


def _change_of(name: str, version: ClauseVersion, wanted: dict):
    if wanted["leave_out"]:
        return partial(overrides.leave_out, name=name, because=wanted["because"])
    if wanted["body"].replace("\r\n", "\n").strip() == version.body.strip():
        return partial(overrides.unword, name=name)
    return partial(overrides.word, name=name, body=wanted["body"], because=wanted["because"])


def _overridden(edition: Edition, request: HttpRequest, form, change) -> bool:
    """Say whether the change could be kept; where not, the form says why."""
    try:
        actions.override(edition, actor=request.user, change=change)
    except assembly.AssemblyError as error:
        form.add_error(None, " ".join(error.problems))
    return not form.errors


@login_required
@drafters_only
def add(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take in a clause that the playbook leaves out, or does not know."""
    edition = _draft(request, pk)
    form = AddForm(
        request.POST or None,
        initial={"clause": request.GET.get("clause", "")},
        clauses=drafts.to_add(edition),
        sections=drafts.section_titles(edition),
    )
    if form.is_valid():
        wanted = form.cleaned_data
        change = partial(
            overrides.add,
            name=wanted["clause"],
            section=wanted["section"],
            because=wanted["because"],
        )
        if _overridden(edition, request, form, change):
            return redirect(reading.draft_at(edition, wanted["clause"]))
    return render(request, "pages/policy_builder/add.html", {"edition": edition, "form": form})


@require_POST
@login_required
@drafters_only
def take_in(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    edition, _version = _seat(request, pk, name)
    actions.override(edition, actor=request.user, change=partial(overrides.take_in, name=name))
    return redirect(reading.draft_at(edition, name))


@require_POST
@login_required
@drafters_only
def move(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """One place up or down among the clauses of its section."""
    edition, _version = _seat(request, pk, name)
    by = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    found = [one for one in _sections(edition) if name in one[1]]
    if by is None or not found:
        raise Http404
    section, names = found[0]
    change = partial(overrides.move, section=section, names=names, name=name, by=by)
    actions.override(edition, actor=request.user, change=change)
    return redirect(reading.draft_at(edition, name))


def _sections(edition: Edition) -> list[tuple[str, list[str]]]:
    """The sections of the text with the names of their clauses; none while questions are open."""
    try:
        text = drafts.assembled(edition)
    except assembly.AssemblyError:
        return []
    return [(one.title, [item.clause.name for item in one.provisions]) for one in text.sections]


@require_POST
@login_required
@drafters_only
def use_newest(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    edition, _version = _seat(request, pk, name)
    actions.use_newest(edition, actor=request.user, name=name)
    messages.success(request, "The newest words are in the draft.")
    return redirect(reading.draft_at(edition, name))


# Deciding


@require_POST
@login_required
def submit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    try:
        actions.submit(_draft(request, pk), actor=request.user)
    except assembly.AssemblyError as error:
        messages.error(request, "Not yet: " + " ".join(error.problems))
    else:
        messages.success(request, "Sent. The approvers have been told.")
    return redirect("policy_builder:draft", pk=pk)


@require_POST
@login_required
def reopen(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    actions.reopen(_draft(request, pk), actor=request.user)
    messages.success(request, "Open for changes again. It needs a new approval.")
    return redirect("policy_builder:draft", pk=pk)


@login_required
def review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The whole text for a second person, with what changed since the edition in force."""
    edition = _draft(request, pk)
    form = NoteForm(request.POST or None, initial={"seen": edition.text_digest})
    if form.is_valid():
        _decide(request, edition, **form.cleaned_data)
        return redirect("policy_builder:draft", pk=pk)
    if edition.state != EditionState.IN_REVIEW:
        return redirect("policy_builder:draft", pk=pk)
    text = drafts.as_sent(edition)
    snapshot = assembly.snapshot(text) if text else None
    in_force = Edition.objects.in_force().filter(policy=edition.policy).first()
    changes = reading.changes(in_force.content, snapshot) if in_force and snapshot else []
    return render(
        request,
        "pages/policy_builder/review.html",
        {
            "edition": edition,
            "snapshot": snapshot,
            "in_force": in_force,
            "changes": list(changes),
            "form": form,
            "may_decide": has_transition_perm(edition.approve, request.user),
            "wrote_it": str(request.user.pk) in edition.writers,
        },
    )


def _decide(request: HttpRequest, edition: Edition, *, step: str, seen: str, note: str) -> None:
    if step == "approve":
        actions.approve(edition, actor=request.user, seen=seen)
        messages.success(request, "Approved. It can be issued now.")
    else:
        actions.send_back(edition, actor=request.user, seen=seen, note=note)
        messages.success(request, "Sent back. The drafter has been told.")


@login_required
def issue(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Freeze the approved text, and ask people to acknowledge it, in one act."""
    edition = _draft(request, pk)
    form = IssueForm(request.POST or None, initial={"seen": edition.text_digest})
    if form.is_valid() and (issued := _issued(request, edition, form)):
        messages.success(request, f"Edition {issued.number} is issued.")
        return redirect("policy_builder:edition", issued.policy.slug, issued.number)
    if edition.state != EditionState.APPROVED:
        return redirect("policy_builder:draft", pk=pk)
    return render(
        request,
        "pages/policy_builder/issue.html",
        {
            "edition": edition,
            "form": form,
            "units": list(edition.policy.units.all()),
            "people": actions.audience(edition.policy).count(),
            "is_first": not edition.policy.editions.issued().exists(),
        },
    )


def _issued(request: HttpRequest, edition: Edition, form: IssueForm) -> Edition | None:
    """None where its checks stand against it; the form then says which."""
    try:
        return actions.issue(edition, actor=request.user, **form.wanted())
    except assembly.FailingChecksError as error:
        form.add_error(None, "Nothing was issued. Mend this in the clause library first:")
        for problem in error.problems:
            form.add_error(None, problem)
        return None
