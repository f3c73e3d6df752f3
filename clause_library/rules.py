"""Who may do what with a clause version; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.system import is_system

if TYPE_CHECKING:
    from organization.models import Person
    from organization.system import SystemActor

    from .models import ClauseVersion


def may_draft(version: ClauseVersion, person: Person) -> bool:
    return (
        not is_system(person)
        and person.is_active
        and person.has_perm("clause_library.draft_clause")
    )


def may_approve(version: ClauseVersion, person: Person) -> bool:
    """A second person: an approver who wrote nothing of this version."""
    return (
        not is_system(person)
        and person.is_active
        and str(person.pk) not in version.writers
        and person.has_perm("clause_library.approve_clause")
    )


def is_setup(version: ClauseVersion, actor: Person | SystemActor) -> bool:
    """Only set-up takes clauses over from the files that are shipped."""
    return is_system(actor)
