import json

import pytest
from django.db import connection, transaction

from ledger import stored_tree, tree
from ledger.canonical import NotCanonicalError
from ledger.models import Entry, Head, Sealed, Subtree
from ledger.records import NotInTransactionError, record

from .conftest import entries

SUBJECT = "ledger_tests.thing:" + "0" * 32


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_a_transaction(clock):
    with pytest.raises(NotInTransactionError):
        record("thing.seen", actor=clock, subject=SUBJECT)


@pytest.mark.django_db
@pytest.mark.parametrize("actor", [None, "clock", object()])
def test_an_act_without_an_actor_is_refused(actor):
    with pytest.raises(TypeError):
        record("thing.seen", actor=actor, subject=SUBJECT)
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["", "thing:1", "a.b:" + "g" * 32, "a.b:" + "0" * 31])
def test_a_subject_of_another_form_is_refused(clock, subject):
    with pytest.raises(ValueError, match="form"):
        record("thing.seen", actor=clock, subject=subject)


@pytest.mark.django_db
@pytest.mark.parametrize("data", [{"a": 1.5}, {"a": "\ud800"}, {"a": "\x00"}, {1: "a"}])
def test_what_has_no_canonical_form_is_refused_before_anything_is_written(clock, data):
    with pytest.raises(NotCanonicalError):
        record("thing.seen", actor=clock, subject=SUBJECT, data=data)
    assert not Entry.objects.exists()
    assert not Head.objects.filter(size__gt=0).exists()


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_what(clock):
    entry = record("thing.seen", actor=clock, subject=SUBJECT, data={"b": 1}, on_behalf_of=clock)
    stored = Entry.objects.get(pk=entry.pk)
    body = bytes(stored.body)
    assert json.loads(body) == {
        "actor": {"kind": "system", "id": "clock"},
        "at": stored.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "data": {"b": 1},
        "format": "countersign/entry/1",
        "index": 0,
        "on_behalf_of": {"kind": "system", "id": "clock"},
        "origin": "countersign.example/log",
        "sealed": {},
        "state": None,
        "subject": SUBJECT,
        "type": "thing.seen",
    }
    assert bytes(stored.leaf_hash) == tree.leaf_hash(body)


@pytest.mark.django_db
def test_personal_data_stands_beside_the_entry_and_can_be_erased(clock):
    entry = record("thing.seen", actor=clock, subject=SUBJECT, sealed={"person": {"name": "Ada"}})
    assert b"Ada" not in bytes(entry.body)
    key, value = entry.opened("person")
    assert (len(key), value) == (64, {"name": "Ada"})
    Sealed.objects.filter(entry=entry).delete()
    assert entry.opened("person") is None
    with pytest.raises(KeyError):
        entry.opened("address")


@pytest.mark.django_db
def test_the_same_value_is_sealed_differently_each_time(clock):
    first, second = entries(clock, 2, sealed={"person": "Ada"})
    assert first.content["sealed"] != second.content["sealed"]


@pytest.mark.django_db
def test_a_rolled_back_entry_leaves_no_hole(clock):
    entries(clock, 1)
    with transaction.atomic():
        entries(clock, 3)
        transaction.set_rollback(True)
    entries(clock, 1)
    assert list(Entry.objects.values_list("index", flat=True)) == [0, 1]


@pytest.mark.django_db
def test_the_stored_tree_is_that_of_the_entries(clock):
    leaves = [entry.leaf_hash for entry in entries(clock, 700)]
    assert list(Subtree.objects.values_list("level", "position")) == [(1, 0), (1, 1)]
    for size in (1, 2, 255, 256, 257, 511, 512, 513, 700):
        assert stored_tree.root_at(size) == tree.root(leaves[:size])
    for index in (0, 255, 256, 699):
        proof = stored_tree.inclusion_proof(index, 700)
        tree.verify_inclusion(leaves[index], index, 700, proof, tree.root(leaves))
    for old in (1, 300, 512, 699):
        proof = stored_tree.consistency_proof(old, 700)
        roots = tree.root(leaves[:old]), tree.root(leaves)
        tree.verify_consistency(old, 700, proof, *roots)


@pytest.mark.django_db
def test_a_proof_takes_few_reads(clock, django_assert_max_num_queries):
    entries(clock, 300)
    with django_assert_max_num_queries(12):
        stored_tree.inclusion_proof(100, 300)


@pytest.mark.django_db
def test_an_entry_costs_three_queries(clock, django_assert_num_queries):
    entries(clock, 1)
    with django_assert_num_queries(3), connection.execute_wrapper(lambda run, *call: run(*call)):
        record("thing.seen", actor=clock, subject=SUBJECT)


def test_two_threads_leave_no_hole_and_no_double(clock, in_threads):
    def fifty() -> None:
        for _ in range(50):
            entries(clock, 1)

    assert in_threads(fifty, fifty) == []
    assert list(Entry.objects.values_list("index", flat=True)) == list(range(100))
    leaves = [entry.leaf_hash for entry in Entry.objects.all()]
    assert tree.root_of(stored_tree.frontier_of(Head.objects.get())) == tree.root(leaves)
