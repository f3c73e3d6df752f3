"""Pages of policies: start, answer, read, approve, issue, acknowledge."""

import hashlib
import re
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from documents.editions import style_source
from ledger.records import stamp
from organization import consent
from organization.client import client_address

from . import acknowledging, actions, assembly, drafts, reading
from .forms import (
    AcknowledgeForm,
    InterviewForm,
    IssueForm,
    NoteForm,
    ProvisionForm,
    StartForm,
)
from .models import Acknowledgement, Edition, Policy, Round
from .states import AcknowledgementState, EditionState

AT_ONCE = 4  # questions on one screen
PAGE = 50


@login_required
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """The policies that hold for this person; drafts too for those who write them."""
    return render(
        request,
        "pages/policy_builder/policies.html",
        {
            "in_force": reading.editions_in_force(request.user),
            "may_draft": request.user.has_perm("policy_builder.draft_policy"),
            "drafts": Edition.objects.filter(number=None).select_related("policy", "drafted_by")
            if reading.may_see_drafts(request.user)
            else None,
        },
    )


@permission_required("policy_builder.draft_policy", raise_exception=True)
def start(request: HttpRequest) -> HttpResponse:
    """Choose a playbook; the interview follows."""
    form = StartForm(request.POST or None)
    if form.is_valid():
        edition = actions.start_policy(actor=request.user, **form.cleaned_data)
        return redirect("policy_builder:interview", pk=edition.pk)
    return render(request, "pages/policy_builder/start.html", {"form": form})


@require_POST
@permission_required("policy_builder.draft_policy", raise_exception=True)
def new_edition(request: HttpRequest, slug: str) -> HttpResponse:
    edition = actions.start_edition(get_object_or_404(Policy, slug=slug), actor=request.user)
    return redirect("policy_builder:draft", pk=edition.pk)


def _draft(request: HttpRequest, pk: uuid.UUID) -> Edition:
    if not request.user.is_authenticated or not reading.may_see_drafts(request.user):
        raise Http404
    drafts_ = Edition.objects.select_related("policy", "drafted_by", "approved_by")
    return get_object_or_404(drafts_, pk=pk)


@login_required
def interview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A few questions at a time; each says what it is for, and every answer is kept at once."""
    edition = _draft(request, pk)
    questions = drafts.questions(edition)
    step = min(max(_number(request.GET.get("step")), 0), max(len(questions) - 1, 0) // AT_ONCE)
    here = questions[step * AT_ONCE : (step + 1) * AT_ONCE]
    form = InterviewForm(request.POST or None, questions=here)
    if form.is_valid():
        edition = actions.write(edition, actor=request.user, answers=_merged(edition, form))
        if (step + 1) * AT_ONCE >= len(drafts.questions(edition)):
            return redirect("policy_builder:draft", pk=pk)
        return redirect(f"{request.path}?step={step + 1}")
    return render(
        request,
        "pages/policy_builder/interview.html",
        {
            "edition": edition,
            "form": form,
            "questions": here,
            "step": step,
            "answered": sum(question.answer is not None for question in questions),
            "total": len(questions),
        },
    )


def _merged(edition: Edition, form: InterviewForm) -> dict:
    """Former answers with the new ones; an emptied field takes its answer back."""
    answers = dict(edition.answers)
    for name, value in form.cleaned_data.items():
        if value is None or value == "":
            answers.pop(name, None)
        else:
            answers[name] = value
    return answers


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,4}", text) else 0


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
    return render(
        request,
        "pages/policy_builder/draft.html",
        page | {"may_draft": request.user.has_perm("policy_builder.draft_policy")},
    )


@permission_required("policy_builder.draft_policy", raise_exception=True)
def provision(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Word a clause for this policy alone, or leave it out; always with a reason."""
    edition = _draft(request, pk)
    versions = drafts.versions_for(edition)
    if name not in versions:
        raise Http404
    wording = edition.overrides.get("wordings", {}).get(name, {})
    form = ProvisionForm(
        request.POST or None,
        initial={
            "body": wording.get("body", versions[name].body),
            "because": wording.get("because", ""),
        },
    )
    if form.is_valid():
        overrides = _overridden(edition.overrides, name, versions[name].body, form.cleaned_data)
        trial = Edition(policy=edition.policy, answers=edition.answers, overrides=overrides)
        trial.pinned = edition.pinned
        try:
            drafts.questions(trial)
        except assembly.AssemblyError as error:
            form.add_error("body", " ".join(error.problems))
        else:
            actions.write(edition, actor=request.user, overrides=overrides)
            return redirect("policy_builder:draft", pk=pk)
    return render(
        request,
        "pages/policy_builder/provision.html",
        {"edition": edition, "version": versions[name], "form": form},
    )


