import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction
from django.utils import timezone

from ledger import checkpoints, guards, keys, stored_tree, testing, tree, verify
from ledger.models import Checkpoint, Entry, Head

from .conftest import entries

pytestmark = pytest.mark.django_db


def rewind(size: int) -> None:
    """Put the ledger back to an earlier size, as an old backup would."""
    testing.lift_guards(connection)
    Checkpoint.objects.filter(size__gt=size)._raw_delete("default")
    Entry.objects.filter(index__gte=size)._raw_delete("default")
    roots = [stored_tree.subtree(*piece) for piece in tree._pieces(0, size)]
    Head.objects.update(size=size, frontier=b"".join(roots))
    guards.install(connection)


def test_an_empty_ledger_has_nothing_to_sign():
    assert checkpoints.sign_checkpoint() is None
    assert not checkpoints.due(timezone.now())


def test_a_checkpoint_is_a_signed_note(clock):
    entries(clock, 3)
    checkpoint = checkpoints.sign_checkpoint()
    text, signature = checkpoint.note.split("\n\n")
    origin, size, _ = text.split("\n")
    assert (origin, size) == ("countersign.example/log", "3")
    raw = verify.from_base64(signature.split(" ")[2].strip(), "it")
    assert raw[:4] == keys.key_hash()
    Ed25519PublicKey.from_public_bytes(keys.public_key()).verify(raw[4:], f"{text}\n".encode())
    read = verify.Checkpoint(checkpoint.note, verify.Key(keys.vkey()))
    read.verify(verify.Key(keys.vkey()))
    assert (read.size, read.root) == (3, stored_tree.root_at(3))


def test_the_same_size_is_signed_once_and_stands_in_both_places(clock):
    entries(clock, 2)
    first, second = checkpoints.sign_checkpoint(), checkpoints.sign_checkpoint()
    assert first == second
    assert checkpoints.second_place().read_text() == first.note + "\n"
    entries(clock, 1)
    third = checkpoints.sign_checkpoint()
    assert checkpoints.second_place().read_text() == f"{first.note}\n{third.note}\n"
    assert checkpoints.outside_head().size == 3


def test_only_what_is_committed_is_signed(clock, transactional_db):
    with transaction.atomic():
        entries(clock, 1)
        with pytest.raises(RuntimeError, match="durable"):
            checkpoints.sign_checkpoint()


def test_an_older_backup_is_not_signed(transactional_db, clock):
    entries(clock, 5)
    checkpoints.sign_checkpoint()
    rewind(3)
    entries(clock, 1)
    with pytest.raises(checkpoints.HistoryChangedError) as error:
        checkpoints.sign_checkpoint()
    assert "5 entries, root" in str(error.value)
    assert "4 entries, root" in str(error.value)
    assert "Entries 4 to 4 are missing" in str(error.value)


def test_another_history_of_the_same_length_or_longer_is_not_signed(transactional_db, clock):
    entries(clock, 5)
    checkpoints.sign_checkpoint()
    rewind(3)
    for count in (2, 3):
        entries(clock, count)
        with pytest.raises(checkpoints.HistoryChangedError, match="does not extend"):
            checkpoints.sign_checkpoint()
    assert not Checkpoint.objects.exists()


def test_an_emptied_ledger_is_not_signed(transactional_db, clock):
    entries(clock, 2)
    checkpoints.sign_checkpoint()
    rewind(0)
    with pytest.raises(checkpoints.HistoryChangedError, match="empty"):
        checkpoints.sign_checkpoint()


def test_a_lost_second_place_still_leaves_the_database(clock):
    entries(clock, 5)
    checkpoint = checkpoints.sign_checkpoint()
    checkpoints.second_place().unlink()
    assert checkpoints.sign_checkpoint() == checkpoint
    assert checkpoints.second_place().read_text() == ""


def test_an_entry_that_was_changed_before_it_was_signed_is_noticed(transactional_db, clock):
    entries(clock, 3)
    testing.lift_guards(connection)
    with connection.cursor() as cursor:
        cursor.execute('UPDATE ledger_entry SET body = %s WHERE "index" = 1', [b"{}"])
    guards.install(connection)
    with pytest.raises(checkpoints.HistoryChangedError, match="Entry 1 was changed"):
        checkpoints.sign_checkpoint()


def test_a_note_that_a_crash_cut_off_is_passed_over(clock):
    entries(clock, 2)
    first = checkpoints.sign_checkpoint()
    with checkpoints.second_place().open("a") as file:
        file.write(first.note[:40])
    assert checkpoints.outside_head().size == 2
    entries(clock, 1)
    checkpoints.sign_checkpoint()
    assert checkpoints.outside_head().size == 3


def test_a_note_written_before_a_crash_is_stored_afterwards(transactional_db, clock):
    entries(clock, 2)
    checkpoints.sign_checkpoint()
    testing.lift_guards(connection)
    Checkpoint.objects.all()._raw_delete("default")
    guards.install(connection)
    assert not Checkpoint.objects.exists()
    checkpoint = checkpoints.sign_checkpoint()
    assert checkpoints.second_place().read_text() == checkpoint.note + "\n"


def test_a_checkpoint_is_due_after_a_minute_or_256_entries(clock):
    (first,) = entries(clock, 1)
    assert not checkpoints.due(first.created_at + dt.timedelta(seconds=59))
    assert checkpoints.due(first.created_at + dt.timedelta(seconds=60))
    entries(clock, 254)
    assert not checkpoints.due(first.created_at)
    entries(clock, 1)
    assert checkpoints.due(first.created_at)
    checkpoints.sign_checkpoint()
    assert not checkpoints.due(first.created_at + dt.timedelta(days=1))


def test_the_first_checkpoint_over_an_entry_covers_it(clock):
    entries(clock, 2)
    first = checkpoints.sign_checkpoint()
    entries(clock, 1)
    assert checkpoints.checkpoint_covering(1) == first
    assert checkpoints.checkpoint_covering(2) is None
    second = checkpoints.sign_checkpoint()
    assert checkpoints.checkpoint_covering(2) == second


def test_whoever_waits_gets_a_checkpoint_and_no_more_than_one_a_second(clock):
    entries(clock, 1)
    first = checkpoints.checkpoint_for(0)
    entries(clock, 1)
    second = checkpoints.checkpoint_for(1)
    assert second.signed_at - first.signed_at >= dt.timedelta(seconds=1)
    assert checkpoints.checkpoint_for(0) == first
    with pytest.raises(Entry.DoesNotExist):
        checkpoints.checkpoint_for(2)


def test_two_signers_make_one_checkpoint_for_each_size(clock, in_threads):
    def work() -> None:
        for _ in range(10):
            entries(clock, 1)
            checkpoints.sign_checkpoint()

    assert in_threads(work, work) == []
    sizes = list(Checkpoint.objects.values_list("size", flat=True))
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == 20
    notes = checkpoints.second_place().read_text()
    assert notes == "".join(f"{c.note}\n" for c in Checkpoint.objects.order_by("size"))
