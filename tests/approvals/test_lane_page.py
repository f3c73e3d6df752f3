"""The page of rules is the table of rules, for everybody who is signed in."""

import datetime as dt
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals import officers
from approvals.lane_rules import PROFILES
from approvals.lanes import DIGEST, rules_for
from organization.models import Unit
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
EVERYBODY = ["ada", "rex", "lea", "quinn", "max", "rita", "amin", "zoe"]


@pytest.mark.parametrize(("who", "status"), [(who, 200) for who in EVERYBODY] + [("nobody", 302)])
def test_who_may_read_the_rules(client, request, company, who, status):
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("lanes")).status_code == status


def test_the_page_says_every_rule_with_its_law(client, ada):
    client.force_login(ada)
    page = unescape(client.get(reverse("lanes")).content.decode())
    for profile in PROFILES:
        for rule in rules_for(profile):
            assert rule.says in page
            assert rule.law in page
    assert DIGEST in page
    assert "within 2 hours of working time" in page


@pytest.mark.parametrize("profile", Unit.Profile)
def test_the_rules_of_ones_own_unit_come_first(client, ada, profile):
    Unit.objects.update(profile=profile)
    client.force_login(ada)
    page = client.get(reverse("lanes")).content.decode()
    assert page.index(f"{profile.label}: the rules for Marketing") < page.index("other units")


def sign(quinn, unit, channel, **extra):
    return officers.give_standing_approval(
        actor=quinn,
        units=[unit],
        channels=[channel],
        daily_cap=7,
        sampling_percent=0,
        ends_at=timezone.now() + dt.timedelta(days=3),
        **extra,
    )


def test_standing_approvals_of_ones_own_unit_are_told(client, ada, quinn, channel, other_unit):
    client.force_login(ada)
    assert "None is in force" in client.get(reverse("lanes")).content.decode()
    sign(quinn, other_unit, channel)
    assert "None is in force" in client.get(reverse("lanes")).content.decode()
    sign(quinn, ada.unit, channel)
    assert "at most 7 a day" in client.get(reverse("lanes")).content.decode()


def test_the_page_costs_the_same_with_many_standing_approvals(client, ada, quinn, channel):
    client.force_login(ada)
    sign(quinn, ada.unit, channel)
    one = queries_of(client, reverse("lanes"))
    for _ in range(5):
        sign(quinn, ada.unit, channel)
    assert queries_of(client, reverse("lanes")) == one


def test_the_preview_tells_the_lane_why_who_and_by_when(client, edition, channel, ada):
    client.force_login(ada)
    post = {"text": "We opened a bike shed.", "channels": [channel.pk]}
    page = client.post(reverse("approvals:screen"), post).content.decode()
    assert "Why amber:" in page
    assert "No standing approval covers it, so a person looks." in page
    assert "Rex looks at it." in page
    assert "You have an answer by" in page
    assert f'href="{reverse("lanes")}"' in page


def test_while_a_post_waits_no_preview_promises_that_it_clears_at_once(
    client, write, channel, ada, quinn
):
    submission = write()
    sign(quinn, ada.unit, channel)
    client.force_login(ada)
    post = {"text": "Another text.", "channels": [channel.pk]}
    new = client.post(reverse("approvals:screen"), post).content.decode()
    assert "it is cleared at once" in new
    again = reverse("approvals:screen_again", args=[submission.pk])
    assert "it is cleared at once" not in client.post(again, post).content.decode()


def test_a_post_says_that_its_lane_replays(client, submission, rita):
    client.force_login(rita)
    page = client.get(reverse("approvals:submission", args=[submission.pk])).content.decode()
    assert "✓ It replays to the same answer." in page
    assert f"<code>{DIGEST[:8]}</code>" in page