def _overridden(overrides: dict, name: str, shipped: str, change: dict) -> dict:
    left_out = {key: why for key, why in overrides.get("left_out", {}).items() if key != name}
    wordings = {key: one for key, one in overrides.get("wordings", {}).items() if key != name}
    if change["leave_out"]:
        left_out[name] = change["because"]
    elif change["body"].replace("\r\n", "\n").strip() != shipped.strip():
        wordings[name] = {"body": change["body"], "because": change["because"]}
    return overrides | {"left_out": left_out, "wordings": wordings}


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
        seen, note = form.cleaned_data["seen"], form.cleaned_data["note"]
        if form.cleaned_data["step"] == "approve":
            actions.approve(edition, actor=request.user, seen=seen)
            messages.success(request, "Approved. It can be issued now.")
        else:
            actions.send_back(edition, actor=request.user, seen=seen, note=note)
            messages.success(request, "Sent back. The drafter has been told.")
        return redirect("policy_builder:draft", pk=pk)
    if edition.state != EditionState.IN_REVIEW:
        return redirect("policy_builder:draft", pk=pk)
    snapshot = assembly.snapshot(drafts.assembled(edition))
    in_force = Edition.objects.in_force().filter(policy=edition.policy).first()
    return render(
        request,
        "pages/policy_builder/review.html",
        {
            "edition": edition,
            "snapshot": snapshot,
            "in_force": in_force,
            "changes": list(reading.changes(in_force.content, snapshot)) if in_force else [],
            "form": form,
            "is_own": edition.drafted_by_id == request.user.pk,
        },
    )


