"""What the clock does for policies: bring editions into force, keep audiences, make what is missing."""

import datetime as dt

from django.utils import timezone

from . import actions, tasks
from .models import Acknowledgement, Edition, Round
from .states import AcknowledgementState, EditionState

A_BATCH = 200
LOST_AFTER = dt.timedelta(minutes=2)


def bring_into_force() -> None:
    actions.bring_into_force()


def keep_audiences() -> None:
    """Late joiners are asked, leavers are not waited for."""
    for opened in Round.objects.filter(edition__state=EditionState.ISSUED).select_related(
        "edition__policy"
    ):
        actions.keep_audience(opened)


def make_missing_documents(at: dt.datetime | None = None) -> None:
    """Ask again for editions and receipts whose task was lost."""
    before = (at or timezone.now()) - LOST_AFTER
    for edition in Edition.objects.issued().filter(pdf=None, issued_at__lte=before)[:A_BATCH]:
        tasks.render_edition.enqueue(str(edition.pk))
    missing = Acknowledgement.objects.filter(
        state=AcknowledgementState.ACKNOWLEDGED, receipt__pdf=None, acknowledged_at__lte=before
    )
    for acknowledgement in missing[:A_BATCH]:
        tasks.issue_receipt.enqueue(str(acknowledgement.pk))
