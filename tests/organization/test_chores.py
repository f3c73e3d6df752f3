"""Tasks outlive the workers that die with them, and are forgotten when they are over."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ledger.models import Checkpoint
from ledger.records import record
from organization import chores, tasks
from organization.system import CLOCK

MINUTE = timedelta(minutes=1)


@pytest.fixture
def killed(db):
    """A task whose worker was killed eleven minutes ago."""
    tasks.send_unsent.enqueue()
    result = DBTaskResult.objects.get()
    result.claim("the late worker")
    DBTaskResult.objects.update(started_at=timezone.now() - 11 * MINUTE)
    return result


def test_a_killed_worker_s_task_is_taken_up_again(killed, run_tasks):
    chores.put_back()
    killed.refresh_from_db()
    assert killed.status == TaskResultStatus.READY
    run_tasks()
    killed.refresh_from_db()
    assert killed.status == TaskResultStatus.SUCCESSFUL
    assert killed.worker_ids == ["the late worker", "test"]


def test_a_task_that_runs_is_left_alone(killed):
    DBTaskResult.objects.update(started_at=timezone.now() - 9 * MINUTE)
    chores.put_back()
    killed.refresh_from_db()
    assert killed.status == TaskResultStatus.RUNNING


def test_a_task_that_kills_its_workers_is_given_up_after_the_fourth(killed):
    DBTaskResult.objects.update(worker_ids=["1", "2", "3", "4"])
    chores.put_back()
    killed.refresh_from_db()
    assert killed.status == TaskResultStatus.FAILED
    assert killed.traceback.startswith("4 workers")


@pytest.mark.parametrize(
    ("tries", "minutes", "is_tried_again"),
    [(1, 4, False), (1, 6, True), (2, 24, False), (2, 26, True), (3, 126, True), (4, 9999, False)],
)
def test_a_failed_task_gets_three_more_chances(tries, minutes, is_tried_again, killed):
    DBTaskResult.objects.update(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now() - minutes * MINUTE,
        worker_ids=["x"] * tries,
    )
    chores.try_again()
    killed.refresh_from_db()
    assert (killed.status == TaskResultStatus.READY) == is_tried_again


def test_what_is_over_is_forgotten_and_nothing_else(killed):
    now = timezone.now()
    tasks.send_unsent.enqueue()
    DBTaskResult.objects.filter(pk=killed.pk).update(
        status=TaskResultStatus.SUCCESSFUL, finished_at=now - timedelta(days=15)
    )
    Session.objects.create(session_key="over", expire_date=now - MINUTE)
    Session.objects.create(session_key="on", expire_date=now + MINUTE)
    chores.forget()
    assert DBTaskResult.objects.exclude(pk=killed.pk).count() == 1
    assert not DBTaskResult.objects.filter(pk=killed.pk).exists()
    assert [session.pk for session in Session.objects.all()] == ["on"]


def test_a_checkpoint_is_signed_when_an_entry_has_waited_a_minute(transactional_db):
    with transaction.atomic():
        record("thing.seen", actor=CLOCK, subject=f"organization.person:{uuid.UUID(int=7).hex}")
    chores.sign_checkpoint()
    assert not Checkpoint.objects.exists()
    chores.sign_checkpoint(at=timezone.now() + 2 * MINUTE)
    assert Checkpoint.objects.get().size == 1
