"""Invariants 4 and 5: no state without its entry, no entry without its state, no rewriting."""

# ruff: noqa: ISC004, S608

import uuid
from contextlib import contextmanager

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from ledger import guards, testing
from ledger.frozen import FrozenRowsError
from ledger.models import Checkpoint, Effect, Entry, Head, Sealed, Subtree
from ledger.records import record, subject_of

from .conftest import Thing, drafted, entries

transactional = pytest.mark.django_db(transaction=True)
on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'")
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'")


@contextmanager
def refused(error=IntegrityError, **match: str):
    """What stands below fails as a whole, and leaves the transaction of the test as it was."""
    with pytest.raises(error, **match), transaction.atomic():
        yield


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def taken(thing: Thing, claims: str, clock, **changes: object) -> Entry:
    """An entry that claims a state of the thing, not yet taken."""
    claim = {"actor": clock, "subject": subject_of(thing), "state": claims} | changes
    return record(f"thing.{claims}", **claim)


def stored(thing: Thing) -> tuple[str, int]:
    return Thing.objects.values_list("state", "entry_id").get(pk=thing.pk)


# Invariant 4: a state change and its entry commit together or not at all


def test_i04_a_state_is_taken_with_its_entry(thing, clock):
    with transaction.atomic():
        thing.state, thing.entry = "cleared", taken(thing, "cleared", clock)
        thing.save(update_fields=["state", "entry"])
    assert stored(thing) == ("cleared", 1)
    assert list(Effect.objects.values_list("index", flat=True)) == [0, 1]


def test_i04_the_same_state_is_taken_again_with_a_new_entry(thing, clock):
    with transaction.atomic():
        thing.entry = taken(thing, "draft", clock)
        thing.save()
    assert stored(thing) == ("draft", 1)


def test_i04_a_change_that_is_none_of_state_needs_no_entry(thing):
    thing.name = "a name"
    thing.save()
    Thing.objects.update(name="another")
    assert stored(thing) == ("draft", 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda thing: Thing.objects.filter(pk=thing.pk).update(state="cleared"),
        lambda thing: Thing.objects.bulk_update([Thing(thing.pk, "cleared")], ["state"]),
        lambda thing: Thing(thing.pk, "cleared", None, 0).save(),
        lambda thing: sql("UPDATE ledger_tests_thing SET state = 'cleared'"),
        lambda thing: Thing.objects.bulk_create([Thing(state="draft", entry_id=0)]),
        lambda thing: Thing(state="draft", entry_id=0).save(),
        lambda thing: Thing(state="draft", entry_id=99).save(),
    ],
    ids=["update", "bulk_update", "save", "sql", "bulk_create", "used entry", "no entry"],
)
def test_i04_a_state_without_a_fresh_entry_is_refused(thing, change):
    with refused():
        change(thing)
    assert (stored(thing), Thing.objects.count()) == (("draft", 0), 1)


def test_i04_a_protected_field_set_behind_its_back_is_refused(thing):
    thing.__dict__["state"] = "cleared"
    with refused():
        thing.save()
    assert stored(thing) == ("draft", 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "declined"},
        {"state": None},
        {"subject": f"ledger_tests.thing:{uuid.uuid4().hex}"},
        {"subject": f"approvals.submission:{'0' * 32}"},
    ],
    ids=["another state", "no state", "another row", "another model"],
)
def test_i04_an_entry_that_says_something_else_carries_no_state(thing, clock, changes):
    with refused():
        thing.state, thing.entry = "cleared", taken(thing, "cleared", clock, **changes)
        thing.save()
    assert (stored(thing), Entry.objects.count()) == (("draft", 0), 1)


def test_i04_one_entry_carries_one_change(thing, clock):
    with transaction.atomic():
        thing.state, thing.entry = "cleared", taken(thing, "cleared", clock)
        thing.save()
    with transaction.atomic():
        thing.state, thing.entry = "draft", taken(thing, "draft", clock)
        thing.save()
    with refused():
        Thing.objects.filter(pk=thing.pk).update(state="cleared", entry=1)
    with refused():
        Thing.objects.filter(pk=thing.pk).update(entry=1)
    assert stored(thing) == ("draft", 2)


