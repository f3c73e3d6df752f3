"""Who may do what with a submission; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.system import is_system

if TYPE_CHECKING:
    from organization.models import Person
    from organization.system import SystemActor

    from .models import Settlement, Submission


def is_author(submission: Submission, actor: Person) -> bool:
    return not is_system(actor) and actor.is_active and submission.author_id == actor.pk


def may_review(submission: Submission, actor: Person) -> bool:
    """A reviewer of every channel of the post, and never who wrote it, superuser or not (invariant 3)."""
    return (
        not is_system(actor)
        and actor.is_active
        and not has_written(submission, actor)
        and submission.is_reviewable_by(actor)
    )


def has_written(submission: Submission, actor: Person) -> bool:
    """Its author, or a co-author: who is named as one, or whose wording was taken where a second person decides."""
    return submission.author_id == actor.pk or submission.has_co_author(actor)


def may_undo(submission: Submission, actor: Person) -> bool:
    """Only who decided takes it back, and only while they could decide again; until when is asked by the action."""
    return (
        not is_system(actor)
        and submission.decided_by_id == actor.pk
        and may_review(submission, actor)
    )


def has_claimed(submission: Submission, actor: Person) -> bool:
    return not is_system(actor) and actor.is_active and submission.claimed_by_id == actor.pk


def may_hand_over(submission: Submission, actor: Person | SystemActor) -> bool:
    return is_clock(submission, actor) or may_review(submission, actor)


def may_recall(submission: Submission, actor: Person) -> bool:
    """A records officer, or a reviewer of the channel who did not write the post."""
    if is_system(actor) or not actor.is_active:
        return False
    return actor.has_perm("approvals.recall") or may_review(submission, actor)


def may_lift(settlement: Settlement, actor: Person) -> bool:
    """Reviewers and approvers: a lifted settlement only asks more."""
    return not is_system(actor) and actor.is_active and actor.has_perm("approvals.lift_settlement")


def is_clock(submission: Submission, actor: Person | SystemActor) -> bool:
    return is_system(actor)
