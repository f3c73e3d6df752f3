"""Who may do what with an edition and an acknowledgement; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.system import is_system

if TYPE_CHECKING:
    from organization.models import Person
    from organization.system import SystemActor

    from .models import Acknowledgement, Edition


def may_draft(edition: Edition, person: Person) -> bool:
    return (
        not is_system(person)
        and person.is_active
        and person.has_perm("policy_builder.draft_policy")
    )


def may_approve(edition: Edition, person: Person) -> bool:
    """A second person: an approver who wrote nothing of this edition."""
    return (
        not is_system(person)
        and person.is_active
        and str(person.pk) not in edition.writers
        and person.has_perm("policy_builder.approve_edition")
    )


def may_issue(edition: Edition, person: Person) -> bool:
    """Whoever drafts or approves; the words were approved by a second person before."""
    return may_draft(edition, person) or may_approve(edition, person)


def is_own(acknowledgement: Acknowledgement, person: Person) -> bool:
    """Nobody, an administrator included, acknowledges for somebody else (invariant 14)."""
    return not is_system(person) and person.is_active and acknowledgement.person_id == person.pk


def may_supersede(edition: Edition, actor: Person | SystemActor) -> bool:
    """The clock, when a newer edition comes into force; or whoever issues that edition."""
    return is_system(actor) or may_issue(edition, actor)


def may_keep_rounds(acknowledgement: Acknowledgement, actor: Person | SystemActor) -> bool:
    """The clock, when people leave or a newer edition asks; or whoever opens rounds."""
    return is_system(actor) or (actor.is_active and actor.has_perm("policy_builder.open_round"))
