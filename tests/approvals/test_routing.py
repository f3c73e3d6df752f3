"""One owner, the right one."""

import datetime as dt
from uuid import UUID

import pytest

from approvals.route_rules import REGISTRATION, SKILL
from approvals.routes import Stage
from approvals.routing import Candidate, choose_owner, in_words, ranked


def candidate(number: int, **facts) -> Candidate:
    facts = {
        "is_author": False,
        "is_at_work": True,
        "waiting": 0,
        "reports_to_author": False,
        "registration": "",
    } | facts
    return Candidate(person=UUID(int=number), **facts)


def test_the_least_loaded_reviewer_at_work_owns_it():
    busy, free, away = candidate(1, waiting=3), candidate(2), candidate(3, is_at_work=False)
    assert choose_owner([busy, away, free]) == free


def test_somebody_away_owns_it_before_nobody_does():
    away = candidate(1, is_at_work=False)
    assert choose_owner([away]) == away


@pytest.mark.parametrize("fact", ["is_author", "is_co_author", "reports_to_author", "has_agreed"])
@pytest.mark.parametrize("stage", [Stage(), Stage(votes=3), Stage(everybody=True)])
def test_i03_neither_who_wrote_it_nor_who_reports_to_the_author_owns_it(fact, stage):
    assert choose_owner([candidate(1, **{fact: True})], stage) is None


def test_static_content_of_a_broker_dealer_waits_for_a_registered_principal():
    """FINRA 2210(b)(1)."""
    plain, principal = candidate(1), candidate(2, waiting=9, registration="FINRA principal")
    assert choose_owner([plain, principal], Stage(REGISTRATION)) == principal
    assert choose_owner([plain], Stage(REGISTRATION)) is None
    assert choose_owner([principal], Stage(REGISTRATION, "Series 24")) is None


def test_a_skill_is_asked_of_reviewers_at_no_desk_too_and_however_it_is_written():
    plain = candidate(1)
    lawyer = candidate(2, waiting=9, on_desk=False, skills=frozenset({"legal"}))
    assert ranked([plain, lawyer], Stage(SKILL, "Legal")) == [lawyer]
    assert ranked([plain, lawyer]) == [plain]


def test_the_same_candidates_in_any_order_give_the_same_owner():
    one, other = candidate(1), candidate(2)
    assert choose_owner([one, other]) == choose_owner([other, one])


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "a minute"),
        (0.2, "a minute"),
        (1.1, "2 minutes"),
        (119, "119 minutes"),
        (120, "2 hours"),
        (121, "3 hours"),
        (2879, "48 hours"),
        (2881, "3 days"),
    ],
)
def test_a_wait_is_told_as_people_say_it(minutes, words):
    assert in_words(dt.timedelta(minutes=minutes)) == words
