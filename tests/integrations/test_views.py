"""Pages of tokens, receivers and the calendar: who sees what, and what is shown once."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from approvals import actions as posts
from integrations import actions, duties
from integrations.actions import MOST_TOKENS, EndsTooLateError, TooManyTokensError
from integrations.models import Delivery, Receiver, Token, digest_of
from ledger.models import Entry
from organization import actions as people
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
SLACK = "https://hooks.slack.example/services/T0/B0/secret"
EVERYBODY = ["ada", "rex", "lea", "quinn", "max", "rita", "zoe"]


@pytest.fixture
def receiver(amin, channel):
    return actions.add_receiver(
        actor=amin, kind="slack", name="Desk", url=SLACK, channels=[channel], with_text=False
    )


def token_form(**extra):
    return {"name": "Newsroom", "scopes": ["read"], "lasts": 30} | extra


def test_a_token_is_shown_once_and_only_its_digest_is_kept(client, ada):
    client.force_login(ada)
    page = client.post(reverse("integrations:tokens"), token_form())
    secret = page.content.decode().partition("<code>")[2].partition("</code>")[0]
    token = Token.objects.get()
    assert secret.startswith("cs_")
    assert (token.digest, token.person, token.scopes) == (digest_of(secret), ada, ["read"])
    assert "no-store" in page["Cache-Control"]
    assert secret not in client.get(reverse("integrations:tokens")).content.decode()
    entry = Entry.objects.get(type="token.created")
    assert entry.content["actor"]["id"] == str(ada.pk)
    assert secret not in bytes(entry.body).decode()


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 41}, {"name": "a\x07b"}, {"scopes": []}, {"scopes": ["all"]},
     {"scopes": ["calendar"]}, {"lasts": 400}],
)  # fmt: skip
def test_a_token_that_is_not_well_described_is_not_made(client, ada, wrong):
    client.force_login(ada)
    page = client.post(reverse("integrations:tokens"), token_form(**wrong))
    assert "Please look at" in page.content.decode()
    assert not Token.objects.exists()


def test_a_token_lasts_a_year_at_most_and_nobody_has_endless_many(ada, token_of):
    with pytest.raises(EndsTooLateError):
        token_of(ada, days=367)
    for _ in range(MOST_TOKENS):
        token_of(ada)
    with pytest.raises(TooManyTokensError):
        token_of(ada)


def test_a_token_is_revoked_by_its_owner_alone_and_once(client, ada, zoe, token_of):
    secret, token = token_of(ada), Token.objects.get()
    path = reverse("integrations:revoke_token", args=[token.pk])
    client.force_login(zoe)
    assert client.post(path).status_code == 404
    assert Token.objects.behind(secret)
    client.force_login(ada)
    assert client.get(path).status_code == 405
    for _ in range(2):
        assert client.post(path).status_code == 302
    assert Token.objects.behind(secret) is None
    assert Entry.objects.filter(type="token.revoked").count() == 1


@pytest.mark.parametrize("who", EVERYBODY)
def test_receivers_exist_for_administrators_only(client, request, receiver, who):
    client.force_login(request.getfixturevalue(who))
    delivery = Delivery.objects.create(
        receiver=receiver, entry=Entry.objects.first(), event="review_wanted"
    )
    for name, *args in [("receivers",), ("receiver", receiver.pk)]:
        assert client.get(reverse(f"integrations:{name}", args=args)).status_code == 404
    for name, pk in [
        ("receiver", receiver.pk), ("change_secret", receiver.pk), ("send_again", delivery.pk)
    ]:  # fmt: skip
        assert client.post(reverse(f"integrations:{name}", args=[pk])).status_code == 404
    delivery.refresh_from_db()
    assert delivery.attempts == 0


def receiver_form(**extra):
    form = {"kind": "webhook", "name": "Archive", "url": "http://127.0.0.1:9/x"}
    return form | {"events": ["submission.cleared"]} | extra


def test_a_program_is_added_with_its_secret_shown_once(client, amin, settings):
    settings.COUNTERSIGN_WEBHOOK_HOSTS = ["127.0.0.1"]
    client.force_login(amin)
    page = client.post(reverse("integrations:receivers"), receiver_form()).content.decode()
    receiver = Receiver.objects.get()
    assert receiver.secret.startswith("whsec_")
    assert receiver.secret in page
    path = reverse("integrations:receiver", args=[receiver.pk])
    assert receiver.secret not in client.get(path).content.decode()
    changed = client.post(reverse("integrations:change_secret", args=[receiver.pk]))
    receiver.refresh_from_db()
    assert receiver.secret in changed.content.decode()
    assert {"receiver.added", "receiver.secret_changed"} <= set(
        Entry.objects.values_list("type", flat=True)
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"url": "https://localhost/"}, "private network"),
        ({"url": "http://hooks.slack.example/"}, "https addresses on port 443"),
        ({"url": "https://[64:ff9b::a9fe:a9fe]/"}, "private network"),
        ({"url": "file:///etc/passwd"}, "begins with https"),
        ({"events": []}, "at least one thing"),
        ({"kind": "slack", "events": []}, "at least one channel"),
        ({"kind": "fax"}, "valid choice"),
    ],
)
def test_a_receiver_that_cannot_be_told_is_refused_when_it_is_added(
    client, amin, channel, settings, wrong, says
):
    settings.COUNTERSIGN_WEBHOOK_HOSTS = ["127.0.0.1"]
    client.force_login(amin)
    page = client.post(reverse("integrations:receivers"), receiver_form(**wrong))
    assert says in page.content.decode()
    assert not Receiver.objects.exists()


def test_the_address_of_a_room_is_shown_to_nobody_and_kept_when_left_empty(
    client, amin, receiver, channel
):
    client.force_login(amin)
    path = reverse("integrations:receiver", args=[receiver.pk])
    assert SLACK not in client.get(path).content.decode()
    form = {"name": "The desk", "url": "", "channels": [channel.pk], "is_active": "on"}
    assert client.post(path, form).status_code == 302
    receiver.refresh_from_db()
    assert (receiver.name, receiver.url) == ("The desk", SLACK)
    entries = Entry.objects.filter(type__startswith="receiver.")
    assert not any(b"hooks.slack" in bytes(entry.body) for entry in entries)


def test_a_stopped_receiver_starts_afresh_when_it_is_put_in_use(client, amin, receiver, channel):
    Receiver.objects.update(
        is_active=False, stopped_because="Gone.", failing_since=timezone.now(), failures=99
    )
    client.force_login(amin)
    path = reverse("integrations:receiver", args=[receiver.pk])
    assert "Gone." in client.get(path).content.decode()
    client.post(path, {"name": "Desk", "url": "", "channels": [channel.pk], "is_active": "on"})
    receiver.refresh_from_db()
    assert (receiver.is_active, receiver.stopped_because, receiver.failures) == (True, "", 0)


def test_a_message_is_sent_again_under_the_same_id(client, amin, receiver, write):
    write()
    duties.forward()
    Delivery.objects.update(try_after=None, attempts=10, says="It answered 500.")
    delivery = Delivery.objects.get()
    client.force_login(amin)
    client.post(reverse("integrations:send_again", args=[delivery.pk]))
    again = Delivery.objects.get()
    assert (again.pk, again.attempts, again.says) == (delivery.pk, 0, "")
    assert again.try_after


def test_pages_cost_the_same_whatever_their_length(client, amin, receiver, write, token_of):
    client.force_login(amin)
    paths = [
        reverse("integrations:tokens"),
        reverse("integrations:receivers"),
        reverse("integrations:receiver", args=[receiver.pk]),
    ]
    token_of(amin)
    write()
    duties.forward()
    few = [queries_of(client, path) for path in paths]
    for number in range(9):
        token_of(amin)
        write(f"Post {number}.")
        Receiver.objects.create(kind="webhook", name=f"Program {number}", url=SLACK)
    duties.forward()
    assert [queries_of(client, path) for path in paths] == few


def test_everybody_may_read_what_the_api_can_do(client, company):
    page = client.get(reverse("integrations:reference")).content.decode()
    assert "POST /api/v1/submissions/{pk}/decision" in page
    assert client.get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"


# The calendar


@pytest.fixture
def feed_of(client, token_of):
    """The events of a person's calendar; a second look keeps the address."""

    def feed(person, **headers):
        path = reverse("integrations:calendar", args=[token_of(person, "calendar")])
        return client.get(path, headers=headers)

    return feed


