"""Readiness finds what is wrong and says what to do about it."""

import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config import readiness
from ledger import guards, keys
from ledger.records import record
from organization import tasks
from organization.models import Notice
from organization.system import CLOCK

LATER = timedelta(minutes=20)
pytestmark = pytest.mark.django_db


def test_a_new_installation_is_ready():
    assert readiness.problems() == []


def test_i05_a_guard_that_was_removed_turns_readiness_red():
    guards.remove(connection)
    problems = readiness.problems()
    assert problems
    assert "manage.py migrate" in problems[0]


def test_a_missing_key_is_named():
    keys.key_path().unlink()
    (problem,) = readiness.problems()
    assert str(keys.key_path()) in problem
    assert "restore it from a backup" in problem


def test_a_full_disk_is_named(monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(2**40, 2**40, 2**29))
    (problem,) = readiness.problems()
    assert problem.startswith("Only 0.5 GiB are free")


def test_a_small_disk_needs_only_a_tenth(monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(2**32, 2**31, 2**29))
    assert readiness.problems() == []


def test_mail_that_does_not_go_out_is_named_with_its_error(ada):
    Notice.objects.create(person=ada, key="k", event="lapsed", last_error="Connection refused")
    assert readiness.problems() == []
    (problem,) = readiness.problems(at=timezone.now() + LATER)
    assert problem.startswith("1 notices wait to be mailed")
    assert "Connection refused" in problem
    assert "COUNTERSIGN_MAIL_URL" in problem


def test_a_notice_that_needs_no_mail_is_no_problem(ada):
    Notice.objects.create(person=ada, key="k", event="lapsed", try_after=None)
    assert readiness.problems(at=timezone.now() + LATER) == []


def test_a_task_that_nobody_takes_is_named():
    tasks.send_unsent.enqueue()
    assert readiness.problems() == []
    (problem,) = readiness.problems(at=timezone.now() + LATER)
    assert "Start a worker" in problem


def test_a_task_that_is_meant_for_later_is_no_problem():
    tasks.send_unsent.using(run_after=timezone.now() + timedelta(hours=1)).enqueue()
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(hours=1))
    assert readiness.problems() == []


def test_entries_that_nobody_signs_are_named():
    with transaction.atomic():
        record("thing.seen", actor=CLOCK, subject=f"organization.person:{7:032x}")
    assert readiness.problems() == []
    (problem,) = readiness.problems(at=timezone.now() + LATER)
    assert "Start the clock" in problem


def test_a_pending_migration_is_all_that_is_said(monkeypatch):
    monkeypatch.setattr(readiness, "_migrated", set())
    MigrationRecorder(connection).record_unapplied("approvals", "0001_initial")
    assert readiness.problems() == ["Migrations are pending. Run `manage.py migrate`."]