@login_required
def issue(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Freeze the approved text, and ask people to acknowledge it."""
    edition = _draft(request, pk)
    form = IssueForm(request.POST or None, initial={"seen": edition.text_digest})
    if form.is_valid():
        cleaned = form.cleaned_data
        issued = actions.issue(
            edition,
            actor=request.user,
            **{name: cleaned[name] for name in ISSUE_WITH},
        )
        if cleaned["ask"]:
            actions.open_round(issued, actor=request.user, due_at=cleaned["due_at"])
        messages.success(request, f"Edition {issued.number} is issued.")
        return redirect("policy_builder:edition", issued.policy.slug, issued.number)
    if edition.state != EditionState.APPROVED:
        return redirect("policy_builder:draft", pk=pk)
    return render(request, "pages/policy_builder/issue.html", {"edition": edition, "form": form})


ISSUE_WITH = ("seen", "in_force_from", "significance", "change_note")


# Reading


def _readable(request: HttpRequest, slug: str) -> Policy:
    return get_object_or_404(reading.readable_policies(request.user), slug=slug)


def _in_force(request: HttpRequest, slug: str) -> Edition:
    in_force = Edition.objects.in_force().select_related("policy")
    return get_object_or_404(in_force, policy=_readable(request, slug))


@login_required
@require_safe
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """The edition in force, to read; at its end the press that acknowledges it, where it is due."""
    return _read(request, _in_force(request, slug))


def _read(request: HttpRequest, edition: Edition, form: AcknowledgeForm | None = None):
    mine = Acknowledgement.objects.of(request.user).filter(edition=edition).first()
    is_due = mine is not None and mine.state == AcknowledgementState.DUE and edition.is_in_force()
    return render(
        request,
        "pages/policy_builder/read.html",
        {
            "edition": edition,
            "snapshot": edition.content,
            "mine": mine,
            "form": (form or _acknowledge_form(request, edition)) if is_due else None,
            "consent": consent,
            "button": acknowledging.BUTTON,
            "others": edition.policy.editions.issued().exclude(pk=edition.pk).order_by("-number"),
            "may_draft": request.user.has_perm("policy_builder.draft_policy"),
        },
    )


def _acknowledge_form(request: HttpRequest, edition: Edition) -> AcknowledgeForm:
    return AcknowledgeForm(
        request.POST or None,
        initial={"seen": edition.digest},
        needs_consent=request.user.consented_at is None,
        box_label=acknowledging.BOX,
        consent_label=consent.BOX,
    )


@login_required
def acknowledge(request: HttpRequest, slug: str) -> HttpResponse:
    """Only a press acts (invariant 7); whoever follows a link sees the page with the button."""
    if request.method != "POST":
        return redirect("policy_builder:read", slug)
    edition = _in_force(request, slug)
    mine = get_object_or_404(Acknowledgement.objects.of(request.user), edition=edition)
    form = _acknowledge_form(request, edition)
    if not form.is_valid():
        return _read(request, edition, form)
    if "consent" in form.cleaned_data:
        consent.give_consent(request.user)
    actions.acknowledge(
        mine,
        actor=request.user,
        seen=form.cleaned_data["seen"],
        sign_in=_sign_in(request),
        address=client_address(request),
    )
    return redirect("policy_builder:receipt", mine.number)


def _sign_in(request: HttpRequest) -> dict[str, str]:
    """By which sign-in the person is here; the session is named by a digest that opens nothing."""
    return {
        "method": "e-mail address and password",
        "at": stamp(request.user.last_login),
        "session": hashlib.sha256(request.session.session_key.encode()).hexdigest(),
    }


@login_required
@require_safe
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One edition, for as long as there is a record of it."""
    return _read(request, _issued(request, slug, number))


def _issued(request: HttpRequest, slug: str, number: int) -> Edition:
    issued = Edition.objects.issued().select_related("policy", "pdf", "html")
    return get_object_or_404(issued, policy=_readable(request, slug), number=number)


@login_required
@require_safe
def provision_link(request: HttpRequest, slug: str, anchor: str) -> HttpResponse:
    """A link to a provision that holds over editions: it leads into the one in force."""
    edition = _in_force(request, slug)
    get_object_or_404(edition.provisions, anchor=anchor)
    response = redirect("policy_builder:read", slug)
    response["Location"] += f"#{anchor}"
    return response


@login_required
@require_safe
def pdf(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    edition = _issued(request, slug, number)
    if edition.pdf is None:
        raise Http404("The PDF is still being made.")
    return _file(edition.pdf, f"{slug}-edition-{number}.pdf")


@login_required
@require_safe
def html(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The stand-alone page, under a policy that allows its own style sheet and nothing else."""
    edition = _issued(request, slug, number)
    if edition.html is None:
        raise Http404("The page is still being made.")
    page = edition.html.read().decode()
    response = HttpResponse(page)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {style_source(page)}; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response


def _file(stored, name: str) -> HttpResponse:
    response = HttpResponse(stored.read(), content_type=stored.media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


# Acknowledgements


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


def _receipt(request: HttpRequest, number: str) -> Acknowledgement:
    visible = Acknowledgement.objects.exclude(acknowledged_at=None)
    if not request.user.has_perm("organization.read_records"):
        visible = visible.of(request.user)
    return get_object_or_404(
        visible.select_related(
            "edition__policy", "person", "receipt__pdf", "receipt__evidence", "round"
        ),
        number=number,
    )


@login_required
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    found = _receipt(request, number)
    ready = hasattr(found, "receipt") and found.receipt.is_ready
    return render(
        request, "pages/policy_builder/receipt.html", {"acknowledgement": found, "ready": ready}
    )


@login_required
@require_safe
def receipt_pdf(request: HttpRequest, number: str) -> HttpResponse:
    return _file(_kept(request, number).pdf, f"receipt-{number[:8]}.pdf")


@login_required
@require_safe
def receipt_json(request: HttpRequest, number: str) -> HttpResponse:
    return _file(_kept(request, number).evidence, f"receipt-{number[:8]}.json")


def _kept(request: HttpRequest, number: str):
    found = _receipt(request, number)
    if not hasattr(found, "receipt") or not found.receipt.is_ready:
        raise Http404("The receipt is still being made.")
    return found.receipt


@login_required
@require_safe
def round_(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far a round has come, by unit and by person."""
    if not any(request.user.has_perm(name) for name in reading.SEE_ALL):
        raise Http404
    found = get_object_or_404(Round.objects.select_related("edition__policy"), pk=pk)
    done = Q(state=AcknowledgementState.ACKNOWLEDGED)
    asked = found.acknowledgements.exclude(state=AcknowledgementState.CLOSED)
    units = (
        asked.values("person__unit__name")
        .annotate(asked=Count("pk"), done=Count("pk", filter=done))
        .order_by("person__unit__name")
    )
    people = asked.select_related("person__unit").order_by("state", "person__name")
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


@permission_required("organization.see_team", raise_exception=True)
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Who in this manager's team is due, and who has acknowledged."""
    rows = (
        Acknowledgement.objects.filter(
            person__in=request.user.team.active(),
            edition__in=Edition.objects.in_force().values("pk"),
        )
        .select_related("person", "edition__policy", "round")
        .order_by("-state", "person__name")
    )
    return render(
        request,
        "pages/policy_builder/team.html",
        {"page": Paginator(rows, PAGE).get_page(request.GET.get("page"))},
    )
