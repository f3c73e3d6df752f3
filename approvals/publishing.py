"""What authors say of a post once it is cleared: that it is out, and where."""

from django.db import transaction
from django.utils import timezone

from organization import steps
from organization.models import Person

from .errors import RefusedPostError
from .holding import locked
from .models import Submission


@transaction.atomic
def publish(submission: Submission, *, actor: Person, seen: str, url: str = "") -> Submission:
    """The author says that the cleared text has gone out, and where."""
    submission = locked(submission, seen)
    if submission.clearance and not submission.clearance.is_valid():
        raise RefusedPostError("The clearance has ended. Submit the post again before it goes out.")
    steps.take(
        "publish",
        submission,
        actor=actor,
        data={"clearance": submission.clearance and submission.clearance.number},
        sealed={"url": url},
        changes={"published_at": timezone.now(), "published_url": url},
    )
    return submission
