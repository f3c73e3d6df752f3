"""From an entry in the ledger to its arrival: signed, in its format, tried again, stopped after days."""

import datetime as dt
import json
import uuid

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from approvals import actions as posts
from approvals.models import Channel
from integrations import actions, delivering, duties, forwarding
from integrations.delivering import STOP_AFTER, WAITS
from integrations.models import Cursor, Delivery, Receiver
from ledger.models import Entry
from organization.models import Notice
from tests.integrations.stand_in import slack, standing_in, teams

pytestmark = pytest.mark.django_db
HOSTILE = "<!channel> *bold* <https://evil.example|click> & [link](https://evil.example) " * 400


@pytest.fixture
def receiver_of(amin, channel, settings):
    """Add a receiver as Amin, at a stand-in."""
    settings.COUNTERSIGN_WEBHOOK_HOSTS = ["127.0.0.1"]

    def add(there, kind="webhook", **extra):
        values = {
            "kind": kind,
            "name": f"{kind} {uuid.uuid4()}",
            "url": there.url,
            "events": ["submission.in_review", "submission.cleared"] if kind == "webhook" else [],
            "channels": [] if kind == "webhook" else [channel],
            "with_text": False,
        }
        return actions.add_receiver(actor=amin, **values | extra)

    return add


def deliver():
    """What the clock and the worker do."""
    duties.forward()
    delivering.send_all()


def test_n03_a_program_is_told_signed_by_the_standard_and_without_the_words(
    receiver_of, write, rex, settings
):
    with standing_in(lambda _: (204, "")) as there:
        receiver = receiver_of(there)
        submission = write()
        seen = submission.revision.digest
        posts.decide(submission, actor=rex, verdict="clear", seen=seen)
        deliver()
    told = [Webhook(receiver.secret).verify(body, headers) for headers, body in there.got]
    assert [one["type"] for one in told] == ["submission.in_review", "submission.cleared"]
    entry = Entry.objects.get(type="submission.clear")
    assert there.got[1][0]["webhook-id"] == f"msg_{entry.index}"
    assert told[1]["data"] == {
        "submission": str(submission.pk),
        "state": "cleared",
        "step": "clear",
        "revision": 1,
        "digest": seen,
        "lane": None,
        "clearance": entry.content["data"]["clearance"],
        "channels": ["Own LinkedIn"],
        "actor": {"kind": "person", "id": str(rex.pk)},
        "entry": entry.index,
        "url": f"{settings.COUNTERSIGN_URL}/posts/{submission.pk}/",
    }
    with pytest.raises(WebhookVerificationError):
        Webhook(receiver.secret).verify(there.got[1][1] + b" ", there.got[1][0])


def test_the_words_go_out_only_where_an_administrator_said_so(receiver_of, write):
    with standing_in(lambda _: (200, "")) as there:
        receiver_of(there)
        receiver_of(there, with_text=True)
        write("Wörter, die man sieht.")
        deliver()
    texts = sorted(json.loads(body)["data"].get("text", "") for _, body in there.got)
    assert texts == ["", "Wörter, die man sieht."]


def test_every_entry_of_a_post_is_told_once_however_often_the_clock_runs(receiver_of, write):
    with standing_in(lambda _: (200, "")) as there:
        receiver_of(there)
        write()
        for _ in range(3):
            deliver()
        Cursor.objects.update(index=0)  # as after a restore of an older copy
        deliver()
    assert len(there.got) == 1


def test_nothing_is_lost_between_many_entries_and_the_cursor(receiver_of, write, monkeypatch):
    monkeypatch.setattr(forwarding, "A_BATCH", 2)
    with standing_in(lambda _: (200, "")) as there:
        receiver_of(there)
        for number in range(5):
            write(f"Post {number}.")
        deliver()
    assert len(there.got) == 5
    assert Cursor.objects.get().index == Entry.objects.latest("index").index + 1


def test_what_was_before_the_receiver_is_not_told(receiver_of, write):
    write()
    with standing_in(lambda _: (200, "")) as there:
        receiver_of(there)
        deliver()
    assert there.got == []


def test_an_event_that_was_not_asked_for_is_not_told(receiver_of, write):
    with standing_in(lambda _: (200, "")) as there:
        receiver_of(there, events=["submission.published"])
        write()
        deliver()
    assert there.got == []


