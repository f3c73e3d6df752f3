"""Who may do what with a clause version; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from organization.models import Person

    from .models import ClauseVersion


def may_draft(version: ClauseVersion, person: Person) -> bool:
    """A drafter; the one who drafted and everybody else who drafts on this shelf."""
    return person.is_active and person.has_perm("clause_library.draft_clause")


def may_approve(version: ClauseVersion, person: Person) -> bool:
    """A second person: an approver who did not draft this version."""
    return (
        person.is_active
        and version.drafted_by_id != person.pk
        and person.has_perm("clause_library.approve_clause")
    )
