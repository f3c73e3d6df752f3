"""Putting a post forward once more for a new time, in one press."""

from organization.models import Person

from . import actions
from .models import Channel, Submission


def put_again(submission: Submission, *, actor: Person, seen: str) -> Submission | None:
    """The same text and media for the same channels, without the time that has passed.

    Raises RefusedPostError where a channel is in use no more. A part that is protected speech stays where its author
    kept it before.
    """
    revision = submission.revision
    kept = [int(channel["id"]) for channel in revision.channels]
    return actions.revise(
        submission,
        actor=actor,
        seen=seen,
        text=revision.text,
        channels=list(Channel.objects.in_use().filter(pk__in=kept)),
        note=revision.note,
        media=revision.declared,
        together=bool(actions.latest_screening(revision).protected),
    )
