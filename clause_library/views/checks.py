"""Write the checks of a draft one by one, and try a version's checks on any post."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from organization.models import Company

from .. import actions
from ..check_forms import CheckForm, ChecksForm, TryForm
from ..checks import CheckError, Post, Screening, fixed_text, screener_of, tried_examples
from ..checks.in_words import CheckInWords, check_in_words
from ..checks.kinds import KINDS
from ..checks.marking import segments
from ..checks.screener import shared_words
from ..lists import lists_of
from ..models import ClauseVersion
from ..states import State
from .library import only_the_library_people, version_of

CATEGORY_OF = {  # what a new check of a kind usually counts as
    "claims": "financial_promise",
    "secrets": "confidential",
    "credentials": "confidential",
    "listed_names": "confidential",
    "inside_information": "material_nonpublic",
    "quiet_period": "material_nonpublic",
    "respect": "harassment",
    "competitors": "competitor",
    "rights": "ip",
    "speaking_for_company": "spokesperson",
    "meaning": "financial_promise",
    "media": "style",
    "links": "unsafe_link",
    "hidden_text": "text",
    "channel_fit": "style",
    "tone": "style",
}


def _draft(request: HttpRequest, name: str) -> ClauseVersion:
    only_the_library_people(request)
    if not request.user.has_perm("clause_library.draft_clause"):
        raise PermissionDenied("Only a drafter changes checks.")
    drafts = ClauseVersion.objects.select_related("clause__category")
    return get_object_or_404(drafts, clause__name=name, state=State.DRAFT)


def _check_at(version: ClauseVersion, place: int) -> dict[str, Any]:
    if place >= len(version.checks) or version.checks[place].get("kind") not in KINDS:
        raise Http404
    return version.checks[place]


@login_required
def new_check(request: HttpRequest, name: str) -> HttpResponse:
    """Choose a kind, then write the check."""
    found = _draft(request, name)
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        page = {"version": found, "kinds": KINDS}
        return render(request, "pages/clause_library/kinds.html", page)
    empty = {"kind": kind, "severity": "review", "category": CATEGORY_OF.get(kind, kind)}
    return _edit(request, found, empty, place=None)


@login_required
def check(request: HttpRequest, name: str, place: int) -> HttpResponse:
    """Change one check; below it stand its examples with what came of them."""
    found = _draft(request, name)
    return _edit(request, found, _check_at(found, place), place=place)


def _edit(
    request: HttpRequest, version: ClauseVersion, before: Mapping[str, Any], *, place: int | None
) -> HttpResponse:
    others = [one.get("name", "") for n, one in enumerate(version.checks) if n != place]
    form = CheckForm(
        request.POST or None,
        before=before,
        clause=version.clause.name,
        others=others,
        seen=version.digest,
    )
    if form.is_valid():
        checks = [*version.checks]
        at = len(checks) if place is None else place
        checks[at : at + 1] = [form.check]
        if _written(request, version, checks, form.cleaned_data["seen"], form):
            return redirect("clause_library:check", version.clause.name, at)
    return render(
        request,
        "pages/clause_library/check.html",
        {
            "version": version,
            "form": form,
            "place": place,
            "shared": sorted(shared_words()["words"]),
            "told": None if place is None else _told(version, before),
        },
    )


def _told(version: ClauseVersion, check: Mapping[str, Any]) -> CheckInWords | None:
    """The saved check in words; None where another of the draft's checks stops them all."""
    try:
        return check_in_words(check, tried_examples(version.checked))
    except CheckError:
        return None


def _written(
    request: HttpRequest, version: ClauseVersion, checks: list, seen: str, form: Any
) -> bool:
    """Save all checks; where they cannot run together, the form says why."""
    try:
        written = actions.write(version, actor=request.user, seen=seen, checks=checks)
    except CheckError as error:
        form.add_error(None, str(error))
        return False
    wrong = sum(not one.is_right for one in tried_examples(written.checked))
    messages.success(request, "Saved.")
    if wrong:
        messages.warning(request, f"{_counted(wrong)} not come out as {_they(wrong)} should.")
    return True