def test_i04_an_older_entry_is_refused_even_if_it_was_never_used(thing, clock):
    with refused():
        older = taken(thing, "cleared", clock)
        thing.state, thing.entry = "declined", taken(thing, "declined", clock)
        thing.save()
        thing.state, thing.entry = "cleared", older
        thing.save()
    assert stored(thing) == ("draft", 0)


@transactional
def test_i04_an_entry_whose_state_no_row_takes_is_refused_at_commit(thing, clock):
    with refused():
        taken(thing, "cleared", clock)
        assert Entry.objects.count() == 2
    assert Entry.objects.count() == 1
    assert Head.objects.get().size == 1


@transactional
def test_i04_a_mistyped_update_that_meets_no_row_is_refused_at_commit(thing, clock):
    with refused():
        entry = taken(thing, "cleared", clock)
        Thing.objects.filter(name="nobody").update(state="cleared", entry=entry)
    assert stored(thing) == ("draft", 0)


@transactional
def test_i04_an_effect_cannot_be_made_up(thing, clock):
    with refused():
        entry = taken(thing, "cleared", clock)
        sql('INSERT INTO ledger_effect ("index") VALUES (%s)', entry.index)
    assert Entry.objects.count() == 1


def test_i04_an_entry_cannot_claim_a_state_without_waiting_for_its_effect(thing, clock):
    with refused():
        sql(
            'INSERT INTO ledger_entry ("index", type, subject, state, body, leaf_hash, created_at) '
            "SELECT 9, type, subject, state, body, leaf_hash, created_at FROM ledger_entry"
        )


def test_i04_a_due_row_may_carry_the_entry_that_opened_its_round(things, clock):
    (opened,) = entries(clock, 1)
    due = Thing.objects.create(state="due", entry=opened)
    Thing.objects.create(state="due", entry=opened)
    with refused():
        Thing.objects.filter(pk=due.pk).update(state="acknowledged")
    with transaction.atomic():
        due.state, due.entry = "acknowledged", taken(due, "acknowledged", clock)
        due.save()
    with refused():  # back to due only with an entry
        Thing.objects.filter(pk=due.pk).update(state="due", entry=opened)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger_tests_thing",
        "UPDATE ledger_tests_thing SET id = '00000000000000000000000000000001'",
    ],
)
def test_i04_rows_with_states_are_not_deleted_or_renamed(thing, statement):
    with refused():
        sql(statement)
    with refused(FrozenRowsError):
        thing.delete()
    assert Thing.objects.filter(pk=thing.pk).exists()


@on_postgresql
@transactional
def test_i04_a_table_with_states_is_not_truncated(thing):
    with refused():
        sql("TRUNCATE ledger_tests_thing")


@on_sqlite
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO ledger_tests_thing (id, state, name, entry_id) "
        "SELECT id, state, 'x', 1 FROM ledger_tests_thing",
        "REPLACE INTO ledger_tests_thing (id, state, name, entry_id) "
        "VALUES ('{other}', 'draft', 'a', 1)",
        "INSERT OR REPLACE INTO ledger_tests_thing (rowid, id, state, name, entry_id) "
        "VALUES (1, '{other}', 'draft', 'b', 1)",
        "UPDATE OR REPLACE ledger_tests_thing SET name = 'a' WHERE name = 'c'",
    ],
    ids=["by key", "by another unique column", "by row number", "update"],
)
def test_i04_a_row_with_a_state_is_not_replaced(things, clock, statement):
    kept, other = drafted(clock, name="a"), Thing(state="draft")
    drafted(clock, name="c")
    with refused():
        taken(other, "draft", clock)
        sql(statement.format(other=other.pk.hex))
    assert Thing.objects.filter(pk=kept.pk, name="a").exists()


# Invariant 5: rows of the ledger cannot be changed


