"""The link for the first administrator works once, for a day, and only as we wrote it."""

import time_machine
from django.core import signing

from organization.setup_link import check_token, make_token


def test_it_is_good_while_there_is_no_administrator(db):
    assert check_token(make_token())


def test_it_is_dead_once_there_is_one(amin):
    assert not check_token(make_token())


def test_an_administrator_who_left_does_not_count(amin):
    amin.is_active = False
    amin.save()
    assert check_token(make_token())


def test_it_is_dead_after_a_day(db):
    with time_machine.travel("2026-11-23T12:00:00Z"):
        token = make_token()
    with time_machine.travel("2026-11-24T12:00:02Z"):
        assert not check_token(token)


def test_it_cannot_be_made_up(db):
    assert not check_token("first administrator:1:abc")
    assert not check_token(signing.dumps("first administrator", salt="elsewhere"))
