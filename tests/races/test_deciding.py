"""Two people at once: never two winners (invariant 2). 100 rounds for each pair of acts, on either database."""

import datetime as dt
import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from guardian.shortcuts import assign_perm

from approvals import actions, judging, officers, publishing, recalling, shelving
from approvals.appealing import appeal
from approvals.errors import AlreadyJudgedError, RefusedPostError, TextChangedError
from approvals.models import (
    Appeal,
    Channel,
    Clearance,
    FindingVerdict,
    Review,
    Settlement,
    Submission,
)
from approvals.states import State
from organization.models import Person
from policy_builder.models import Provision
from tests.approvals.small_policy import issue_small_policy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 100
LOST = (
    TextChangedError,
    AlreadyJudgedError,
    RefusedPostError,
    TransitionNotAllowed,
    PermissionDenied,
)


HELLO = {
    "name": "hello",
    "kind": "claims",
    "category": "style",
    "severity": "review",
    "message": "Who says hello?",
    "params": {"find": ["hello"]},
}


@pytest.fixture
def desk(company, lea, quinn, ada, rex, petra):
    """A policy in force and a channel that two people review."""
    issue_small_policy(drafter=lea, approver=quinn, checks=[HELLO])
    channel = Channel.objects.create(name="Own LinkedIn", network="linkedin")
    for reviewer in [rex, petra]:
        assign_perm("approvals.review_channel", reviewer, channel)
    return channel


def both(one, other):
    """Run two acts at the same moment in two threads; how many of them won."""
    start, won, broke = threading.Barrier(2), [], []

    def run(act):
        start.wait()
        try:
            act()
            won.append(act)
        except LOST:
            pass
        except Exception as error:  # noqa: BLE001  reported by the assertion below
            broke.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broke == []
    return len(won)


def waiting_post(ada, channel):
    return actions.submit(
        actor=ada, key=uuid.uuid4(), text=f"Hello {uuid.uuid4()}", channels=[channel]
    )


def test_i02_two_reviewers_clear_once(desk, ada, rex, petra):
    for _ in range(ROUNDS):
        post = waiting_post(ada, desk)
        seen = post.revision.digest

        def clear(actor, post=post, seen=seen):
            return lambda: actions.decide(post, actor=actor, verdict="clear", seen=seen)

        assert both(clear(rex), clear(petra)) == 1
    assert Clearance.objects.count() == Review.objects.count() == ROUNDS


def test_i02_a_clearance_never_covers_an_edit_that_nobody_saw(desk, ada, rex):
    for _ in range(ROUNDS):
        post = waiting_post(ada, desk)
        seen = post.revision.digest
        both(
            lambda post=post, seen=seen: actions.decide(
                post, actor=rex, verdict="clear", seen=seen
            ),
            lambda post=post, seen=seen: actions.revise(
                post, actor=ada, seen=seen, text=f"Edited {uuid.uuid4()}", channels=[desk]
            ),
        )
        post = Submission.objects.select_related("revision", "clearance").get(pk=post.pk)
        assert post.state != State.CLEARED or post.clearance.revision_id == post.revision_id
        valid = [
            one for one in Clearance.objects.filter(revision__submission=post) if one.is_valid()
        ]
        assert [one.revision_id for one in valid] in ([], [post.revision_id])


def test_i02_a_finding_is_judged_once_and_settled_once(desk, ada, rex, petra):
    for _ in range(ROUNDS):
        post = waiting_post(ada, desk)
        seen, hit = post.revision.digest, post.revision.hits.get()

        def judge(actor, outcome, post=post, seen=seen, hit=hit):
            said = judging.Said({hit.pk: judging.Opinion(outcome, "It is a greeting.")})
            return lambda: judging.judge(post, actor=actor, seen=seen, said=said)

        assert both(judge(rex, judging.OVERRULED), judge(petra, judging.OVERRULED)) == 1
    assert FindingVerdict.objects.count() == Settlement.objects.count() == ROUNDS


