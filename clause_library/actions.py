"""What people do with clauses, one function for each."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from organization import steps
from organization.models import Person
from organization.system import SETUP

from .checks import CheckError, check_examples, refuse_excess, screener_of
from .errors import NotReadyError
from .files import ClauseText, Library, shipped
from .models import Category, Clause, ClauseVersion
from .rules import may_approve, may_draft
from .states import State
from .wording import blanks_in, check_wording

# The fields of a version that a drafter writes, and that the digest covers.
WRITTEN = [
    "title",
    "short",
    "body",
    "why",
    "do",
    "dont",
    "jurisdictions",
    "sectors",
    "citations",
    "blanks",
    "checks",
]


def load_library(library: Library) -> dict[str, int]:
    """Take the shipped clauses over; a changed file becomes a new version. Returns how many of each.

    Safe to run again: what is there stays, and no issued edition ever changes (invariant 1).
    """
    for position, shelf in enumerate(library.shelves):
        Category.objects.update_or_create(
            slug=shelf.name,
            defaults={"title": shelf.title, "about": shelf.about, "position": position},
        )
    shelves = {shelf.slug: shelf for shelf in Category.objects.all()}
    done = {"new": 0, "changed": 0, "kept": 0}
    for text in library.clauses.values():
        done[_adopt(text, shelves[text.category])] += 1
    return done


@transaction.atomic
def _adopt(text: ClauseText, shelf: Category) -> str:
    clause, is_new = Clause.objects.get_or_create(name=text.name, defaults={"category": shelf})
    clause = steps.locked(clause)
    adopted = clause.versions.filter(drafted_by=None).order_by("-number").first()
    if adopted and adopted.digest == text.digest:
        return "kept"
    newest = clause.versions.order_by("-number").first()
    version = ClauseVersion(
        clause=clause,
        number=newest.number + 1 if newest else 1,
        change_note="" if is_new else "Changed in the library that is shipped.",
        **_content(text),
    )
    steps.take(
        "adopt",
        version,
        actor=SETUP,
        create=True,
        data={"clause": clause.name, "number": version.number, "digest": version.digest},
        changes={"approved_at": timezone.now()},
    )
    return "new" if is_new else "changed"


def _content(text: ClauseText) -> dict[str, Any]:
    content = {name: value for name in WRITTEN if (value := getattr(text, name)) is not None}
    listed = {
        name: [dict(item) if isinstance(item, Mapping) else item for item in value]
        for name, value in content.items()
        if isinstance(value, tuple)
    }
    return content | listed | {"digest": text.digest}


@transaction.atomic
def start_version(clause: Clause, *, actor: Person) -> ClauseVersion:
    """A new draft with the words of the newest version; the open one, where there is one."""
    clause = steps.locked(clause)
    newest = clause.versions.order_by("-number").first()
    if newest.is_open:
        return newest
    if not actor.has_perm("clause_library.draft_clause"):
        raise PermissionDenied("Only a drafter changes clauses.")
    version = ClauseVersion(
        clause=clause,
        number=newest.number + 1,
        drafted_by=actor,
        writers=[str(actor.pk)],
        **_content(newest.text),
    )
    steps.begin(
        version,
        actor=actor,
        data={"clause": clause.name, "number": version.number, "digest": version.digest},
    )
    return version


@transaction.atomic
def write(version: ClauseVersion, *, actor: Person, seen: str, **written: Any) -> ClauseVersion:
    """Change a draft's words. ``seen`` is the digest of what the drafter had before them.

    Raises CheckError for checks that cannot run: nothing that people wrote is compiled again and again in vain.
    """
    version = _locked(version, seen)
    if not may_draft(version, actor):
        raise PermissionDenied("Only a drafter changes clauses.")
    if version.state != State.DRAFT:
        raise steps.ChangedMeanwhileError(
            "These words have left drafting since you opened them. Nothing was saved."
        )
    for name, value in written.items():
        setattr(version, name, value)
    if "checks" in written:
        refuse_excess(version.checks)
        screener_of(version.checked)
    version.blanks = blanks_in(version.body)
    version.digest = version.text.digest
    version.drafted_by = actor
    version.writers = sorted({*version.writers, str(actor.pk)})
    version.save(update_fields=[*written, "blanks", "digest", "drafted_by", "writers"])
    return version


def problems_of(version: ClauseVersion, blanks: Mapping[str, object]) -> list[str]:
    """What stands against submitting it: broken blanks, and examples that its checks get wrong."""
    found = [
        f"Line {problem.line}: {problem.construct} {problem.says}"
        for problem in check_wording(version.body, blanks)
    ]
    try:
        refuse_excess(version.checks)
    except CheckError as error:
        return [*found, str(error)]
    return found + check_examples(version.checked)


def _refuse_unready(version: ClauseVersion) -> None:
    """Broken words and checks that get their examples wrong go no further (issue and approval rest on them)."""
    if problems := problems_of(version, shipped().blanks):
        raise NotReadyError(problems)


@transaction.atomic
def submit(version: ClauseVersion, *, actor: Person, seen: str) -> ClauseVersion:
    """Ask a second person to read exactly these words. Raises NotReadyError."""
    version = _locked(version, seen)
    if may_draft(version, actor):
        _refuse_unready(version)
    steps.take("submit", version, actor=actor, data=_facts(version))
    return version


@transaction.atomic
def approve(version: ClauseVersion, *, actor: Person, seen: str) -> ClauseVersion:
    """Let policies use exactly the words on the approver's screen. Raises NotReadyError."""
    version = _locked(version, seen)
    if may_approve(version, actor):
        _refuse_unready(version)
    steps.take(
        "approve",
        version,
        actor=actor,
        data=_facts(version),
        changes={"approved_by": actor, "approved_at": timezone.now()},
    )
    return version


@transaction.atomic
def send_back(version: ClauseVersion, *, actor: Person, seen: str, note: str) -> ClauseVersion:
    version = _locked(version, seen)
    steps.take(
        "send_back",
        version,
        actor=actor,
        data=_facts(version),
        sealed={"note": note},
        changes={"review_note": note},
    )
    return version


@transaction.atomic
def retire(version: ClauseVersion, *, actor: Person) -> ClauseVersion:
    """Offer it to no new policy; what is issued stays as it is."""
    version = _locked(version)
    steps.take("retire", version, actor=actor, data=_facts(version))
    return version


def _facts(version: ClauseVersion) -> dict[str, Any]:
    return {
        "clause": version.clause.name,
        "number": version.number,
        "digest": version.digest,
        "significance": version.significance,
    }


def _locked(version: ClauseVersion, seen: str | None = None) -> ClauseVersion:
    version = steps.locked(version, "clause__category")
    if seen is not None and version.digest != seen:
        raise steps.ChangedMeanwhileError(
            "Somebody changed this clause since you opened it. Nothing was saved. "
            "Open it again to see the words as they are."
        )
    return version
