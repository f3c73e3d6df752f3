import pytest
from django.core.management import call_command
from django.db import connection

from ledger import audit, checkpoints, guards, testing
from ledger.models import Checkpoint, Head

from .conftest import drafted, entries


@pytest.fixture
def written(transactional_db, clock):
    entries(clock, 300, sealed={"person": "Ada"})
    checkpoints.sign_checkpoint()


def tampered(statement: str, *values: object) -> str:
    """Change what the guards keep, put them back, and ask what is wrong."""
    testing.lift_guards(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    guards.install(connection)
    return "\n".join(audit.problems())


def test_a_good_ledger_has_no_problems(written, capsys):
    assert list(audit.problems()) == []
    call_command("verify_ledger")
    assert "All 300 entries" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE ledger_entry SET type = 'x' WHERE \"index\" = 7", "Entry 7 says something else"),
        ("UPDATE ledger_entry SET leaf_hash = body WHERE \"index\" = 7", "Entry 7 was changed"),
        ("UPDATE ledger_entry SET \"index\" = 400 WHERE \"index\" = 299", "Entry 299 is missing"),
        ("UPDATE ledger_subtree SET position = 1", "subtree 0 of level 1 is wrong"),
        ("UPDATE ledger_head SET size = 299", "The head says 299 entries"),
        ("UPDATE ledger_checkpoint SET size = 299", "says something else"),
        ("UPDATE ledger_checkpoint SET note = 'x'", "malformed"),
        ("UPDATE ledger_sealed SET label = 'x' WHERE id = (SELECT min(id) FROM ledger_sealed)",
         "is not what it sealed"),
    ],
)  # fmt: skip
def test_what_was_changed_is_named(written, statement, says):
    if "400" in statement:
        testing.lift_guards(connection)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_sealed")
    assert says in tampered(statement)
    with pytest.raises(SystemExit):
        call_command("verify_ledger")


def test_a_second_place_that_knows_more_is_believed(written):
    testing.lift_guards(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_sealed")
        cursor.execute("DELETE FROM ledger_checkpoint")
        cursor.execute("DELETE FROM ledger_subtree")
        cursor.execute("DELETE FROM ledger_entry")
        cursor.execute("DELETE FROM ledger_head")
    guards.install(connection)
    assert "The size went down from 300" in "\n".join(audit.problems())
    assert (Checkpoint.objects.count(), Head.objects.count()) == (0, 0)


def test_a_state_that_no_entry_claims_is_named(transactional_db, things, clock):
    thing = drafted(clock)
    said = tampered("UPDATE ledger_tests_thing SET state = 'cleared'")
    assert f"ledger_tests.thing {thing.pk} has a state that its entry does not claim" in said
