"""The shipped library on labelled posts: the bars that screening is held to."""

from pathlib import Path

import pytest

from approvals.management.commands import score_checks
from approvals.management.commands.screen import shipped_screener

POSTS = Path(__file__).with_name("posts.tsv")


@pytest.fixture(scope="module")
def scored():
    rows = score_checks.rows_of(str(POSTS))
    return [score_checks.score(row, shipped_screener(), ("Acme",), ("Globex",)) for row in rows]


def share(scored, part, *whole):
    outcomes = [one.outcome for one in scored]
    return outcomes.count(part) / sum(map(outcomes.count, whole))


def test_nine_of_ten_flags_are_right(scored):
    assert share(scored, "hit", "hit", "wrong") >= 0.90


def test_most_posts_that_need_a_look_are_found(scored):
    assert share(scored, "hit", "hit", "missed") >= 0.85


def test_protected_speech_is_never_flagged(scored):
    protected = [one for one in scored if one.category == "protected_activity"]
    assert [one.text for one in protected if one.outcome == "wrong"] == []
