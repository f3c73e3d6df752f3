"""A post is screened by the checks that its edition has, and by no others."""

import pytest

from approvals.models import Channel
from approvals.screening import screen
from tests.approvals.small_policy import issue_small_policy

FROGS = {
    "kind": "tone",
    "category": "style",
    "severity": "advice",
    "message": "No frogs.",
    "params": {"phrases": ["frog"]},
    "examples": {"match": ["A frog."], "pass": ["A newt."]},
}
CHECKS = [
    FROGS | {"name": "frogs-us", "jurisdictions": ["us"]},
    FROGS | {"name": "frogs-gb", "jurisdictions": ["gb"], "category": "text"},
    FROGS | {"name": "frogs-anywhere", "jurisdictions": ["any"], "category": "ip"},
    FROGS | {"name": "frogs-on-x", "channels": ["x"], "category": "health"},
]


@pytest.mark.parametrize("place", ["us", "gb"])
def test_an_edition_runs_the_checks_of_its_jurisdiction(place, ada, lea, quinn):
    issue_small_policy(drafter=lea, approver=quinn, checks=CHECKS, place=place)
    found = {finding["check"] for finding in screen("A frog!", ada, []).findings}
    assert found == {f"frogs-{place}", "frogs-anywhere"}


def test_two_checks_of_one_name_may_share_an_edition_where_only_one_holds(ada, lea, quinn):
    twins = [FROGS | {"name": "frogs", "jurisdictions": [place]} for place in ("us", "gb")]
    issue_small_policy(drafter=lea, approver=quinn, checks=twins, place="gb")
    assert [one["check"] for one in screen("A frog!", ada, []).findings] == ["frogs"]


def test_a_check_for_a_network_looks_only_at_posts_for_it(ada, lea, quinn, channel):
    issue_small_policy(drafter=lea, approver=quinn, checks=CHECKS)
    assert "frogs-on-x" not in {one["check"] for one in screen("A frog!", ada, [channel]).findings}
    also = Channel.objects.create(name="Own X", network="x")
    assert "frogs-on-x" in {one["check"] for one in screen("A frog!", ada, [also]).findings}


def test_a_post_for_several_networks_is_held_to_the_checks_of_each(ada, lea, quinn, channel):
    issue_small_policy(drafter=lea, approver=quinn, checks=CHECKS)
    also = Channel.objects.create(name="Own X", network="x")
    found = [one["check"] for one in screen("A frog!", ada, [channel, also]).findings]
    assert sorted(found) == ["frogs-anywhere", "frogs-on-x", "frogs-us"]
