"""What a clause version would change in decided posts, before it is issued."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm

from approvals import actions, judging, recalling, replay
from approvals.models import Replay, Screening, Submission
from clause_library import actions as library
from clause_library.models import Clause
from ledger.models import Entry
from organization.roles import Role
from tests.approvals.small_policy import issue_small_policy
from tests.approvals.test_judging import BECAUSE, CHECKS, said_of, wording
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
OLD, NEW = "Acme fully supports parents.", "We opened a bike shed today."


@pytest.fixture
def edition(company, lea, quinn):
    return issue_small_policy(drafter=lea, approver=quinn, checks=CHECKS)


@pytest.fixture
def decided(write, rex):
    """Three decided posts: one that the check finds, one that it does not, one with a promise."""
    posts = [write(text) for text in (OLD, NEW, "It is guaranteed.")]
    for post in posts:
        actions.decide(post, actor=rex, verdict="clear", seen=post.revision.digest)
    return posts


def draft(lea, checks, name="good-faith"):
    version = library.start_version(Clause.objects.get(name=name), actor=lea)
    return library.write(version, actor=lea, seen=version.digest, checks=checks)


@pytest.fixture
def version(lea, decided):
    """A draft that asks about sheds, and no longer about statements."""
    return draft(lea, [wording("sheds", "block", "bike shed"), *CHECKS[1:]])


def replayed(version, actor, run_tasks, most=200):
    asked = judging.ask_for_replay(version, actor=actor, most=most)
    run_tasks()
    asked.refresh_from_db()
    return asked


def test_a_replay_says_what_would_come_and_go_with_the_lanes(
    version, decided, lea, rex, run_tasks, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        asked = judging.ask_for_replay(version, actor=lea, most=200)
    replay.run(asked.pk)
    asked.refresh_from_db()
    assert (asked.done, asked.of, asked.problem) == (3, 3, "")
    changed = {one.submission.pk: one for one in replay.changed_by(asked, rex)}
    gone, new = changed[decided[0].pk], changed[decided[1].pk]
    assert [one.check for one in gone.gone] == ["voice"]
    assert (gone.before, gone.after, gone.is_no_longer_flagged) == ("amber", "green", True)
    assert [(one.check, one.start, one.end) for one in new.new] == [("sheds", 12, 21)]
    assert (new.before, new.after, new.is_newly_flagged) == ("green", "red", True)
    assert len(changed) == 2


def run(version, actor, most=200):
    asked = judging.ask_for_replay(version, actor=actor, most=most)
    replay.run(asked.pk)
    asked.refresh_from_db()
    return asked


def test_a_replay_changes_no_post_and_keeps_none_of_their_words(version, lea, decided):
    before = (Entry.objects.count(), Screening.objects.count())
    asked = run(version, lea)
    assert (Entry.objects.count(), Screening.objects.count()) == before
    kept = json.dumps(asked.changed)
    assert "parents" not in kept
    assert "shed " not in kept


def test_who_may_not_see_a_post_sees_only_that_it_would_change(version, lea, rex, decided):
    asked = run(version, lea)
    assert [one.submission for one in replay.changed_by(asked, lea)] == [None, None]
    assert all(one.submission for one in replay.changed_by(asked, rex))


def test_a_text_that_has_changed_since_is_not_marked(version, lea, rex, ada, decided, channel):
    asked = run(version, lea)
    post = Submission.objects.get(pk=decided[1].pk)
    actions.revise(
        post, actor=ada, seen=post.revision.digest, text="Another shed.", channels=[channel]
    )
    seen = {one.submission.pk for one in replay.changed_by(asked, rex) if one.submission}
    assert seen == {decided[0].pk}


def test_run_twice_it_says_the_same(version, lea, decided):
    asked = run(version, lea)
    first = asked.changed
    replay.run(asked.pk)
    Replay.objects.update(finished_at=None)
    replay.run(asked.pk)
    asked.refresh_from_db()
    assert asked.changed == first


def test_only_decided_posts_are_looked_at_and_no_more_than_asked(version, lea, decided, write):
    write("Another bike shed that waits.")
    assert run(version, lea).of == 3
    assert run(version, lea, most=2).of == 2


def test_a_replay_reads_a_post_as_its_author_wrote_it(lea, rex, edition, write):
    """Relation, channel and names: the same check for partners alone, or for another network, finds nothing."""
    post = write(NEW)
    actions.decide(post, actor=rex, verdict="clear", seen=post.revision.digest)
    sheds = wording("sheds", "block", "bike shed")
    for checks in (
        [sheds | {"channels": ["x"]}],
        [sheds | {"params": sheds["params"] | {"relation": ["partner"]}}],
    ):
        version = draft(lea, [*CHECKS, *checks])
        assert run(version, lea).changed == []
    assert len(run(draft(lea, [*CHECKS, sheds | {"channels": ["linkedin"]}]), lea).changed) == 1


def test_what_is_settled_does_not_hide_what_a_version_would_change(version, lea, decided, rex):
    post = Submission.objects.get(pk=decided[0].pk)
    judging.judge(post, actor=rex, seen=post.revision.digest, said=said_of(post, reason=BECAUSE))
    assert run(version, lea).changed[-1]["before"] == "amber"


def test_its_lanes_differ_by_the_check_alone(lea, rita, rex, write, channel):
    """What happened since to the author, or on the channel, moves neither lane."""
    post = write(OLD)
    actions.decide(post, actor=rex, verdict="clear", seen=post.revision.digest)
    recalling.recall(Submission.objects.get(pk=post.pk), actor=rita, reason="Wrong.")
    channel.is_official = True
    channel.save()
    assert write(NEW).lane == "amber"  # Ada is on watch, and the account is official
    changed = run(draft(lea, CHECKS[1:]), lea).changed
    assert [(one["before"], one["after"]) for one in changed] == [("amber", "green")]


def test_what_made_the_lane_then_still_does(lea, rex, write, channel):
    """On an official account the post waited with the finding, and would have waited without it."""
    channel.is_official = True
    channel.save()
    post = write(OLD)
    actions.decide(post, actor=rex, verdict="clear", seen=post.revision.digest)
    changed = run(draft(lea, CHECKS[1:]), lea).changed
    assert [(one["before"], one["after"]) for one in changed] == [("amber", "amber")]


def test_a_clause_that_no_policy_has_is_added(lea, decided, company):
    shelf = Clause.objects.first().category
    clause = Clause.objects.create(name="sheds", category=shelf)
    text = Clause.objects.get(name="good-faith").versions.first()
    version = text
    version.pk, version.clause, version.state, version.number = None, clause, "draft", 1
    version.checks = [wording("sheds", "review", "bike shed")]
    asked = Replay(version=version, checks=version.checks, most=5, asked_by=lea)
    pairs = replay._pairs(version, {decided[0].author.unit})
    (before, after) = pairs[decided[0].author.unit_id]
    difference = replay._difference(
        decided[1],
        replay._look(before, decided[1], company),
        replay._look(after, decided[1], company),
    )
    assert difference[0]["new"] == [(12, 21, "sheds", "sheds", "review")]
    assert asked.most == 5


def test_a_check_that_cannot_run_is_told_in_words(lea, decided):
    """Nobody saves one, but an older program may have."""
    version = draft(lea, [wording("sheds", "block", "shed")])
    version.checks = [wording("sheds", "block", "(unclosed")]
    version.save(update_fields=["checks"])
    asked = run(version, lea)
    assert "check sheds" in asked.problem
    assert asked.finished_at


def test_the_same_question_twice_is_one_replay(version, lea, quinn):
    first = judging.ask_for_replay(version, actor=lea, most=200)
    assert judging.ask_for_replay(version, actor=quinn, most=200) == first
    Replay.objects.update(asked_at=timezone.now() - dt.timedelta(minutes=6))
    assert judging.ask_for_replay(version, actor=lea, most=200) != first


@pytest.mark.parametrize("who", ["ada", "rex", "lea", "quinn", "max", "rita", "amin", "zoe"])
def test_who_replays(client, request, version, who):
    client.force_login(request.getfixturevalue(who))
    path = reverse("checks:replay", args=["good-faith", version.number])
    may = who in {"lea", "quinn"}
    assert client.get(path).status_code == (200 if may else 404)
    assert not Replay.objects.exists()
    assert client.post(path, {"most": "200"}).status_code == (302 if may else 404)
    assert Replay.objects.exists() == may


@pytest.mark.parametrize("most", ["", "501", "-1", "x"])
def test_another_number_of_posts_is_refused(client, version, lea, most):
    client.force_login(lea)
    path = reverse("checks:replay", args=["good-faith", version.number])
    assert client.post(path, {"most": most}).status_code == 200
    assert not Replay.objects.exists()


def test_the_page_says_how_far_it_is_and_then_what_was_found(client, version, lea):
    client.force_login(lea)
    path = reverse("checks:replay", args=["good-faith", version.number])
    client.post(path, {"most": "50"})
    page = client.get(path).content.decode()
    assert "0 of 50 posts looked at" in page
    assert 'data-refresh="2"' in page
    replay.run(Replay.objects.get().pk)
    page = client.get(path).content.decode()
    assert "Would be found" in page
    assert "A post that you may not see" in page
    Replay.objects.update(finished_at=None, asked_at=timezone.now() - dt.timedelta(minutes=6))
    assert "It has stopped on the way" in client.get(path).content.decode()


def test_the_page_costs_the_same_whatever_it_found(client, version, lea, write, rex):
    client.force_login(lea)
    path = reverse("checks:replay", args=["good-faith", version.number])
    run(version, lea, most=50)
    few = queries_of(client, path)
    for number in range(8):
        post = write(f"{NEW} {number}")
        actions.decide(post, actor=rex, verdict="clear", seen=post.revision.digest)
    run(version, lea, most=500)
    assert queries_of(client, path) == few


def test_the_clause_page_leads_there(client, version, lea):
    client.force_login(lea)
    page = client.get(reverse("clause_library:version", args=["good-faith", version.number]))
    assert reverse("checks:replay", args=["good-faith", version.number]) in page.content.decode()
    assert reverse("checks:check", args=["good-faith", "promise"]) in page.content.decode()


def test_who_may_see_a_post_sees_the_place_marked(client, version, lea, decided, channel):
    """Lea drafts, and sits at the channel's desk too."""
    lea.give(Role.REVIEWER)
    assign_perm("approvals.review_channel", lea, channel)
    run(version, lea)
    client.force_login(lea)
    path = reverse("checks:replay", args=["good-faith", version.number])
    page = client.get(path).content.decode()
    assert "<mark>bike shed</mark>" in page
    assert "<mark>Acme fully supports</mark> parents." in page
    assert "may not see" not in page
