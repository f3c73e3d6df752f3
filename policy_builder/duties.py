"""What the clock does for policies: bring editions into force, keep audiences, make what is missing."""

import datetime as dt

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

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


def tell_who_is_due() -> None:
    """A round for later tells nobody before its edition is in force; nor is a lost task the end of it."""
    waiting = DBTaskResult.objects.filter(
        task_path=tasks.tell_who_is_due.module_path,
        status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING],
    )
    if waiting.exists():
        return
    for pk in (
        Acknowledgement.objects.untold().order_by().values_list("round", flat=True).distinct()
    ):
        tasks.tell_who_is_due.enqueue(str(pk))


def end_requests() -> None:
    """Nobody is asked for an edition that has ended."""
    ended = [EditionState.SUPERSEDED, EditionState.WITHDRAWN]
    asked = [AcknowledgementState.DUE, AcknowledgementState.ACKNOWLEDGED]
    for edition in (
        Edition.objects.filter(state__in=ended, acknowledgements__state__in=asked)
        .select_related("policy")
        .distinct()
    ):
        actions.end_requests(edition, at_most=A_BATCH)


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