def events(answer):
    return Calendar.from_ical(answer.content).events


TEN = dt.datetime(2030, 3, 31, 10, tzinfo=dt.timezone(dt.timedelta(hours=2)))


def test_a_calendar_is_made_on_the_page_and_its_address_shown_once(client, ada):
    client.force_login(ada)
    page = client.post(reverse("integrations:make_calendar")).content.decode()
    address = page.partition("<code>")[2].partition("</code>")[0]
    assert address.startswith("http://testserver/calendar/cs_")
    client.logout()
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")


def test_planned_posts_stand_in_the_calendar_in_utc_with_their_first_words(feed_of, write, ada):
    text = "A shed,\r\nsemi;colon\nEND:VEVENT and " + "word " * 50
    submission = write(text.replace("\r\n", "\n"), window_from=TEN)
    write("Not planned for a time.")
    event, *others = events(feed_of(ada))
    assert others == []
    assert event.start == dt.datetime(2030, 3, 31, 8, tzinfo=dt.UTC)
    assert event.end - event.start == dt.timedelta(hours=1)
    summary = str(event["summary"])
    assert summary == "In review: A shed, semi;colon END:VEVENT and word word word word word…"
    assert str(event["status"]) == "TENTATIVE"
    assert str(event["uid"]).startswith(str(submission.pk))


