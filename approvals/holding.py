"""The row of a submission while somebody acts on it."""

from organization import steps

from .errors import TextChangedError
from .models import Submission


def locked(submission: Submission, seen: str | None = None) -> Submission:
    """The row under lock, with what it points to; refused when its text is no longer what was seen."""
    submission = steps.locked(
        submission,
        "revision",
        "author__unit",
        "unit",
        "owner",
        "wording",
        "claimed_by",
        "clearance__standing_approval",
        "clearance__review",
    )
    if seen is not None and submission.revision.digest != seen:
        raise TextChangedError(submission)
    return submission
