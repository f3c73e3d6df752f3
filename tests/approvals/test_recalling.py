"""A recall reaches everybody it concerns, once, and it is known who has said so."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from guardian.shortcuts import assign_perm

from approvals import duties, recalling
from approvals.models import Channel, RecallNotice, Submission
from approvals.publishing import publish
from approvals.states import State
from clause_library.checks.model import Medium
from ledger.models import Entry
from organization.models import Notice
from tests.approvals.after import clear
from tests.conftest import hire

DAY = dt.timedelta(days=1)


@pytest.fixture
def advert(channel, write, standing, rex):
    """Ada's words on an account of the company, cleared by Rex."""
    Channel.objects.update(is_official=True)
    channel.refresh_from_db()
    return clear(write("Come to our open day."), rex)


@pytest.fixture
def bo(unit):
    return hire("Bo", unit)


def test_everybody_whose_clearance_rests_on_it_is_told_at_once(advert, write, bo, ada, rita):
    copy = write("Come to our open day.", author=bo)
    assert copy.clearance.rests_on == advert.clearance
    recalling.recall(advert, actor=rita, reason="Wrong day.")
    told = {one.person: one for one in recalling.touched_by(advert.clearance)}
    assert set(told) == {ada, bo}
    assert {one.notice.event for one in told.values()} == {"recalled"}
    copy.refresh_from_db()
    assert copy.state == State.RECALLED


def test_a_recallers_own_copy_falls_with_it(advert, write, petra, channel):
    """Petra may not recall her own post, but the word it rests on is hers to recall."""
    copy = write("Come to our open day.", author=petra)
    assign_perm("approvals.review_channel", petra, channel)
    assert copy.state == State.CLEARED
    with pytest.raises(PermissionDenied):
        recalling.recall(copy, actor=petra, reason="Mine.")
    recalling.recall(advert, actor=petra, reason="Wrong day.")
    copy.refresh_from_db()
    assert copy.state == State.RECALLED


def test_whoever_was_told_says_so_once_and_nobody_says_it_for_them(advert, ada, rex, rita):
    recalling.recall(advert, actor=rita, reason="Wrong day.")
    told = RecallNotice.objects.get()
    with pytest.raises(PermissionDenied):
        recalling.confirm(told, actor=rex)
    first = recalling.confirm(told, actor=ada)
    before = Entry.objects.count()
    assert recalling.confirm(told, actor=ada).seen_at == first.seen_at
    assert Entry.objects.count() == before
    assert first.seen_entry.type == "submission.recall_seen"


def test_reminders_come_each_day_until_it_is_seen_each_once(advert, ada, rita):
    recalling.recall(advert, actor=rita, reason="Wrong day.")
    told = RecallNotice.objects.get()
    start = told.notice.created_at

    def reminders(at):
        for _ in range(2):
            duties.remind_of_recalls(at)
        return Notice.objects.filter(event="recall_unseen").count()

    assert reminders(start + DAY - DAY / 24) == 0
    assert reminders(start + DAY) == 1
    assert reminders(start + 5 * DAY + DAY / 2) == 2  # after a long stop: once
    assert reminders(start + 6 * DAY) == 3
    recalling.confirm(told, actor=ada)
    assert reminders(start + 9 * DAY) == 3


def test_who_has_left_is_not_reminded_for_ever(advert, ada, rita):
    recalling.recall(advert, actor=rita, reason="Wrong day.")
    ada.is_active = False
    ada.save()
    duties.remind_of_recalls(timezone.now() + 2 * DAY)
    assert not Notice.objects.filter(event="recall_unseen").exists()
    assert RecallNotice.objects.get().remind_at is None


def test_a_second_recall_comes_too_late_and_tells_nobody_again(advert, rita):
    recalling.recall(advert, actor=rita, reason="Wrong day.")
    with pytest.raises(TransitionNotAllowed):
        recalling.recall(advert, actor=rita, reason="Again.")
    assert RecallNotice.objects.count() == 1


@pytest.mark.parametrize("words", ["OPEN day", "open   day", "gr\u00fcne Wiese"])
def test_posts_are_found_by_words_in_them_or_in_alt_texts(advert, write, rex, rita, words):
    picture = Medium("Our open day on the gr\u00fcne Wiese.", "own")
    with_picture = clear(write("Look!", media=[picture], may_lack_files=True), rex)
    found = set(recalling.found_by(words, rita))
    assert with_picture in found
    assert (advert in found) == ("Wiese" not in words)


def test_words_that_only_our_own_fields_hold_find_nothing(write, rex, rita):
    clear(write("Look!", media=[Medium("A shed.", "own")], may_lack_files=True), rex)
    assert recalling.found_by("own", rita) == []
    assert recalling.found_by("  ", rita) == []


@pytest.mark.parametrize("who", ["ada", "zoe", "lea", "max", "amin"])
def test_nobody_finds_what_they_may_not_recall(advert, who, request):
    assert recalling.found_by("open day", request.getfixturevalue(who)) == []


def test_several_are_recalled_each_by_a_step_of_its_own(write, rex, rita, ada):
    posts = [clear(write(f"Sale number {number}."), rex) for number in range(3)]
    publish(posts[1], actor=ada, seen=posts[1].revision.digest)
    recalling.recall(posts[2], actor=rita, reason="First.")
    found = [Submission.objects.get(pk=one.pk) for one in posts]
    came = recalling.recall_all(found, actor=rita, reason="No sale.")
    assert [len(came.done), len(came.too_late)] == [2, 1]
    assert set(Submission.objects.values_list("state", flat=True)) == {"recalled"}
    assert Entry.objects.filter(type="submission.recall").count() == 3


def test_what_was_recalled_is_not_found_again(advert, rita):
    recalling.recall(advert, actor=rita, reason="Wrong day.")
    assert recalling.found_by("open day", rita) == []