FROZEN = [Entry, Effect, Subtree, Checkpoint, Sealed]


@pytest.fixture
def written(thing, clock):
    """A row in every table of the ledger."""
    entries(clock, 300, sealed={"person": "Ada"})
    Checkpoint.objects.create(size=1, root=bytes(32), note="note")


@pytest.mark.parametrize("model", FROZEN)
def test_i05_rows_are_not_updated_through_the_orm(written, model):
    row = model.objects.first()
    for change in (
        row.save,
        lambda: model.objects.update(pk=5),
        lambda: model.objects.bulk_update([row], ["pk"]),
        lambda: model.objects.filter(pk=row.pk).update(pk=5),
    ):
        with refused(FrozenRowsError, match="cannot update"):
            change()


def test_i05_rows_are_not_updated_through_a_relation(written, clock):
    with pytest.raises(FrozenRowsError):
        Entry.objects.get(index=5).sealed_values.update(label="other")


@pytest.mark.parametrize("model", [Entry, Effect, Subtree, Checkpoint])
def test_i05_rows_are_not_deleted_through_the_orm(written, model):
    count = model.objects.count()
    for change in (model.objects.first().delete, model.objects.all().delete):
        with refused((FrozenRowsError, ProtectedError), match=r"[Cc]annot delete"):
            change()
    assert model.objects.count() == count


def test_i05_what_was_sealed_can_be_erased_and_nothing_else(written):
    Sealed.objects.first().delete()
    Sealed.objects.all().delete()
    assert (Sealed.objects.count(), Entry.objects.count()) == (0, 301)


@pytest.mark.parametrize("model", FROZEN)
def test_i05_rows_are_not_changed_by_sql(written, model):
    table, key = model._meta.db_table, model._meta.pk.column
    statements = [f'UPDATE {table} SET "{key}" = 1000', f'UPDATE {table} SET "{key}" = "{key}"']
    if model is not Sealed:
        statements += [f"DELETE FROM {table}", f"DELETE FROM {table} WHERE 1 = 1"]
    before = list(model.objects.values())
    for statement in statements:
        with refused():
            sql(statement)
    assert list(model.objects.values()) == before


@on_sqlite
@pytest.mark.parametrize("model", FROZEN)
@pytest.mark.parametrize("verb", ["REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE"])
def test_i05_rows_are_not_replaced(written, model, verb):
    table = model._meta.db_table
    before = list(model.objects.values())
    with refused():
        sql(f"{verb} INTO {table} SELECT * FROM {table}")
    assert list(model.objects.values()) == before


@on_sqlite
def test_i05_rows_are_not_replaced_by_another_unique_key_or_row_number(written):
    with refused():
        sql("REPLACE INTO ledger_subtree (level, position, hash) VALUES (1, 0, x'00')")
    with refused():
        sql('REPLACE INTO ledger_checkpoint (rowid, size, root, note, signed_at) '
            "VALUES (1, 9, x'00', '', '2026-01-01')")  # fmt: skip
    assert bytes(Subtree.objects.get().hash) != b"\x00"
    assert Checkpoint.objects.get().size == 1


@pytest.mark.parametrize("model", [Entry, Subtree, Checkpoint, Sealed])
def test_i05_rows_are_not_upserted(written, model):
    row = model.objects.first()
    key = model._meta.pk.name
    with refused((DatabaseError, FrozenRowsError)):
        model.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=[key],
            update_fields=[field.name for field in model._meta.fields if not field.primary_key],
        )


@on_postgresql
@transactional
@pytest.mark.parametrize("model", FROZEN)
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_i05_tables_are_not_truncated_or_changed_by_a_replication_role(written, model, role):
    table, key = model._meta.db_table, model._meta.pk.column
    for statement in (f"TRUNCATE {table} CASCADE", f'UPDATE {table} SET "{key}" = "{key}" + 1000'):
        with refused():
            sql(f"SET LOCAL session_replication_role = {role}")
            sql(statement)


