"""Where a post is out, since when, and whether what stands there is what was cleared."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from approvals import actions, duties, recalling
from approvals.background import record_of
from approvals.errors import RefusedPostError, TextChangedError
from approvals.models import Channel, Publication
from approvals.publishing import Report, publish
from approvals.states import State
from ledger.models import Entry
from organization.models import Notice
from tests.approvals.after import clear

TEXT = "We opened a bike shed today."
URL = "https://social.example/posts/1"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def cleared(submission, rex):
    """Ada's post, cleared by Rex an hour ago."""
    with time_machine.travel(timezone.now() - HOUR, tick=False):
        return clear(submission, rex)


def report(submission, who, channel=None, **said):
    seen = submission.revision.digest
    return publish(submission, actor=who, seen=seen, channel=channel, report=Report(**said))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (TEXT, "equal"),
        (f"{TEXT} ", "folded"),
        (f"{TEXT}\n", "typography"),
        ("We opened a bike shed tod\u0430y.", "different"),
        ("", "not_compared"),
    ],
)
def test_what_stands_there_is_compared_with_what_was_cleared(cleared, ada, text, verdict):
    publication = report(cleared, ada, url=URL, text=text)
    cleared.refresh_from_db()
    assert (cleared.state, publication.verdict) == (State.PUBLISHED, verdict)
    assert (publication.difference is not None) == (verdict == "different")
    data = publication.entry.content["data"]
    assert (data["verdict"], data["channel"]) == (verdict, publication.channel_id)


def test_a_bare_link_is_not_compared_until_the_text_follows(cleared, ada):
    first = report(cleared, ada, url=URL)
    second = report(cleared, ada, text=TEXT)
    assert (first.verdict, second.verdict, second.url) == ("not_compared", "equal", URL)
    assert first.first_used_at == second.first_used_at
    types = list(Entry.objects.order_by("pk").values_list("type", flat=True))[-2:]
    assert types == ["submission.publish", "submission.report_use"]


def test_i11_the_same_report_twice_is_one_row_and_one_entry(cleared, ada):
    first = report(cleared, ada, url=URL, text=TEXT)
    before = Entry.objects.count()
    assert report(cleared, ada, url=URL, text=TEXT) == first
    assert (Publication.objects.count(), Entry.objects.count()) == (1, before)


