"""Comms puts cleared posts on the shelf for others to share, and takes them off."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clause_library.text import check_text, exact_digest
from organization import steps
from organization.models import Person

from . import bounds, rules
from .errors import RefusedPostError
from .holding import locked
from .models import Clearance, ShelfItem, Submission
from .screening import screen
from .states import ShelfState, State

LONGEST_TITLE = 80


@transaction.atomic
def put(
    submission: Submission,
    *,
    actor: Person,
    seen: str,
    title: str,
    template: str,
    longest_sentence: int = 0,
) -> ShelfItem:
    """Put a post that a reviewer has cleared on the shelf; the same again is the same item.

    ``template``: its text with {name} and {city} marked. A reviewer of all its channels who did not write it does so.
    Raises RefusedPostError in words.
    """
    submission = locked(submission, seen)
    if not rules.may_shelve(submission, actor):
        raise PermissionDenied(
            "Only a reviewer of all its channels who did not write it puts a post on the shelf."
        )
    clearance = submission.clearance
    _refuse_unfit(submission, clearance)
    item = ShelfItem(
        clearance=clearance,
        title=title.strip(),
        template=template.replace("\r\n", "\n"),
        longest_sentence=longest_sentence,
        put_by=actor,
    )
    _refuse_unfit_item(item)
    there = clearance.shelf_items.filter(state=ShelfState.ON_SHELF).first()
    if there and (there.template, there.longest_sentence, there.title) == (
        item.template,
        item.longest_sentence,
        item.title,
    ):
        return there
    if there:
        raise RefusedPostError("This post is on the shelf already. Retire that item first.")
    steps.begin(
        item,
        actor=actor,
        data={
            "clearance": clearance.number,
            "template": exact_digest(item.template),
            "longest_sentence": longest_sentence,
        },
        sealed={"title": item.title, "template": item.template},
    )
    return item


def _refuse_unfit(submission: Submission, clearance: Clearance | None) -> None:
    """Only what a person has cleared, what still stands, and what would be green."""
    if submission.state not in {State.CLEARED, State.PUBLISHED} or not clearance.is_valid():
        raise RefusedPostError("Only a post whose clearance stands goes on the shelf.")
    if clearance.review is None or clearance.review.is_break_glass:
        raise RefusedPostError(
            "No reviewer of its desk has cleared this post. Only what one has cleared goes on the shelf."
        )
    channels = list(submission.channels.all())
    revision = submission.revision
    found = screen(
        revision.text, submission.author, channels, submission=submission, media=revision.declared
    )
    if found is None or found.protected:
        raise RefusedPostError("This post cannot be shared from the shelf.")
    if any(one["severity"] != "advice" and one["settled"] is None for one in found.findings):
        raise RefusedPostError(
            "The checks find something in this post, so it would not be green for whoever shares it. "
            "Say of the finding that it is fine here; then it can go on the shelf."
        )


def _refuse_unfit_item(item: ShelfItem) -> None:
    for problem in check_text(item.title, longest=LONGEST_TITLE):
        raise RefusedPostError(problem)
    if not item.title:
        raise RefusedPostError("Give it a title by which people find it.")
    if problem := bounds.problem(item.bounds):
        raise RefusedPostError(problem)


@transaction.atomic
def retire(item: ShelfItem, *, actor: Person, reason: str) -> ShelfItem:
    """Take it off: from now on a person looks at whoever shares it. What was shared stays cleared."""
    item = steps.locked(item, "clearance__revision__submission")
    steps.take(
        "retire",
        item,
        actor=actor,
        data={"clearance": item.clearance.number},
        sealed={"reason": reason},
        changes={
            "retired_by": actor,
            "retired_at": timezone.now(),
            "retired_because": reason,
        },
    )
    return item
