"""A draft as it would read today: its playbook, its answers and the clause versions it is pinned to."""

from functools import lru_cache

from clause_library.files import ClauseText, Library, Playbook, read_library
from clause_library.models import ClauseVersion

from . import assembly
from .models import Edition, Policy


@lru_cache(maxsize=1)
def shipped() -> Library:
    """The playbooks and blanks, read once a process."""
    return read_library()


def playbook_of(policy: Policy) -> Playbook:
    return shipped().playbooks[policy.playbook]


def versions_for(edition: Edition) -> dict[str, ClauseVersion]:
    """The version of each clause that this draft uses: its pinned one, else the newest approved one."""
    chosen = {
        version.clause.name: version
        for version in ClauseVersion.objects.latest_approved().select_related("clause__category")
    }
    pinned = ClauseVersion.objects.filter(pk__in=edition.pinned.values())
    return chosen | {
        version.clause.name: version for version in pinned.select_related("clause__category")
    }


def texts(versions: dict[str, ClauseVersion]) -> dict[str, ClauseText]:
    return {name: version.text for name, version in versions.items()}


def assembled(
    edition: Edition, versions: dict[str, ClauseVersion] | None = None
) -> assembly.Assembly:
    """The draft put together. Raises MissingAnswersError or AssemblyError."""
    return assembly.assemble(*_inputs(edition, versions), overrides=edition.overrides)


def questions(edition: Edition) -> list[assembly.Question]:
    """What the interview asks for this draft, answered or not."""
    return assembly.questions_needed(*_inputs(edition), overrides=edition.overrides)


def _inputs(edition: Edition, versions: dict[str, ClauseVersion] | None = None) -> tuple:
    versions = versions or versions_for(edition)
    return playbook_of(edition.policy), texts(versions), shipped().blanks, edition.answers
