"""Posts are screened by what we watch for, at once; nobody learns more from it than they typed."""

import datetime as dt
import json
import uuid

import pytest
from django.utils import timezone

from approvals import actions, duties
from approvals.errors import RefusedPostError
from approvals.models import Screening, Submission
from approvals.screening import screen
from clause_library.lists import lists_of
from ledger.models import Entry
from organization import watching
from organization.models import Company, Notice, WatchedName
from tests.approvals.small_policy import issue_small_policy

CHECKS = [
    {
        "name": "names-we-keep",
        "kind": "listed_names",
        "category": "confidential",
        "severity": "block",
        "message": "This name stays with us for now.",
        "params": {"lists": ["project_names", "unannounced_customers"]},
    },
    {
        "name": "quiet-period",
        "kind": "quiet_period",
        "category": "material_nonpublic",
        "severity": "block",
        "message": "A quiet period is on.",
        "params": {"own": ["we", "our"], "topics": {"results": ["sales"]}},
    },
    {
        "name": "credentials",
        "kind": "credentials",
        "category": "confidential",
        "severity": "block",
        "message": "A key.",
        "params": {"detect": ["cloud_key", "password"]},
    },
]


@pytest.fixture
def edition(company, lea, quinn):
    """A policy that looks for listed names, quiet periods and keys."""
    return issue_small_policy(drafter=lea, approver=quinn, checks=CHECKS)


@pytest.fixture
def keep(lea):
    """Put names on the list of projects."""
    return lambda *names: watching.add_names(actor=lea, which="project_names", names=names)


@pytest.fixture
def quiet(lea):
    """Close results for a while, from so many hours from now to so many."""

    def quiet(first=-1, last=1, **said):
        now = timezone.now().replace(tzinfo=None)
        hours = [now + dt.timedelta(hours=n) for n in (first, last)]
        unit = lea.unit
        unit.time_zone = "UTC"
        window = watching.Window(unit, *hours)
        return watching.add_quiet_period(
            actor=lea, key=uuid.uuid4(), window=window, topics=["results"], **said
        )

    return quiet


def checks_of(text, author, at=None):
    return [one["check"] for one in screen(text, author, [], at).findings]


def test_a_name_counts_from_the_moment_it_is_added_until_it_is_ended(edition, ada, lea, keep):
    text = "We start with project larkspur."
    assert checks_of(text, ada) == []
    keep("Project Larkspur")
    assert checks_of(text, ada) == ["names-we-keep"]
    watching.end_names(actor=lea, names=WatchedName.objects.all())
    assert checks_of(text, ada) == []


def test_a_quiet_period_counts_only_while_it_is_open(edition, ada, quiet):
    period = quiet(1, 2)
    text, second = "Our sales are up.", dt.timedelta(seconds=1)
    moments = [
        period.starts_at - second,
        period.starts_at,
        period.ends_at - second,
        period.ends_at,
    ]
    assert [bool(checks_of(text, ada, at)) for at in moments] == [False, True, True, False]


def test_the_lists_are_read_once_for_each_stamp(keep, quiet, django_assert_num_queries):
    keep("Project Larkspur")
    quiet()
    company = Company.current()
    with django_assert_num_queries(2):
        lists_of(company)
    with django_assert_num_queries(0):
        assert lists_of(company).listed == {"project_names": ("Project Larkspur",)}


def test_a_post_with_a_key_or_password_is_refused_and_nothing_is_stored(write):
    before = Entry.objects.count()
    for text in ["Use AKIAFAKEFAKEFAKEFAKE here.", "The one: password: Not-Real1"]:
        with pytest.raises(RefusedPostError, match="password or key"):
            write(text)
    assert (Submission.objects.count(), Entry.objects.count()) == (0, before)


def test_an_author_is_told_no_more_than_they_typed(edition, ada, channel, keep, quiet, client):
    keep("Project Larkspur", "BlueHeron")
    quiet(issuer="Initrode", also_called=["INTR"], reason="We want to buy them.")
    client.force_login(ada)
    text = "We start with BlueHeron. Initrode and its sales!"
    answers = [
        client.post("/posts/screen/", {"text": text, "channels": [channel.pk]}),
        client.post(
            "/posts/new/",
            {"key": uuid.uuid4(), "text": text, "channels": [channel.pk]},
            follow=True,
        ),
    ]
    live = answers[0].content.decode()
    assert "This name stays with us for now." in live
    assert "A quiet period is on." in live
    for answer in answers:
        page = answer.content.decode()
        for secret in ("arkspur", "INTR", "buy them"):
            assert secret not in page
    kept = json.dumps([one.findings for one in Screening.objects.all()])
    assert "arkspur" not in kept
    assert "INTR" not in kept


def test_a_post_under_way_is_looked_at_again_when_a_name_is_added(write, keep, quiet, ada, rex):
    innocent, telling = write("We opened a bike shed."), write("We start with BlueHeron.")
    keep("BlueHeron")
    duties.rescreen_for_lists()
    telling.refresh_from_db()
    assert (telling.lane, telling.revision.screenings.count()) == ("red", 2)
    assert innocent.revision.screenings.count() == 1
    assert {notice.event for notice in Notice.objects.filter(person=ada)} == {"rescreened"}
    told = Notice.objects.filter(event="rescreened").values_list("context", flat=True)
    assert "lueHeron" not in json.dumps(list(told))
    duties.rescreen_for_lists()
    assert telling.revision.screenings.count() == 2


def test_a_cleared_post_is_decided_again_and_backed_only_by_the_new_answer(write, keep, rex):
    post = write("We start with BlueHeron.")
    post = actions.decide(post, actor=rex, verdict="clear", seen=post.revision.digest)
    first = post.clearance
    keep("BlueHeron")
    duties.rescreen_for_lists()
    first.refresh_from_db()
    post.refresh_from_db()
    assert (post.state, post.clearance, first.is_valid()) == ("in_review", None, False)
    post = actions.decide(post, actor=rex, verdict="clear", seen=post.revision.digest)
    assert post.clearance.is_valid()
    assert post.revision.reviews.count() == 2


def test_a_post_under_way_is_looked_at_again_when_a_quiet_period_begins(write, quiet):
    post = write("Our sales are up.")
    period = quiet(1, 3)
    duties.rescreen_for_lists()
    assert post.revision.screenings.count() == 1
    type(period).objects.update(starts_at=timezone.now())
    Company.objects.update(lists_stamp=uuid.uuid4())
    duties.rescreen_for_lists()
    post.refresh_from_db()
    assert (post.lane, post.revision.screenings.count()) == ("red", 2)
