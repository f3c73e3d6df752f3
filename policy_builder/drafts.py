"""A draft as it would read today: its playbook, its answers and the clause versions it is pinned to."""

from contextlib import suppress
from typing import Any

from django.db.models import QuerySet

from clause_library.files import ClauseText, Playbook, shipped
from clause_library.models import ClauseVersion
from clause_library.states import State
from clause_library.wording import render_markdown, to_html

from . import assembly
from .answers import AnswersError, clean_answers, with_defaults
from .models import Edition, Policy

RETIRED = "The clause has been retired from the library."


def playbook_of(policy: Policy) -> Playbook:
    return shipped().playbooks[policy.playbook]


def versions_for(edition: Edition) -> dict[str, ClauseVersion]:
    """The version of each clause that this draft uses: its pinned one, else the newest approved one."""
    pinned = ClauseVersion.objects.filter(pk__in=edition.pinned.values())
    return library() | _by_name(pinned)


def library() -> dict[str, ClauseVersion]:
    """Each clause's newest approved version; of a retired clause, the words that it had."""
    approved = ClauseVersion.objects.latest_approved()
    retired = ClauseVersion.objects.filter(state=State.RETIRED).order_by("number")
    return _by_name(retired) | _by_name(approved)


def _by_name(versions: QuerySet[ClauseVersion]) -> dict[str, ClauseVersion]:
    return {version.clause.name: version for version in versions.select_related("clause__category")}


def newer_versions(edition: Edition) -> list[tuple[ClauseVersion, ClauseVersion]]:
    """Clauses for which the draft holds to a version while a newer one is approved: both."""
    newest = library()
    used = versions_for(edition)
    return [
        (version, newest[name])
        for name, version in used.items()
        if name in edition.pinned
        and newest[name].number > version.number
        and newest[name].state == State.APPROVED
    ]


def rendered(edition: Edition, body: str) -> str:
    """A clause's words as people will read them with today's answers. Raises WordingError."""
    answers = with_defaults(shipped().blanks, fitting(edition.answers))
    return to_html(render_markdown(body, answers))


def section_titles(edition: Edition) -> list[str]:
    return [section.title for section in playbook_of(edition.policy).sections]


def to_add(edition: Edition) -> dict[str, list[ClauseVersion]]:
    """Approved clauses that the draft does not have, by shelf."""
    changed = edition.overrides
    out = set(changed.get("left_out", {}))
    seated = {seat.clause for seat in playbook_of(edition.policy).seats if not seat.when}
    there = (seated | {item["clause"] for item in changed.get("added", [])}) - out
    shelves: dict[str, list[ClauseVersion]] = {}
    for name, version in sorted(versions_for(edition).items()):
        if name not in there and version.state == State.APPROVED:
            shelves.setdefault(version.clause.category.title, []).append(version)
    return shelves


def to_pin(edition: Edition, versions: dict[str, ClauseVersion]) -> dict[str, str]:
    """The exact version of each clause that the text has, or would have had."""
    seated = {seat.clause for seat in playbook_of(edition.policy).seats}
    seated |= {item["clause"] for item in edition.overrides.get("added", [])}
    return {
        name: str(version.pk)
        for name, version in versions.items()
        if name in seated and (name in edition.pinned or version.state != State.RETIRED)
    }


def left_out(edition: Edition, versions: dict[str, ClauseVersion]) -> dict[str, str]:
    """Why each clause is out that the playbook has: the drafter's reasons, and the retired ones."""
    retired = {
        name: RETIRED
        for name, version in versions.items()
        if version.state == State.RETIRED and name not in edition.pinned
    }
    seated = {seat.clause for seat in playbook_of(edition.policy).seats}
    return {name: why for name, why in retired.items() if name in seated} | edition.overrides.get(
        "left_out", {}
    )


def texts(versions: dict[str, ClauseVersion]) -> dict[str, ClauseText]:
    return {name: version.text for name, version in versions.items()}


def assembled(
    edition: Edition, versions: dict[str, ClauseVersion] | None = None
) -> assembly.Assembly:
    """The draft put together. Raises MissingAnswersError or AssemblyError."""
    return assembly.assemble(**_inputs(edition, versions or versions_for(edition)))


def as_sent(edition: Edition) -> assembly.Assembly | None:
    """The text that was sent to review; None where the playbook has changed and gives another one now."""
    try:
        text = assembled(edition)
    except assembly.AssemblyError:
        return None
    return text if text.digest == edition.text_digest else None


def questions(edition: Edition) -> list[assembly.Question]:
    """What the interview asks for this draft, answered or not."""
    return assembly.questions_needed(**_inputs(edition, versions_for(edition)))


def fitting(answers: dict[str, Any]) -> dict[str, Any]:
    """Those that fit their blanks; where an upgrade has changed a question, it is asked again."""
    kept: dict[str, Any] = {}
    for name, value in answers.items():
        with suppress(AnswersError):
            kept |= clean_answers(shipped().blanks, {name: value})
    return kept


def _inputs(edition: Edition, versions: dict[str, ClauseVersion]) -> dict[str, Any]:
    return {
        "playbook": playbook_of(edition.policy),
        "clauses": texts(versions),
        "blanks": shipped().blanks,
        "answers": fitting(edition.answers),
        "overrides": edition.overrides | {"left_out": left_out(edition, versions)},
    }
