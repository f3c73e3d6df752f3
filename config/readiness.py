"""What must be well for Countersign to be ready; each fault comes with its fix, in words."""

import shutil
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ledger import checkpoints, guards, keys
from organization.models import Notice

GIB = 2**30
SHARE_FREE = 0.10
LATE_MAIL = timedelta(minutes=15)
LATE_TASK = timedelta(minutes=5)
LATE_CHECKPOINT = timedelta(minutes=5)

_migrated: set[str] = set()  # databases in which nothing was pending; this process's code stays


def pending_migrations() -> bool:
    """Whether the code is newer than the tables. Asks the database something each time."""
    name = str(connection.settings_dict["NAME"])
    if name in _migrated:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return False
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return True
    _migrated.add(name)
    return False


def problems(at: datetime | None = None) -> list[str]:
    """All that is wrong now; empty when ready."""
    now = at or timezone.now()
    try:
        if pending_migrations():
            return ["Migrations are pending. Run `manage.py migrate`."]
        return [
            *guards.missing(),
            *_key(),
            *_disk(),
            *_mail(now),
            *_tasks(now),
            *_checkpoint(now),
        ]
    except DatabaseError as error:
        return [f"The database does not answer ({error}). Start it, or check DATABASE_URL."]


def _key() -> list[str]:
    try:
        keys.signing_key()
    except keys.KeyMissingError as error:
        return [str(error)]
    return []


def _disk() -> list[str]:
    """A tenth, or a gibibyte, must be free: a full disk loses work."""
    disk = shutil.disk_usage(settings.COUNTERSIGN_DATA)
    if disk.free >= min(GIB, disk.total * SHARE_FREE):
        return []
    says = (
        f"Only {disk.free / GIB:.1f} GiB are free where {settings.COUNTERSIGN_DATA} lies. "
        "Make room or enlarge the disk."
    )
    return [says]


def _mail(now: datetime) -> list[str]:
    """Notices that wait although they should long be sent."""
    late = Notice.objects.unsent().filter(created_at__lt=now - LATE_MAIL)
    oldest = late.first()
    if oldest is None:
        return []
    says = (
        f"{late.count()} notices wait to be mailed, the oldest since {_minute(oldest.created_at)} "
        f"({oldest.last_error or 'not tried yet'}). Check COUNTERSIGN_MAIL_URL and the worker; "
        "what waits is sent by itself."
    )
    return [says]


def _tasks(now: datetime) -> list[str]:
    late = now - LATE_TASK
    was_due = Q(run_after__lte=late) | Q(run_after__gt=now)  # undeferred tasks carry the year 9999
    waiting = DBTaskResult.objects.ready().filter(was_due, enqueued_at__lt=late)
    oldest = waiting.order_by("enqueued_at").first()
    if oldest is None:
        return []
    says = (
        f"A task waits since {_minute(oldest.enqueued_at)}. Start a worker: "
        "`manage.py db_worker --queue-name '*'`."
    )
    return [says]


def _checkpoint(now: datetime) -> list[str]:
    if not checkpoints.due(now - LATE_CHECKPOINT):
        return []
    says = (
        "The ledger's last entries have waited for a checkpoint for over five minutes. "
        "Start the clock: `manage.py clock`; its log says why it could not sign."
    )
    return [says]


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
