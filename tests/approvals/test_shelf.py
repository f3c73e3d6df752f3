"""The shelf: who puts what there, who is green by it, and what ends that."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from guardian.shortcuts import assign_perm

from approvals import actions, recalling, shelving
from approvals.errors import RefusedPostError
from approvals.evaluations import replayed
from approvals.models import Channel, ShelfItem
from approvals.states import ShelfState, State
from organization.models import Person
from tests.approvals.after import clear
from tests.approvals.small_policy import issue_small_policy
from tests.conftest import hire

TEXT = "Meet Ada at our stand in Denver."
TEMPLATE = "Meet {name} at our stand in {city}."
CHECK = {
    "name": "money",
    "kind": "claims",
    "category": "financial_promise",
    "severity": "review",
    "message": "A promise?",
    "params": {"find": ["profit"]},
    "examples": {"match": [], "pass": []},
}


@pytest.fixture
def edition(company, lea, quinn):
    """A policy whose one check asks about profits."""
    return issue_small_policy(drafter=lea, approver=quinn, checks=[CHECK])


@pytest.fixture
def channel(channel):
    """It speaks in the company's name, so that nothing on it is green by itself."""
    channel.is_official = True
    channel.save()
    return channel


@pytest.fixture
def bo(unit):
    return Person.objects.create_user("bo@acme.example", "Bo Berg", unit)


@pytest.fixture
def source(standing, write, rex):
    return clear(write(TEXT), rex)


@pytest.fixture
def put(source, petra, channel):
    """Petra, who sits at the desk, puts Ada's post on the shelf."""
    assign_perm("approvals.review_channel", petra, channel)

    def put(submission=source, actor=petra, **more):
        what = {"title": "Fair", "template": TEMPLATE, "longest_sentence": 60} | more
        return shelving.put(submission, actor=actor, seen=submission.revision.digest, **what)

    return put


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (TEXT, "unedited"),
        ("Meet Bo at our stand in Oslo.", "within"),
        ("My first fair! Meet Bo Berg at our stand in Oslo.", "within"),
    ],
)
def test_within_its_bounds_a_share_is_green_and_rests_on_the_source(
    put, write, bo, text, how, source
):
    item = put()
    shared = write(text, author=bo)
    assert (shared.state, shared.lane) == (State.CLEARED, "green")
    clearance = shared.clearance
    assert (clearance.rests_on, clearance.shelf_item) == (source.clearance, item)
    assert clearance.ends_at == source.clearance.ends_at
    screening = actions.latest_screening(shared.revision)
    assert screening.evaluation["inputs"]["shelf"] == how
    assert replayed(screening).is_same
    assert clearance.entry.content["data"]["shelf_item"] == str(item.pk)


@pytest.mark.parametrize(
    "text",
    [
        "Meet Rex at our stand in Oslo.",
        "Meet Bo at our stand in Oslo. Free beer.",
        "Meet Bo at our stand in Oslo\u200b.",
        "Meet Bo at our stand in \u041eslo.",
        "My profit! Meet Bo at our stand in Oslo.",  # a finding above advice
    ],
)
def test_out_of_bounds_or_with_a_finding_a_person_looks(put, write, bo, text):
    put()
    shared = write(text, author=bo)
    assert (shared.state, shared.lane) == (State.IN_REVIEW, "amber")


def test_in_a_broker_dealer_unedited_only(put, write, bo, unit):
    put()
    unit.profile = "broker-dealer"
    unit.save()
    bo.trained_on, bo.registration = timezone.localdate(), "Series 7"
    bo.save()
    assert write("Meet Bo at our stand in Oslo.", author=bo).state == State.IN_REVIEW
    assert write(TEXT, author=bo).state == State.CLEARED


@pytest.mark.parametrize("who", ["rex", "petra"])
def test_i03_nobody_is_covered_by_their_own_word(put, write, who, request):
    put()
    name = request.getfixturevalue(who)
    assert write("Meet Rex at our stand in Oslo.".replace("Rex", name.name), author=name).state == (
        State.IN_REVIEW
    )


def test_another_channel_or_picture_is_not_covered(put, write, bo, channel, rex, standing):
    other = Channel.objects.create(name="Acme on X", network="x", is_official=True)
    assign_perm("approvals.review_channel", rex, other)
    standing.channels.add(other)
    put()
    assert write(TEXT, author=bo, channels=[channel, other]).state == State.IN_REVIEW


