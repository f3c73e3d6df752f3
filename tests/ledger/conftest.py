"""A ledger of its own for each test, a clock to write in its name, and a Thing that has states."""

import sqlite3
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, connections, models, transaction

from ledger import guards, keys
from ledger.models import Entry
from ledger.records import record, subject_of


class Clock:
    """A machine that acts, and says so."""

    def ledger_identity(self) -> dict[str, str]:
        return {"kind": "system", "id": "clock"}


class Thing(models.Model):
    """A row with states, as the apps above have them; its table exists only in tests."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.CharField(max_length=20)
    name = models.CharField(max_length=20, unique=True, null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "ledger_tests"

    def __str__(self) -> str:
        return str(self.id)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def data(settings, tmp_path) -> Path:
    """A data folder with a signing key in it."""
    settings.COUNTERSIGN_DATA = tmp_path / "var"
    settings.COUNTERSIGN_ORIGIN = "countersign.example/log"
    keys.ensure_key()
    return settings.COUNTERSIGN_DATA


@pytest.fixture
def things(transactional_db):
    """The guarded table of things."""
    with connection.schema_editor() as editor:
        editor.create_model(Thing)
    guards.guard_states(Thing)
    guards.install(connection)
    yield Thing
    guards.registry.stateful.pop("ledger_tests.thing")
    guards.remove(connection)
    with connection.schema_editor() as editor:
        editor.delete_model(Thing)


@pytest.fixture
def thing(things, clock) -> Thing:
    """A thing that was drafted, with its entry."""
    return drafted(clock)


def drafted(clock: Clock, **fields: object) -> Thing:
    made = Thing(state="draft", **fields)
    with transaction.atomic():
        made.entry = record("thing.draft", actor=clock, subject=subject_of(made), state="draft")
        made.save()
    return made


def entries(clock: Clock, count: int, **fields: object) -> list[Entry]:
    with transaction.atomic():
        subject = f"ledger_tests.thing:{uuid.UUID(int=7).hex}"
        return [record("thing.seen", actor=clock, subject=subject, **fields) for _ in range(count)]


@pytest.fixture
def in_threads(transactional_db, settings, tmp_path):
    """Run functions at once, each in a thread with a database connection of its own.

    SQLite in memory cannot be shared between connections as a file can: it is copied to a file.
    """
    if connection.vendor == "sqlite":
        path = tmp_path / "threads.sqlite3"
        connection.ensure_connection()
        with sqlite3.connect(path) as copy:
            connection.connection.backup(copy)
        copy.close()
        was = connection.settings_dict["NAME"]

    def run(*functions: Callable[[], None]) -> list[BaseException]:
        failures: list[BaseException] = []

        def guarded(function: Callable[[], None]) -> None:
            try:
                function()
            except Exception as error:  # noqa: BLE001  handed to the test
                failures.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=guarded, args=[function]) for function in functions]
        if connection.vendor == "sqlite":
            connections.settings["default"]["NAME"] = str(path)
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        finally:
            if connection.vendor == "sqlite":
                connections.settings["default"]["NAME"] = was
        return failures

    return run