def test_a_failure_is_tried_again_with_growing_waits_under_the_same_id(receiver_of, write):
    with standing_in(lambda _: (500, "broken\x00\n down")) as there:
        receiver_of(there)
        write()
        duties.forward()
        delivery, now = Delivery.objects.get(), timezone.now()
        for wait in WAITS:
            delivering.send(str(delivery.pk), at=now)
            delivery.refresh_from_db()
            assert delivery.try_after == now + wait
            Receiver.objects.update(failing_since=now, rests_until=None)
            delivering.send(str(delivery.pk), at=now)  # too early: nothing happens
            now += wait
        delivering.send(str(delivery.pk), at=now)
        ids = {headers["webhook-id"] for headers, _ in there.got}
        bodies = {body for _, body in there.got}
    delivery.refresh_from_db()
    assert (delivery.try_after, delivery.attempts) == (None, len(WAITS) + 1)
    assert (delivery.status, delivery.says) == (
        500,
        "It answered 500: broken\N{REPLACEMENT CHARACTER} down",
    )
    assert (len(there.got), len(ids), len(bodies)) == (len(WAITS) + 1, 1, 1)


def test_a_redirect_is_a_failure(receiver_of, write):
    with standing_in(lambda _: (302, "", {"Location": "http://127.0.0.1/x"})) as there:
        receiver_of(there)
        write()
        deliver()
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.delivered_at, bool(delivery.try_after)) == (302, None, True)


def test_after_days_of_failures_only_a_receiver_is_stopped_and_administrators_told(
    receiver_of, write, amin
):
    with standing_in(lambda _: (503, "")) as there:
        receiver = receiver_of(there)
        write()
        duties.forward()
        delivery, now = Delivery.objects.get(), timezone.now()
        Receiver.objects.update(failing_since=now - STOP_AFTER + dt.timedelta(hours=1))
        delivering.send(str(delivery.pk), at=now)
        receiver.refresh_from_db()
        assert receiver.is_active
        Receiver.objects.update(failing_since=now - STOP_AFTER)
        delivering.send(str(delivery.pk), at=now + WAITS[0])
    receiver.refresh_from_db()
    assert (receiver.is_active, receiver.stopped_because) == (
        False,
        "Nothing has arrived for 5 days.",
    )
    assert Notice.objects.get(person=amin).event == "receiver_stopped"
    delivery.refresh_from_db()
    assert delivery.try_after is None


def test_a_receiver_that_is_gone_is_stopped_at_once(receiver_of, write):
    with standing_in(lambda _: (410, "")) as there:
        receiver_of(there)
        write()
        deliver()
    assert not Receiver.objects.get().is_active


def test_after_many_failures_one_attempt_a_minute_is_made_and_others_are_not_held_up(
    receiver_of, write, monkeypatch
):
    monkeypatch.setattr(delivering, "RESTS_FROM", 2)
    with standing_in(lambda _: (500, "")) as broken, standing_in(lambda _: (200, "")) as well:
        receiver_of(broken)
        receiver_of(well)
        for number in range(4):
            write(f"Post {number}.")
        deliver()
    assert (len(broken.got), len(well.got)) == (2, 4)
    put_off = Delivery.objects.filter(says__startswith="Waits")
    assert {one.attempts for one in put_off} == {0}
    assert put_off.count() == 2


def test_an_arrival_ends_the_failures(receiver_of, write):
    with standing_in(lambda _: (200, "")) as there:
        receiver = receiver_of(there)
        Receiver.objects.update(failing_since=timezone.now(), failures=4)
        write()
        deliver()
    receiver.refresh_from_db()
    assert (receiver.failing_since, receiver.failures) == (None, 0)
    assert Delivery.objects.get().delivered_at


def test_i11_two_senders_of_one_message_send_it_once(receiver_of, write):
    with standing_in(lambda _: (200, "")) as there:
        receiver_of(there)
        write()
        duties.forward()
        pk = str(Delivery.objects.get().pk)
        claim = Delivery.objects.waiting().filter(pk=pk)
        claim.update(try_after=timezone.now() + delivering.CLAIM, attempts=1)  # another has it
        delivering.send(pk)
        sent_within = list(there.got)
        delivering.send(pk, at=timezone.now() + 2 * delivering.CLAIM)  # and died
    assert (sent_within, len(there.got)) == ([], 1)


