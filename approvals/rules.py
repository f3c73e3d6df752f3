"""Who may do what with a submission; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.system import is_system

if TYPE_CHECKING:
    from organization.models import Person
    from organization.system import SystemActor

    from .models import RouteRules, Settlement, ShelfItem, Submission


def is_author(submission: Submission, actor: Person) -> bool:
    return not is_system(actor) and actor.is_active and submission.author_id == actor.pk


def wrote(submission: Submission, actor: Person) -> bool:
    """As its author, as who wrote the revision that stands, or as a co-author (invariant 3).

    A co-author is named as one, or offered a wording that was taken where a second person decides.
    """
    return actor.pk in {
        submission.author_id,
        submission.revision.created_by_id,
    } or submission.has_co_author(actor)


def is_reviewer(submission: Submission, actor: Person) -> bool:
    """One of those who are asked about it, and not who wrote it, superuser or not (invariant 3)."""
    return (
        not is_system(actor)
        and actor.is_active
        and not wrote(submission, actor)
        and submission.is_reviewable_by(actor)
    )


def may_review(submission: Submission, actor: Person) -> bool:
    """May stop it, or ask for changes: a reviewer whose manager its author is not.

    On an appeal that is another one than whoever declined.
    """
    return (
        is_reviewer(submission, actor)
        and actor.manager_id != submission.author_id
        and not (submission.is_in_appeal and submission.was_declined_by(actor))
    )


def may_agree(submission: Submission, actor: Person) -> bool:
    """Whom the stage asks in which the post stands, and who has not agreed yet."""
    return not is_system(actor) and actor.is_active and submission.is_asking(actor)


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


def may_break_glass(submission: Submission, actor: Person) -> bool:
    """An officer who did not write the post, whether or not they sit at its desk."""
    return (
        not is_system(actor)
        and actor.is_active
        and actor.has_perm("approvals.break_glass")
        and not wrote(submission, actor)
    )


def may_recall(submission: Submission, actor: Person) -> bool:
    """A records officer, or a reviewer of the channel who did not write the post.

    What rests on a word that was recalled falls with it, whoever recalled that.
    """
    if is_system(actor) or not actor.is_active:
        return False
    if actor.has_perm("approvals.recall") or is_reviewer(submission, actor):
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


def may_draft_routes(rules: RouteRules, actor: Person) -> bool:
    return not is_system(actor) and actor.is_active and actor.has_perm("approvals.draft_routes")


def may_issue_routes(rules: RouteRules, actor: Person) -> bool:
    """A second person: an approver who wrote nothing of these rules."""
    return (
        not is_system(actor)
        and actor.is_active
        and str(actor.pk) not in rules.writers
        and actor.has_perm("approvals.issue_routes")
    )


def may_supersede_routes(rules: RouteRules, actor: Person) -> bool:
    """Whoever issues the next ones; these may be the issuer's own."""
    return not is_system(actor) and actor.is_active and actor.has_perm("approvals.issue_routes")


def may_lift(settlement: Settlement, actor: Person) -> bool:
    """Reviewers and approvers: a lifted settlement only asks more."""
    return not is_system(actor) and actor.is_active and actor.has_perm("approvals.lift_settlement")


def is_clock(submission: Submission, actor: Person | SystemActor) -> bool:
    return is_system(actor)