def test_what_was_retired_is_green_no_more_and_what_was_shared_stays(put, write, bo, petra, unit):
    item = put()
    before = write(TEXT, author=bo)
    shelving.retire(item, actor=petra, reason="The fair is over.")
    before.refresh_from_db()
    assert before.state == State.CLEARED
    cy = hire("Cy", unit)
    for text in (TEXT, "Meet Cy at our stand in Oslo."):
        shared = write(text, author=cy)
        assert shared.state == State.IN_REVIEW
        assert "taken off" in " ".join(
            actions.latest_screening(shared.revision).evaluation["reasons"]
        )


def test_on_an_own_account_too_where_it_would_be_green_by_itself(put, write, bo, petra, channel):
    item = put()
    channel.is_official = False
    channel.save()
    assert write("Meet Bo at our stand in Bonn.", author=bo).state == State.CLEARED
    shelving.retire(item, actor=petra, reason="The fair is over.")
    assert write("Meet Bo at our stand in Oslo.", author=bo).state == State.IN_REVIEW


def test_a_recall_of_the_source_reaches_all_who_share_it(put, write, bo, rita, source, ada):
    put()
    shared = write("Meet Bo at our stand in Oslo.", author=bo)
    recalling.recall(source, actor=rita, reason="No fair.")
    shared.refresh_from_db()
    assert shared.state == State.RECALLED
    assert {one.person for one in recalling.touched_by(source.clearance)} == {ada, bo}
    assert write("Meet Bo at our stand in Bonn.", author=bo).state == State.IN_REVIEW


def test_after_its_end_nothing_is_green_by_it(put, write, bo, source):
    put()
    with time_machine.travel(source.clearance.ends_at + dt.timedelta(hours=1), tick=False):
        assert write("Meet Bo at our stand in Oslo.", author=bo).state == State.IN_REVIEW


@pytest.mark.parametrize("who", ["ada", "max", "lea", "amin", "zoe", "quinn", "rita"])
def test_only_a_reviewer_of_its_channels_who_did_not_write_it_puts_it_there(put, who, request):
    with pytest.raises(PermissionDenied):
        put(actor=request.getfixturevalue(who))
    assert not ShelfItem.objects.exists()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("petra", True),
        ("rex", True),
        ("rita", True),
        ("ada", False),
        ("amin", False),
        ("zoe", False),
    ],
)
def test_who_takes_it_off(put, who, may, request):
    item = put()
    if may:
        assert shelving.retire(item, actor=request.getfixturevalue(who), reason="x").state == (
            ShelfState.RETIRED
        )
        with pytest.raises(TransitionNotAllowed):
            shelving.retire(item, actor=request.getfixturevalue(who), reason="x")
    else:
        with pytest.raises(PermissionDenied):
            shelving.retire(item, actor=request.getfixturevalue(who), reason="x")
        assert ShelfItem.objects.get().state == ShelfState.ON_SHELF


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"template": "Meet {name}."}, "not the cleared text"),
        ({"template": TEXT + " {what}"}, "Only"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 81}, "80"),
        ({"longest_sentence": 500}, "at most"),
    ],
)
def test_what_does_not_fit_is_refused(put, more, says):
    with pytest.raises(RefusedPostError, match=says):
        put(**more)
    assert not ShelfItem.objects.exists()


def test_only_what_stands_and_what_a_person_cleared_goes_there(put, write, source, rita, bo):
    with pytest.raises(RefusedPostError, match="clearance stands"):
        put(write("Another."), template="Another.")
    copy = write(TEXT, author=bo)
    with pytest.raises(RefusedPostError, match="No reviewer of its desk"):
        put(copy)
    recalling.recall(source, actor=rita, reason="x")
    source.refresh_from_db()
    with pytest.raises(RefusedPostError, match="clearance stands"):
        put(source)


def test_what_a_check_asks_about_does_not_go_there(put, write, rex):
    risky = clear(write("Our profit is yours."), rex)
    with pytest.raises(RefusedPostError, match="find something"):
        put(risky, template="Our profit is yours.")


def test_i11_the_same_press_twice_is_one_item(put):
    assert put() == put()
    with pytest.raises(RefusedPostError, match="already"):
        put(title="Other")
    assert ShelfItem.objects.count() == 1