def test_i02_two_posts_with_the_same_words_settle_them_once(desk, ada, rex):
    for number in range(ROUNDS // 4):
        text = f"Hello to the same number {number}"
        posts = [
            actions.submit(actor=ada, key=uuid.uuid4(), text=text, channels=[desk])
            for _ in range(2)
        ]

        def judge(post):
            said = judging.Said(
                {post.revision.hits.get().pk: judging.Opinion(judging.OVERRULED, "A greeting.")}
            )
            seen = post.revision.digest
            return lambda: judging.judge(post, actor=rex, seen=seen, said=said)

        assert both(*map(judge, posts)) == 2
        assert Settlement.objects.count() == number + 1


def test_no_copy_stays_cleared_on_a_word_that_was_recalled(desk, ada, rex, rita, petra, quinn):
    desk.is_official = True  # so that a copy is green only because Rex cleared the first
    desk.save()
    officers.give_standing_approval(
        actor=quinn,
        units=[petra.unit],
        channels=[desk],
        daily_cap=ROUNDS,
        sampling_percent=0,
        ends_at=timezone.now() + dt.timedelta(days=1),
    )
    for _ in range(ROUNDS):
        first = waiting_post(ada, desk)
        text = first.revision.text
        first = actions.decide(first, actor=rex, verdict="clear", seen=first.revision.digest)
        key = uuid.uuid4()
        both(
            lambda first=first: recalling.recall(first, actor=rita, reason="Wrong."),
            lambda key=key, text=text: actions.submit(
                actor=petra, key=key, text=text, channels=[desk]
            ),
        )
        copy = Submission.objects.get(pk=key)
        assert copy.state in {State.RECALLED, State.IN_REVIEW}


def test_nobody_is_green_by_what_was_taken_off_the_shelf_before(desk, ada, rex, petra, quinn):
    desk.is_official = True  # so that a share is green only by the shelf
    desk.save()
    assign_perm("approvals.review_channel", petra, desk)
    officers.give_standing_approval(
        actor=quinn,
        units=[ada.unit],
        channels=[desk],
        daily_cap=2 * ROUNDS,
        sampling_percent=0,
        ends_at=timezone.now() + dt.timedelta(days=1),
    )
    bo = Person.objects.create_user("bo@acme.example", "Bo", ada.unit)
    for number in range(ROUNDS // 2):
        text = f"Meet Ada at stand number {number} in Denver."
        source = actions.submit(actor=ada, key=uuid.uuid4(), text=text, channels=[desk])
        seen = source.revision.digest
        source = actions.decide(source, actor=rex, verdict="clear", seen=seen)
        template = text.replace("Ada", "{name}").replace("Denver", "{city}")
        item = shelving.put(source, actor=petra, seen=seen, title="Stand", template=template)
        key = uuid.uuid4()
        shared = text.replace("Ada", "Bo")
        both(
            lambda item=item: shelving.retire(item, actor=petra, reason="Over."),
            lambda key=key, shared=shared: actions.submit(
                actor=bo, key=key, text=shared, channels=[desk]
            ),
        )
        copy = Submission.objects.get(pk=key)
        item.refresh_from_db()
        assert item.state == "retired"
        assert copy.state in {State.CLEARED, State.IN_REVIEW}
        if copy.state == State.CLEARED:
            assert copy.entry_id < item.entry_id


def test_a_recall_and_a_report_at_once_leave_one_order(desk, ada, rex, rita):
    for _ in range(ROUNDS // 2):
        post = waiting_post(ada, desk)
        seen = post.revision.digest
        post = actions.decide(post, actor=rex, verdict="clear", seen=seen)
        both(
            lambda post=post: recalling.recall(post, actor=rita, reason="Wrong."),
            lambda post=post, seen=seen: publishing.publish(post, actor=ada, seen=seen),
        )
        post.refresh_from_db()
        assert post.state == State.RECALLED
        first = post.clearance.publications.first()
        assert first is None or first.first_used_at < post.clearance.recalled_at


def test_two_presses_of_an_appeal_are_one(desk, ada, rex):
    provision = Provision.objects.first()
    for _ in range(ROUNDS // 4):
        post = waiting_post(ada, desk)
        seen = post.revision.digest
        post = actions.decide(
            post,
            actor=rex,
            verdict="decline",
            seen=seen,
            reason="No.",
            provision=provision,
        )
        both(*[lambda post=post, seen=seen: appeal(post, actor=ada, seen=seen, reason="Why?")] * 2)
        assert Appeal.objects.filter(revision=post.revision).count() == 1
