"""What the clock does for programs outside: tell, send what was not sent, forget what is over."""

import datetime as dt

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from . import forwarding, tasks
from .models import Delivery, Token, UsedKey

PATIENCE = dt.timedelta(seconds=20)  # before the clock looks after a delivery's first attempt
KEYS_LAST = dt.timedelta(days=30)
DELIVERIES_LAST = dt.timedelta(days=30)
TOKENS_LAST = dt.timedelta(
    days=366
)  # after their end, so that a name in the ledger can be looked up
MOST_ROUNDS = 20


def forward() -> None:
    """Write what receivers are to be told of new entries."""
    for _round in range(MOST_ROUNDS):
        if not forwarding.forward():
            return


def send_due(at: dt.datetime | None = None) -> None:
    """Have a worker send what waits for another attempt, or whose task was lost, unless one is at it."""
    now = at or timezone.now()
    due = Delivery.objects.waiting().filter(try_after__lte=now)
    late = due.filter(created_at__lte=now - PATIENCE) | due.filter(attempts__gt=0)
    at_it = DBTaskResult.objects.filter(
        task_path=tasks.send_due.module_path,
        status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING],
    )
    if late.exists() and not at_it.exists():
        tasks.send_due.enqueue()


def forget(at: dt.datetime | None = None) -> None:
    """Idempotency keys and finished deliveries after 30 days, tokens a year after their end."""
    now = at or timezone.now()
    UsedKey.objects.filter(taken_at__lt=now - KEYS_LAST).delete()
    Delivery.objects.filter(try_after=None, created_at__lt=now - DELIVERIES_LAST).delete()
    Token.objects.filter(ends_at__lt=now - TOKENS_LAST).delete()
