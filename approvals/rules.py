"""Who may do what with a submission; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.system import is_system

if TYPE_CHECKING:
    from organization.models import Person
    from organization.system import SystemActor

    from .models import Settlement, ShelfItem, Submission


def is_author(submission: Submission, actor: Person) -> bool:
    return not is_system(actor) and actor.is_active and submission.author_id == actor.pk


def may_review(submission: Submission, actor: Person) -> bool:
    """A reviewer of every channel of the post, and never its author, superuser or not (invariant 3)."""
    return (
        not is_system(actor)
        and actor.is_active
        and submission.author_id != actor.pk
        and submission.is_reviewable_by(actor)
    )


def may_decide(submission: Submission, actor: Person) -> bool:
    """A reviewer; on an appeal another one than whoever declined."""
    return may_review(submission, actor) and not (
        submission.is_in_appeal and submission.was_declined_by(actor)
    )


def may_hand_over(submission: Submission, actor: Person | SystemActor) -> bool:
    return is_clock(submission, actor) or may_review(submission, actor)


def may_recall(submission: Submission, actor: Person) -> bool:
    """A records officer, or a reviewer of the channel who did not write the post.

    What rests on a word that was recalled falls with it, whoever recalled that.
    """
    if is_system(actor) or not actor.is_active:
        return False
    if actor.has_perm("approvals.recall") or may_review(submission, actor):
        return True
    rests_on = submission.clearance and submission.clearance.rests_on
    return bool(rests_on and rests_on.recalled_at)


def may_shelve(submission: Submission, actor: Person) -> bool:
    """A reviewer of every channel of the post: never its author."""
    return may_review(submission, actor)


def may_retire(item: ShelfItem, actor: Person) -> bool:
    """Whoever may put the same post on the shelf, and records officers: retiring only asks more."""
    if is_system(actor) or not actor.is_active:
        return False
    submission = item.clearance.revision.submission
    return actor.has_perm("approvals.recall") or may_shelve(submission, actor)


def may_lift(settlement: Settlement, actor: Person) -> bool:
    """Reviewers and approvers: a lifted settlement only asks more."""
    return not is_system(actor) and actor.is_active and actor.has_perm("approvals.lift_settlement")


def is_clock(submission: Submission, actor: Person | SystemActor) -> bool:
    return is_system(actor)