@pytest.mark.parametrize(("kind", "check"), [("slack", slack), ("teams", teams)])
def test_a_room_is_called_in_its_current_format(receiver_of, write, kind, check, settings, channel):
    with standing_in(check) as there:
        receiver_of(there, kind)
        submission = write()
        deliver()
    delivery = Delivery.objects.get()
    assert (delivery.delivered_at is not None, delivery.says) == (True, "")
    body = there.got[0][1].decode()
    assert f"{settings.COUNTERSIGN_URL}/posts/{submission.pk}/review/" in body
    for said in ["Ada asks for a review", "Own LinkedIn", "Amber", "Rex", "America/New_York"]:
        assert said in body
    assert submission.revision.text not in body


@pytest.mark.parametrize(("kind", "check"), [("slack", slack), ("teams", teams)])
@pytest.mark.parametrize(
    "text", [HOSTILE, "\N{PILE OF POO}" * 30_000, "&" * 30_000, '"\\' * 20_000, "x"]
)
def test_hostile_and_endless_words_are_taken_and_stay_words(
    receiver_of, write, channel, kind, check, text
):
    Channel.objects.filter(pk=channel.pk).update(name="<!here> & [x](https://evil.example)"[:80])
    channel.refresh_from_db()
    with standing_in(check) as there:
        receiver_of(there, kind, with_text=True)
        write(text, channels=[channel])
        deliver()
    delivery = Delivery.objects.get()
    assert (delivery.status in {200, 202}, delivery.says) == (True, "")
    if kind == "slack":
        assert "<" not in there.got[0][1].decode()


def test_a_room_is_not_called_to_a_post_for_another_desk_as_well(receiver_of, write, channel):
    other = Channel.objects.create(name="Acme on X", network="x")
    with standing_in(slack) as there:
        receiver_of(there, "slack")
        write(channels=[channel, other])
        deliver()
    assert there.got == []


def test_a_room_is_not_called_to_a_post_that_was_decided_meanwhile(receiver_of, write, rex):
    with standing_in(slack) as there:
        receiver_of(there, "slack")
        submission = write()
        duties.forward()
        seen = submission.revision.digest
        posts.decide(submission, actor=rex, verdict="clear", seen=seen)
        delivering.send_all()
    assert there.got == []
    assert Delivery.objects.get().says.startswith("Not sent")


def test_the_stand_ins_refuse_what_slack_and_teams_refuse():
    plain = {"type": "plain_text", "text": "x"}
    wrong = [
        {"blocks": [{"type": "section", "text": plain | {"text": "x" * 3001}}]},
        {"blocks": [{"type": "section", "text": plain}] * 51},
        {"blocks": [{"type": "header", "text": plain | {"text": "x" * 151}}]},
        {"blocks": [{"type": "section", "fields": [plain] * 11}]},
        {"blocks": [{"type": "section", "text": plain | {"text": "<!channel>"}}]},
        {"blocks": [{"type": "no such block"}]},
    ]
    assert {slack(json.dumps(one).encode()) for one in wrong} == {(400, "invalid_blocks")}
    assert slack(b"{")[1] == "invalid_payload"
    assert teams(b'{"type":"message","attachments":[]}')[0] == 400
    assert teams(b'{"text":"the format of connectors that are gone"}')[0] == 400
    assert teams(b" " * 29_000)[0] == 413


def test_what_is_over_is_forgotten_after_a_month(receiver_of, write):
    with standing_in(lambda _: (200, "")) as there:
        receiver_of(there)
        write()
        deliver()
    duties.forget(timezone.now() + dt.timedelta(days=29))
    assert Delivery.objects.count() == 1
    duties.forget(timezone.now() + dt.timedelta(days=31))
    assert Delivery.objects.count() == 0


def test_a_lost_task_loses_nothing(receiver_of, write, run_tasks):
    with standing_in(lambda _: (200, "")) as there:
        receiver_of(there)
        write()
        duties.forward()  # the test's transaction keeps its tasks back, as a crash would
        duties.send_due(timezone.now() + duties.PATIENCE)
        duties.send_due(timezone.now() + duties.PATIENCE)
        run_tasks()
    assert len(there.got) == 1