def test_i05_all_guards_stand(things):
    assert guards.missing() == []


@pytest.mark.parametrize(
    "table",
    ["ledger_entry", "ledger_effect", "ledger_subtree", "ledger_checkpoint", "ledger_sealed",
     "ledger_tests_thing"],
)  # fmt: skip
def test_i05_a_dropped_guard_is_named_with_its_fix_and_migrate_puts_it_back(things, table):
    names = [name for name in guards._expected(connection) if name.startswith(f"guard_{table}_")]
    assert names
    for name in names:
        drop(table, name)
        (problem,) = guards.missing()
        assert f"{name} is missing" in problem
        assert "manage.py migrate" in problem
        guards.install(connection)
        assert guards.missing() == []


@on_sqlite
def test_i05_an_altered_guard_is_named_on_sqlite(db):
    drop("ledger_entry", "guard_ledger_entry_update")
    sql(
        "CREATE TRIGGER guard_ledger_entry_update BEFORE UPDATE ON ledger_entry BEGIN SELECT 1; END"
    )
    assert "guard_ledger_entry_update is altered" in "".join(guards.missing())
    guards.install(connection)


@on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE ledger_entry DISABLE TRIGGER guard_ledger_entry_change",
        "ALTER TABLE ledger_entry ENABLE TRIGGER guard_ledger_entry_change",
        "ALTER TABLE ledger_entry ENABLE REPLICA TRIGGER guard_ledger_entry_change",
        "CREATE OR REPLACE FUNCTION guard_ledger_entry_change() RETURNS trigger "
        "LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "DROP TRIGGER guard_ledger_entry_change ON ledger_entry; "
        "CREATE TRIGGER guard_ledger_entry_change BEFORE UPDATE ON ledger_entry FOR EACH ROW "
        "WHEN (OLD.index < 0) EXECUTE FUNCTION guard_ledger_entry_change()",
    ],
)
def test_i05_an_altered_guard_is_named_on_postgresql(db, statement):
    sql(statement)
    assert "guard_ledger_entry_change is altered" in "".join(guards.missing())
    guards.install(connection)
    assert guards.missing() == []


@on_postgresql
def test_i05_a_dropped_foreign_key_of_the_effect_is_named(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'ledger_entry'::regclass "
            "AND confrelid = 'ledger_effect'::regclass"
        )
        (name,) = cursor.fetchone()
    sql(f'ALTER TABLE ledger_entry ALTER CONSTRAINT "{name}" NOT DEFERRABLE')
    assert "effect" in "".join(guards.missing())
    sql(f'ALTER TABLE ledger_entry ALTER CONSTRAINT "{name}" DEFERRABLE INITIALLY DEFERRED')
    assert guards.missing() == []


@on_sqlite
def test_i05_switched_off_foreign_keys_are_named(transactional_db):
    with connection.constraint_checks_disabled():
        assert "foreign keys" in "".join(guards.missing())
    assert guards.missing() == []


@on_sqlite
def test_i05_migrating_makes_way_and_puts_the_guards_back(transactional_db):
    with connection.schema_editor() as editor:
        guards.make_way(using="default", plan=["a migration"])
        field = Checkpoint._meta.get_field("note")
        editor._remake_table(Checkpoint, alter_fields=[(field, field)])
    assert len(guards.missing()) > 10
    guards.restore(using="default")
    assert guards.missing() == []


def test_a_flush_outside_tests_is_refused(db, monkeypatch, clock):
    entries(clock, 2)
    with monkeypatch.context() as real:
        real.setitem(connection.settings_dict, "NAME", "countersign")
        with pytest.raises(ImproperlyConfigured, match="never emptied"):
            testing.lift_guards(connection)
        with pytest.raises(CommandError, match="never emptied"):
            call_command("flush", interactive=False, verbosity=0)
    assert Entry.objects.count() == 2


def drop(table: str, name: str) -> None:
    on = f'ON "{table}"' if connection.vendor == "postgresql" else ""
    sql(f'DROP TRIGGER "{name}" {on}')
