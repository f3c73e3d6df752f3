"""A settled finding in the lane: kept as what it counted for, beside protected speech, and in copies."""

import pytest
from django.urls import reverse

from approvals import actions, duties, judging
from approvals.evaluations import replayed
from approvals.models import LaneTable, Settlement, Submission
from approvals.preview import preview
from approvals.states import State
from tests.approvals.small_policy import issue_small_policy
from tests.approvals.test_actions import sign
from tests.approvals.test_judging import BECAUSE, CHECKS, TEXT, clear, said_of

pytestmark = pytest.mark.django_db
PROTECTED = "Union meeting on Thursday at six."


@pytest.fixture
def edition(company, lea, quinn):
    return issue_small_policy(drafter=lea, approver=quinn, checks=CHECKS)


@pytest.fixture
def settled(write, rex):
    """“Acme fully supports parents.” by Ada is settled by Rex."""
    post = write(TEXT)
    clear(post, rex, said_of(post))
    return Settlement.objects.get()


def test_the_evaluation_keeps_a_settled_finding_as_advice_and_replays(
    settled, write, quinn, ada, channel
):
    sign(quinn, ada, channel)
    post = write(f"{TEXT} Again!")
    screening = actions.latest_screening(post.revision)
    assert (post.state, screening.lane) == (State.CLEARED, "green")
    assert screening.findings[0]["severity"] == "review"
    assert screening.evaluation["inputs"]["severities"] == ["advice"]
    assert screening.evaluation["inputs"]["subjects"] == []
    assert replayed(screening).is_same
    assert LaneTable.objects.count() == 1


def test_once_it_is_lifted_the_former_evaluation_still_replays(settled, write, quinn, ada, channel):
    sign(quinn, ada, channel)
    post = write(f"{TEXT} Again!")
    former = actions.latest_screening(post.revision)
    judging.lift(settled, actor=settled.settled_by)
    duties.rescreen_after_lifting()
    post = Submission.objects.get(pk=post.pk)
    latest = actions.latest_screening(post.revision)
    assert (post.state, latest.lane) == (State.IN_REVIEW, "amber")
    assert latest.evaluation["inputs"]["lane_before"] == "green"
    assert replayed(former).is_same
    assert replayed(latest).is_same


def test_beside_protected_speech_settled_words_need_nobody(settled, write, ada, channel):
    mixed = f"{TEXT} {PROTECTED}"
    assert preview(mixed, ada, [channel]).lane == "not_ours"
    assert write(mixed) is None
    judging.lift(settled, actor=settled.settled_by)
    assert preview(mixed, ada, [channel]).rest == TEXT


def test_a_mixed_post_kept_together_shows_its_reviewer_each_finding_once(write, client, rex):
    post = write(f"{TEXT} {PROTECTED}", together=True)
    client.force_login(rex)
    page = client.get(reverse("approvals:review", args=[post.pk])).content.decode()
    assert page.count('id="finding-0"') == page.count("voice looks at this.") == 1
    assert "Judge this finding by itself" in page
    assert f'<blockquote class="passage">{PROTECTED}</blockquote>' in page


def test_the_page_of_a_post_tells_what_was_noticed_and_why_the_lane(settled, client, ada):
    client.force_login(ada)
    post = settled.verdict.hit.revision.submission
    page = client.get(reverse("approvals:submission", args=[post.pk])).content.decode()
    assert "What was noticed" in page
    assert BECAUSE in page
    assert "Why amber" in page
    assert "A finding asks for a fix, or for a reviewer&#39;s look." in page
    assert "It replays to the same answer." in page
