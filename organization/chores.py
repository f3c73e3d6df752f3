"""The clock's own chores: mails, tasks, checkpoints, and forgetting what is over."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ledger import checkpoints

from . import mail, tasks
from .models import Notice

ABANDONED = timedelta(minutes=10)  # no task of ours runs that long
TRIES = 4  # the first and three more
FINISHED = timedelta(days=14)


def send_unsent(at: datetime | None = None) -> None:
    """Have a worker send what was not sent when it was written, unless one is at it."""
    due = Notice.objects.unsent().filter(
        try_after__lte=at or timezone.now(), created_at__lte=(at or timezone.now()) - mail.PATIENCE
    )
    waiting = DBTaskResult.objects.filter(
        task_path=tasks.send_unsent.module_path,
        status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING],
    )
    if due.exists() and not waiting.exists():
        tasks.send_unsent.enqueue()


def put_back(at: datetime | None = None) -> None:
    """A killed worker leaves its task running for ever; others take it, three times at most."""
    long_ago = (at or timezone.now()) - ABANDONED
    for result in DBTaskResult.objects.running().filter(started_at__lt=long_ago):
        same = DBTaskResult.objects.running().filter(pk=result.pk, started_at=result.started_at)
        if len(result.worker_ids) < TRIES:
            same.update(status=TaskResultStatus.READY)
        else:
            same.update(
                status=TaskResultStatus.FAILED,
                finished_at=timezone.now(),
                traceback=f"{TRIES} workers in turn died with it or were stopped.",
            )


def try_again(at: datetime | None = None) -> None:
    """A failed task gets three more chances, after 5, 25 and 125 minutes."""
    now = at or timezone.now()
    for result in DBTaskResult.objects.failed().filter(finished_at__gt=now - FINISHED):
        tries = len(result.worker_ids)
        if tries < TRIES and result.finished_at <= now - timedelta(minutes=5**tries):
            failed = DBTaskResult.objects.failed().filter(pk=result.pk)
            failed.filter(finished_at=result.finished_at).update(status=TaskResultStatus.READY)


def forget(at: datetime | None = None) -> None:
    """Finished tasks after two weeks, sessions once they have ended."""
    now = at or timezone.now()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - FINISHED).delete()
    Session.objects.filter(expire_date__lt=now).delete()


def sign_checkpoint(at: datetime | None = None) -> None:
    """Seal what is in the ledger, when enough has come together or waited long enough."""
    if checkpoints.due(at or timezone.now()):
        checkpoints.sign_checkpoint()