def test_who_sees_a_planned_post_in_the_calendar(feed_of, write, rex, ada, zoe, lea):
    write(window_from=TEN, window_until=TEN + dt.timedelta(hours=3))
    assert [len(events(feed_of(who))) for who in [ada, rex, zoe, lea]] == [1, 1, 0, 0]


def test_a_cleared_post_is_confirmed_and_one_taken_back_is_gone(feed_of, write, rex, ada):
    submission = write(window_from=TEN)
    seen = submission.revision.digest
    posts.decide(submission, actor=rex, verdict="clear", seen=seen)
    assert str(events(feed_of(ada))[0]["status"]) == "CONFIRMED"
    posts.withdraw(submission, actor=ada, seen=seen)
    assert events(feed_of(ada)) == []


def test_what_has_not_changed_is_not_sent_again(client, token_of, write, ada):
    write(window_from=TEN)
    path = reverse("integrations:calendar", args=[token_of(ada, "calendar")])
    first = client.get(path)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    write("One more.", window_from=TEN)
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, len(events(again))) == (200, 2)


@pytest.mark.parametrize("why", ["revoked", "left", "other scope", "guessed"])
def test_an_address_that_does_not_stand_is_not_found(client, token_of, ada, amin, why):
    secret = token_of(ada, "read" if why == "other scope" else "calendar")
    if why == "revoked":
        actions.revoke_token(Token.objects.get(), actor=ada)
    if why == "left":
        people.deactivate(ada, actor=amin)
    if why == "guessed":
        secret = "cs_" + "A" * 43
    assert client.get(reverse("integrations:calendar", args=[secret])).status_code == 404


def test_a_calendars_token_opens_nothing_else(client, token_of, ada):
    headers = {"authorization": f"Bearer {token_of(ada, 'calendar')}"}
    assert client.get("/api/v1/channels", headers=headers).status_code == 403