def test_first_and_last_use_are_kept_as_finra_2210_b_4_wants(cleared, ada):
    now = timezone.now()
    report(cleared, ada, first_used_at=now - HOUR / 2)
    last = report(cleared, ada, last_used_at=now)
    assert (last.first_used_at, last.last_used_at) == (now - HOUR / 2, now)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"first_used_at": -2 * DAY}, "begins on"),
        ({"first_used_at": DAY}, "not come yet"),
        ({"last_used_at": DAY}, "not come yet"),
        ({"last_used_at": -HOUR}, "after the first"),
        ({"url": "javascript:alert(1)"}, "not a link"),
        ({"url": "https://example.org/" + "x" * 600}, "not a link"),
        ({"text": "a\x00b"}, "control character"),
        ({"text": "x" * 100_001}, "100,000"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(cleared, ada, said, says):
    now = timezone.now()
    given = {key: now + of if isinstance(of, dt.timedelta) else of for key, of in said.items()}
    with pytest.raises(RefusedPostError, match=says):
        report(cleared, ada, **given)
    cleared.refresh_from_db()
    assert (cleared.state, Publication.objects.count()) == (State.CLEARED, 0)


def test_minutes_are_fine_although_a_clearance_begins_within_one(cleared, ada):
    minute = cleared.clearance.starts_at.replace(second=0, microsecond=0)
    assert report(cleared, ada, first_used_at=minute).first_used_at == minute


@pytest.mark.parametrize("who", ["rex", "rita", "amin", "zoe"])
def test_only_its_author_reports(cleared, who, request):
    with pytest.raises(PermissionDenied):
        report(cleared, request.getfixturevalue(who))
    assert not Publication.objects.exists()


def test_a_post_that_waits_is_not_reported(submission, ada):
    with pytest.raises(TransitionNotAllowed):
        report(submission, ada)


def test_i02_a_report_is_bound_to_the_text_on_the_screen(cleared, ada):
    with pytest.raises(TextChangedError):
        publish(cleared, actor=ada, seen="0" * 64)


def test_before_its_time_has_come_a_post_is_not_out(write, rex, ada):
    later = clear(write(window_from=timezone.now() + DAY), rex)
    with pytest.raises(RefusedPostError, match="may not go out before"):
        report(later, ada)


def test_after_its_end_only_what_went_out_before_can_be_reported(cleared, ada):
    ends_at = cleared.clearance.ends_at
    with time_machine.travel(ends_at + DAY, tick=False):
        actions.lapse(cleared, at=ends_at)
        with pytest.raises(RefusedPostError, match="has ended"):
            report(cleared, ada)
        assert report(cleared, ada, first_used_at=ends_at - DAY).verdict == "not_compared"
    cleared.refresh_from_db()
    assert cleared.state == State.LAPSED


def test_after_a_recall_too(cleared, ada, rita):
    recalling.recall(cleared, actor=rita, reason="Wrong.")
    cleared.refresh_from_db()
    with pytest.raises(RefusedPostError, match="has ended"):
        report(cleared, ada)
    assert report(cleared, ada, first_used_at=timezone.now() - HOUR / 2)


def test_each_channel_is_asked_by_itself(write, channel, rex, ada):
    other = Channel.objects.create(name="Own X", network="x")
    post = write(channels=[channel, other])
    post.channels.set([channel])  # so that Rex may decide
    post = clear(post, rex)
    post.channels.set([channel, other])
    with pytest.raises(RefusedPostError, match="on which"):
        report(post, ada)
    report(post, ada, channel, text=TEXT)
    post.refresh_from_db()
    assert report(post, ada, other).verdict == "not_compared"
    stranger = Channel.objects.create(name="Blog", network="blog")
    with pytest.raises(RefusedPostError, match="on which"):
        report(post, ada, stranger)


def test_the_records_officer_learns_of_other_words_once(cleared, ada, rita):
    for _ in range(2):
        report(cleared, ada, text="We opened a bar today.")
    (notice,) = Notice.objects.filter(event="published_differs")
    assert notice.person == rita
    assert notice.context["published"] == "U+0061 LATIN SMALL LETTER A"


def test_other_words_count_against_their_author_until_they_are_mended(cleared, ada):
    now = timezone.now()
    report(cleared, ada, text="We opened a bar today.")
    assert record_of(ada, now).days_since_setback is not None
    report(cleared, ada, text=TEXT)
    assert record_of(ada, now).days_since_setback is None


def test_a_short_link_of_the_network_counts_against_nobody(write, rex, ada, rita):
    post = clear(write("Read https://example.org/long now."), rex)
    assert report(post, ada, text="Read https://lnkd.in/abc now.").verdict == "not_compared"
    assert record_of(ada, timezone.now()).days_since_setback is None
    assert not Notice.objects.filter(event="published_differs").exists()


def test_an_author_is_asked_after_three_days_and_warned_before_the_end_each_once(cleared, ada):
    begins, ends = cleared.clearance.starts_at, cleared.clearance.ends_at

    def told(at):
        for _ in range(2):
            duties.remind_authors(at)
        events = Notice.objects.filter(event__in=["not_reported", "ends_soon"])
        return list(events.order_by("created_at").values_list("event", flat=True))

    assert told(begins + 3 * DAY - HOUR) == []
    assert told(begins + 3 * DAY) == ["not_reported"]
    assert told(ends - 3 * DAY - HOUR) == ["not_reported"]
    assert told(ends - 3 * DAY) == ["not_reported", "ends_soon"]
    assert set(Notice.objects.filter(event="ends_soon").values_list("person", flat=True)) == {
        ada.pk
    }


def test_whoever_has_reported_is_not_reminded(cleared, ada):
    report(cleared, ada)
    duties.remind_authors(cleared.clearance.ends_at - HOUR)
    assert not Notice.objects.filter(event__in=["not_reported", "ends_soon"]).exists()


def test_a_short_clearance_warns_in_its_last_quarter(write, rex):
    post = clear(write(window_until=timezone.now() + 4 * HOUR), rex)
    length = post.clearance.ends_at - post.clearance.starts_at
    assert post.clearance.warn_at() == post.clearance.starts_at + length * 3 / 4
