"""A ledger of its own for each test, a clock to write in its name, and a Thing that has states."""

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
    name = models.CharField(max_length=20, unique=True, null=True)  # noqa: DJ001
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
def things(db):
    """The guarded table of things. A test that commits drops it; else the rollback takes it."""
    editor = connection.schema_editor()
    editor.deferred_sql = []  # entering the editor would end the transaction on SQLite
    with connection.cursor() as cursor:
        cursor.execute(*editor.table_sql(Thing))
        for statement in editor.deferred_sql:
            cursor.execute(str(statement))
    guards.guard_states(Thing)
    guards.install(connection)
    yield Thing
    guards.registry.stateful.pop("ledger_tests.thing")
    if not connection.in_atomic_block:
        guards.remove(connection)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE ledger_tests_thing")


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
def in_threads(transactional_db):
    """Run functions at once, each in a thread with a database connection of its own."""

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
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return failures

    return run
