"""Pages of the library: find a clause, read it, draft a version, approve it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_fsm import can_proceed, has_transition_perm

from .. import actions, readability
from ..checks import CheckError, tried_examples
from ..checks.in_words import CheckInWords, check_in_words
from ..errors import NotReadyError
from ..files import shipped
from ..forms import StepForm, VersionForm
from ..models import Category, Clause, ClauseVersion
from ..prose import to_html
from ..redline import redline
from ..states import State

SEE_LIBRARY = ("clause_library.draft_clause", "clause_library.approve_clause")


def only_the_library_people(request: HttpRequest) -> None:
    """The library is for those who write and approve; the policies are for everybody."""
    if not any(request.user.has_perm(name) for name in SEE_LIBRARY):
        raise Http404


@login_required
@require_safe
def clauses(request: HttpRequest) -> HttpResponse:
    """All clauses by shelf, each with the version that policies use and the one being written."""
    only_the_library_people(request)
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    shelf = request.GET.get("shelf", "").replace("\0", "")
    shelves: dict[Category, list[ClauseVersion]] = {}
    for version in _found(words, shelf):
        shelves.setdefault(version.clause.category, []).append(version)
    return render(
        request,
        "pages/clause_library/list.html",
        {
            "shelves": shelves,
            "words": words,
            "shelf": shelf,
            "all_shelves": Category.objects.all(),
            "open": ClauseVersion.objects.filter(
                state__in=[State.DRAFT, State.IN_REVIEW]
            ).select_related("clause", "drafted_by"),
        },
    )


def _found(words: str, shelf: str) -> QuerySet[ClauseVersion]:
    """The versions that policies use, in the order of the shelves."""
    found = ClauseVersion.objects.latest_approved().select_related("clause__category")
    if words:
        found = found.filter(
            Q(title__icontains=words) | Q(body__icontains=words) | Q(clause__name__icontains=words)
        )
    if shelf:
        found = found.filter(clause__category__slug=shelf)
    return found.order_by("clause__category__position", "title")


@login_required
@require_safe
def clause(request: HttpRequest, name: str) -> HttpResponse:
    """The newest version; the one being written where there is one and none is approved."""
    only_the_library_people(request)
    found = get_object_or_404(Clause, name=name)
    newest = found.versions.approved().order_by("-number").first() or found.versions.first()
    return redirect("clause_library:version", name, newest.number)


@login_required
@require_safe
def version(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One version: its words, its measure, its redline from the one before, and where it is used."""
    only_the_library_people(request)
    found = version_of(name, number)
    before = found.clause.versions.filter(number__lt=number).order_by("-number").first()
    measured = readability.grade(found.body)
    return render(
        request,
        "pages/clause_library/version.html",
        {
            "version": found,
            "html": to_html(_plain(found.body)),
            "grade": f"{measured:.1f}",
            "long_sentences": readability.long_sentences(found.body),
            "before": before,
            "redline": redline(before.body, found.body) if before else None,
            "checks": checks_in_words(found),
            "versions": found.clause.versions.order_by("-number"),
            "used": found.provisions.select_related("edition__policy").order_by("edition"),
            "problems": actions.problems_of(found, shipped().blanks) if found.is_open else [],
            "steps": _steps(found, request.user),
            "step_form": StepForm(initial={"seen": found.digest}),
            "may_draft": request.user.has_perm("clause_library.draft_clause"),
        },
    )


def checks_in_words(version: ClauseVersion) -> list[CheckInWords]:
    """Each check with what came of its examples; none where one of them cannot run (the problems say so)."""
    try:
        tried = tried_examples(version.checked)
    except CheckError:
        return []
    return [check_in_words(check, tried) for check in version.checks]


def _plain(body: str) -> str:
    """Blanks as the drafter reads them; logic stays as it is written."""
    return body.replace("{{ ", "⟨").replace(" }}", "⟩")


def _steps(version: ClauseVersion, person) -> list[str]:
    """The presses that this person may make now."""
    return [
        name
        for name in ("submit", "approve", "send_back", "retire")
        if can_proceed(getattr(version, name))
        and has_transition_perm(getattr(version, name), person)
    ]


def version_of(name: str, number: int) -> ClauseVersion:
    versions = ClauseVersion.objects.select_related("clause__category", "drafted_by", "approved_by")
    return get_object_or_404(versions, clause__name=name, number=number)


@login_required
@require_POST
def start(request: HttpRequest, name: str) -> HttpResponse:
    """Begin the next version, or go on with the one that is being written."""
    only_the_library_people(request)
    found = actions.start_version(get_object_or_404(Clause, name=name), actor=request.user)
    if found.state != State.DRAFT:
        messages.info(request, "This version is in review. It can be changed when it comes back.")
        return redirect("clause_library:version", name, found.number)
    return redirect("clause_library:draft", name)


@login_required
def draft(request: HttpRequest, name: str) -> HttpResponse:
    """Write the next version of a clause; the checks' examples run with every save."""
    only_the_library_people(request)
    drafts = ClauseVersion.objects.select_related("clause__category")
    found = get_object_or_404(drafts, clause__name=name, state=State.DRAFT)
    form = VersionForm(request.POST or None, instance=found, initial={"seen": found.digest})
    if form.is_valid():
        written = actions.write(
            ClauseVersion.objects.get(pk=found.pk),
            actor=request.user,
            seen=form.cleaned_data["seen"],
            **form.written(),
        )
        for problem in actions.problems_of(written, shipped().blanks):
            messages.warning(request, problem)
        return redirect("clause_library:version", name, written.number)
    return render(
        request,
        "pages/clause_library/draft.html",
        {"version": found, "form": form, "checks": checks_in_words(found)},
    )


@login_required
@require_POST
def step(request: HttpRequest, name: str, number: int, step: str) -> HttpResponse:
    """One press: submit, approve, send back or retire."""
    only_the_library_people(request)
    found, form = version_of(name, number), StepForm(request.POST)
    if not form.is_valid() or step not in {"submit", "approve", "send-back", "retire"}:
        raise Http404
    seen, note = form.cleaned_data["seen"], form.cleaned_data["note"]
    if step == "send-back" and not note.strip():
        messages.error(request, "Say in a sentence what should change.")
    else:
        try:
            _take(found, step, request.user, seen, note)
        except NotReadyError as error:
            messages.error(request, f"Mend this first: {error}")
        else:
            messages.success(request, "Done.")
    return redirect("clause_library:version", name, number)


def _take(version: ClauseVersion, step: str, person, seen: str, note: str) -> None:
    match step:
        case "submit":
            actions.submit(version, actor=person, seen=seen)
        case "approve":
            actions.approve(version, actor=person, seen=seen)
        case "send-back":
            actions.send_back(version, actor=person, seen=seen, note=note)
        case "retire":
            actions.retire(version, actor=person)