def _counted(wrong: int) -> str:
    return "1 example of this clause does" if wrong == 1 else f"{wrong} examples of this clause do"


def _they(wrong: int) -> str:
    return "it" if wrong == 1 else "they"


@login_required
@require_POST
def copy_check(request: HttpRequest, name: str, place: int) -> HttpResponse:
    """A second one like it, under a name of its own, to be changed."""
    found = _draft(request, name)
    taken = {one.get("name") for one in found.checks}
    copy = deepcopy(_check_at(found, place))
    copy["name"] = next(
        free for n in range(2, 1000) if (free := f"{copy['name'][:70]}-{n}") not in taken
    )
    checks = [*found.checks[: place + 1], copy, *found.checks[place + 1 :]]
    if _changed(request, found, checks):
        messages.success(request, f"Copied. This one is called {copy['name']}.")
        return redirect("clause_library:check", name, place + 1)
    return redirect("clause_library:draft", name)


@login_required
@require_POST
def remove_check(request: HttpRequest, name: str, place: int) -> HttpResponse:
    """Take it out of the draft; earlier versions keep it."""
    found = _draft(request, name)
    gone = _check_at(found, place)
    if _changed(request, found, [*found.checks[:place], *found.checks[place + 1 :]]):
        messages.success(request, f"The check {gone['name']} is out. Earlier versions keep it.")
    return redirect("clause_library:draft", name)


def _changed(request: HttpRequest, version: ClauseVersion, checks: list) -> bool:
    try:
        actions.write(version, actor=request.user, seen=request.POST.get("seen", ""), checks=checks)
    except CheckError as error:
        messages.error(request, f"Nothing was changed. {error}")
        return False
    return True


@login_required
def as_data(request: HttpRequest, name: str) -> HttpResponse:
    """All checks of a draft in YAML, for those who read it: to copy between clauses, or to change many at once."""
    found = _draft(request, name)
    form = ChecksForm(
        request.POST or None,
        clause=name,
        initial={"checks": found.checks, "seen": found.digest},
    )
    if form.is_valid():
        said = form.cleaned_data
        if _written(request, found, said["checks"], said["seen"], form):
            return redirect("clause_library:draft", name)
    return render(request, "pages/clause_library/as_data.html", {"version": found, "form": form})


@login_required
def try_checks(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """What this version's checks make of a post. Nothing is stored: the text is in this answer and nowhere else.

    A script asks for the answer alone while somebody types.
    """
    only_the_library_people(request)
    found = version_of(name, number)
    form = TryForm(request.POST or None)
    page: dict[str, Any] = {"version": found, "form": form, "answer": None}
    if form.is_valid():
        page["answer"] = _answer(request, found, form)
    if request.headers.get("X-Requested-With") == "fetch":
        return render(request, "components/tried.html", page)
    return render(request, "pages/clause_library/try.html", page)


def _answer(request: HttpRequest, version: ClauseVersion, form: TryForm) -> dict[str, Any]:
    text = form.cleaned_data["text"].replace("\r\n", "\n")
    try:
        seen = _screened(version, form, text)
    except CheckError as error:
        return {"problem": str(error)}
    if request.POST.get("fix"):
        fixes = [
            one
            for place, one in enumerate(seen.findings)
            if request.POST["fix"] in {"all", str(place)}
        ]
        text = fixed_text(text, fixes)
        form.data = form.data.copy()
        form.data["text"] = text
        seen = _screened(version, form, text)
    fixed = fixed_text(text, seen.findings)
    return {
        "problem": "",
        "findings": seen.findings,
        "protected": seen.protected,
        "not_ours": seen.not_ours,
        "segments": segments(text, [asdict(one) for one in seen.findings]),
        "fixed": fixed if fixed != text else None,
    }


def _screened(version: ClauseVersion, form: TryForm, text: str) -> Screening:
    company = Company.current()
    said, lists = form.cleaned_data, lists_of(company)
    return screener_of(version.checked).screen(
        Post(
            text,
            said["channel"],
            said["relation"],
            company.names,
            tuple(company.rivals),
            own_hosts=tuple(company.hosts),
            listed=lists.listed,
            quiet=lists.quiet(timezone.now()),
        )
    )
