"""The reviewer's desk: who may press what, what comes next, and what no opening of a page does."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm

from approvals import actions, claims, offers, similar, undoing, waiting
from approvals.errors import ClaimedError
from approvals.models import Channel, Clearance, Revision, Submission, Verdict
from approvals.states import State
from ledger.models import Entry
from tests.approvals.small_policy import issue_small_policy
from tests.approvals.test_offers import HELLO
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 3, 3, 15, 0, tzinfo=dt.UTC)


@pytest.fixture
def think_again(settings, time_machine):
    settings.COUNTERSIGN_UNDO_SECONDS = 10
    time_machine.move_to(NOW, tick=False)


def at(name, submission):
    return reverse(f"approvals:{name}", args=[submission.pk])


def clear(submission, actor):
    seen = submission.revision.digest
    return actions.decide(submission, actor=actor, verdict=Verdict.CLEAR, seen=seen)


WHO = ["rex", "ada", "petra", "rita", "zoe"]
PRESSES = {
    "offer": (302, 404, 404, 403, 404),
    "claim": (302, 404, 404, 403, 404),
    "screen_wording": (200, 404, 404, 200, 404),
}


@pytest.mark.parametrize(
    ("press", "who", "status"),
    [
        (press, who, one)
        for press, all_ in PRESSES.items()
        for who, one in zip(WHO, all_, strict=True)
    ],
)
def test_who_may_press_what_on_a_post_that_waits(press, who, status, client, request, submission):
    client.force_login(request.getfixturevalue(who))
    entries = Entry.objects.count()
    data = {"seen": submission.revision.digest, "text": "Better words.", "because": ""}
    assert client.post(at(press, submission), data).status_code == status
    assert (Entry.objects.count() > entries) == (status == 302)


@pytest.mark.parametrize(
    ("who", "status"), [("rex", 302), ("ada", 404), ("petra", 403), ("rita", 403), ("zoe", 404)]
)
def test_who_may_undo(who, status, client, request, submission, rex, petra, channel, think_again):
    assign_perm("approvals.review_channel", petra, channel)
    clear(submission, rex)
    client.force_login(request.getfixturevalue(who))
    assert client.post(at("undo", submission)).status_code == status
    submission.refresh_from_db()
    assert submission.state == (State.IN_REVIEW if status == 302 else State.CLEARED)


@pytest.mark.parametrize("press", ["accept", "turn_down"])
@pytest.mark.parametrize(("who", "status"), [("ada", 302), ("rex", 404), ("zoe", 404)])
def test_who_may_answer_an_offer(press, who, status, client, request, submission, rex):
    seen = submission.revision.digest
    offered = offers.offer(submission, actor=rex, seen=seen, text="Better.")
    client.force_login(request.getfixturevalue(who))
    answer = client.post(at(press, submission), {"seen": offered.wording.digest})
    submission.refresh_from_db()
    assert (answer.status_code, submission.state != State.OFFERED) == (status, status == 302)


def test_a_stale_accept_is_a_conflict(client, submission, rex, ada):
    offers.offer(submission, actor=rex, seen=submission.revision.digest, text="Better.")
    client.force_login(ada)
    assert client.post(at("accept", submission), {"seen": "0" * 64}).status_code == 409
    assert not Clearance.objects.exists()


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize(
    "name", ["review", "offer", "undo", "claim", "release", "accept", "turn_down", "answer"]
)
def test_i07_no_link_of_a_mail_decides_anything(method, name, client, submission, rex, ada):
    for person in (rex, ada):
        client.force_login(person)
        entries = Entry.objects.count()
        getattr(client, method)(at(name, submission))
        getattr(client, method)(at(name, submission), headers={"Sec-Purpose": "prefetch"})
        submission.refresh_from_db()
        assert (Entry.objects.count(), submission.state) == (entries, State.IN_REVIEW)
        assert submission.claimed_by is None


def test_a_mails_link_asks_to_sign_in_and_comes_back_to_the_post(client, submission, rex):
    path = at("review", submission)
    assert rex.notices.get(event="review_wanted").path == path
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('organization:sign_in')}?next={path}"


def test_a_post_without_the_sessions_own_token_decides_nothing(submission, rex):
    scanner = Client(enforce_csrf_checks=True)
    scanner.force_login(rex)
    data = {"verdict": "clear", "seen": submission.revision.digest}
    assert scanner.post(at("review", submission), data).status_code == 403
    submission.refresh_from_db()
    assert submission.state == State.IN_REVIEW


def test_the_author_sees_nothing_of_a_verdict_that_may_be_undone(
    client, submission, rex, ada, think_again, time_machine
):
    clear(submission, rex)
    client.force_login(ada)
    pages = [at("submission", submission), reverse("approvals:mine"), reverse("home")]
    for page in pages:
        words = client.get(page).content.decode()
        assert "In review" in words
        assert "Cleared" not in words
        assert "stands behind this post" not in words
    time_machine.move_to(NOW + dt.timedelta(seconds=10), tick=False)
    for page in pages:
        assert "Cleared" in client.get(page).content.decode()


def test_the_author_sees_no_wording_before_it_is_offered(
    client, submission, rex, ada, think_again, time_machine
):
    seen = submission.revision.digest
    offers.offer(submission, actor=rex, seen=seen, text="We have a bike shed.")
    client.force_login(ada)
    path = at("submission", submission)
    assert "Take this wording" not in client.get(path).content.decode()
    time_machine.move_to(NOW + dt.timedelta(seconds=10), tick=False)
    assert "Take this wording" in client.get(path).content.decode()


def test_the_next_post_is_there_at_once_with_the_press_that_undoes(client, write, rex, think_again):
    first, second = write("Post one."), write("Post two.")
    client.force_login(rex)
    data = {"verdict": "clear", "seen": first.revision.digest}
    answer = client.post(at("review", first), data)
    assert answer["Location"] == at("review", second)
    page = client.get(answer["Location"]).content.decode()
    assert f'action="{at("undo", first)}"' in page
    assert 'data-undo="10"' in page


def test_after_the_last_one_comes_the_queue_with_the_press_that_undoes(
    client, submission, rex, think_again, time_machine
):
    client.force_login(rex)
    data = {"verdict": "clear", "seen": submission.revision.digest}
    answer = client.post(at("review", submission), data)
    assert answer["Location"] == reverse("approvals:queue")
    assert at("undo", submission) in client.get(answer["Location"]).content.decode()
    time_machine.move_to(NOW + dt.timedelta(seconds=10), tick=False)
    assert at("undo", submission) not in client.get(answer["Location"]).content.decode()


def test_a_wording_that_is_refused_comes_back_with_the_reason(client, submission, rex):
    client.force_login(rex)
    data = {"seen": submission.revision.digest, "text": submission.revision.text, "because": ""}
    page = client.post(at("offer", submission), data).content.decode()
    assert "You have changed no word." in page
    submission.refresh_from_db()
    assert submission.state == State.IN_REVIEW


def test_a_wording_can_be_checked_before_it_is_offered(client, write, rex, edition, lea, quinn):
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy, checks=[HELLO])
    post = write()
    client.force_login(rex)
    data = {"seen": post.revision.digest, "text": "Hello, bikes.", "because": ""}
    for answer in (
        client.post(at("offer", post), data | {"check": "1"}),
        client.post(at("screen_wording", post), data),
    ):
        assert "Who says hello?" in answer.content.decode()
    assert Revision.objects.count() == 1


def test_one_order_by_due_time_and_risk(write, rex, petra, channel, time_machine):
    time_machine.move_to(NOW, tick=False)
    assign_perm("approvals.review_channel", petra, channel)
    posts = [write(f"Post {number}") for number in range(4)]
    mine = [post for post in posts if post.owner == rex]
    theirs = [post for post in posts if post.owner == petra]
    assert (len(mine), len(theirs)) == (2, 2)
    assert list(waiting.waiting_for(rex)) == sorted(mine, key=order) + sorted(theirs, key=order)
    red = mine[1]
    red.due_at, red.lane = mine[0].due_at + dt.timedelta(minutes=59), "red"
    red.save(update_fields=["due_at", "lane"])
    assert waiting.waiting_for(rex).first() == red
    red.due_at += dt.timedelta(minutes=2)
    red.save(update_fields=["due_at"])
    assert list(waiting.waiting_for(rex))[1] == red
    claims.claim(mine[0], actor=petra)
    assert list(waiting.waiting_for(rex))[-1] == mine[0]
    assert waiting.next_for(rex) == red


def order(post):
    return post.due_at, post.pk.hex


def test_a_claim_is_seen_by_others_and_ends_by_itself(
    client, submission, rex, petra, channel, time_machine
):
    time_machine.move_to(NOW, tick=False)
    assign_perm("approvals.review_channel", petra, channel)
    claims.claim(submission, actor=rex)
    client.force_login(petra)
    says = "Rex is looking at it until 10:10"
    assert says in client.get(at("review", submission)).content.decode()
    assert says in client.get(reverse("approvals:queue")).content.decode()
    with pytest.raises(ClaimedError):
        claims.claim(submission, actor=petra)
    time_machine.move_to(NOW + claims.A_CLAIM, tick=False)
    assert says not in client.get(at("review", submission)).content.decode()
    assert claims.claim(submission, actor=petra).claimant() == petra


def test_a_claim_keeps_nobody_from_deciding(submission, rex, petra, channel):
    assign_perm("approvals.review_channel", petra, channel)
    claims.claim(submission, actor=rex)
    assert clear(submission, petra).state == State.CLEARED


def test_i11_a_second_claim_of_the_same_person_is_one_entry(submission, rex, time_machine):
    time_machine.move_to(NOW, tick=False)
    for _ in range(2):
        claims.claim(submission, actor=rex)
    assert Entry.objects.filter(type="submission.claim").count() == 1
    time_machine.move_to(NOW + claims.A_CLAIM * 0.6, tick=False)
    longer = claims.claim(submission, actor=rex)
    assert longer.claimed_until == NOW + claims.A_CLAIM * 1.6


@pytest.mark.parametrize(("who", "may"), [("rex", True), ("petra", False), ("ada", False)])
def test_only_who_claimed_it_leaves_it(who, may, request, submission, rex, petra, channel):
    assign_perm("approvals.review_channel", petra, channel)
    claims.claim(submission, actor=rex)
    actor = request.getfixturevalue(who)
    if may:
        assert claims.release(submission, actor=actor).claimant() is None
    else:
        with pytest.raises(Exception, match="release"):
            claims.release(submission, actor=actor)


def test_a_claim_by_script_answers_with_the_line_alone(client, submission, rex, petra, channel):
    assign_perm("approvals.review_channel", petra, channel)
    by_script = {"X-Requested-With": "fetch"}
    client.force_login(rex)
    answer = client.post(at("claim", submission), headers=by_script)
    assert answer.status_code == 200
    assert "You are looking at it until" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    client.force_login(petra)
    answer = client.post(at("claim", submission), headers=by_script)
    assert answer.status_code == 409
    assert "Rex is looking at it until" in answer.content.decode()


def batch_of(posts):
    return {"post": [f"{post.pk}:{post.revision.digest}" for post in posts]}


@pytest.fixture
def shared(write, ada, amin, lea):
    """Three people share one text, one of them with a space at the end."""
    text = "We opened a bike shed today."
    return [write(text), write(f"{text} ", author=amin), write(text, author=lea)]


def test_posts_that_say_the_same_are_cleared_by_one_press_each_by_itself(client, shared, rex):
    (batch,) = waiting.batches_for(rex)
    assert set(batch.posts) == set(shared)
    client.force_login(rex)
    assert "3 posts say the same" in client.get(reverse("approvals:queue")).content.decode()
    client.post(reverse("approvals:clear_batch"), batch_of(shared))
    cleared = Submission.objects.filter(state=State.CLEARED)
    assert cleared.count() == 3
    assert len(set(cleared.values_list("entry", flat=True))) == 3
    assert {one.revision_id for one in Clearance.objects.all()} == {p.revision_id for p in shared}


def test_a_post_of_a_batch_that_changed_meanwhile_is_left_out_and_named(
    client, shared, rex, ada, channel
):
    press = batch_of(shared)
    seen = shared[0].revision.digest
    actions.revise(shared[0], actor=ada, seen=seen, text="Something else.", channels=[channel])
    client.force_login(rex)
    page = client.post(reverse("approvals:clear_batch"), press, follow=True).content.decode()
    assert "Cleared 2 posts." in page
    assert "Left out, because it changed or was decided meanwhile: Ada." in page
    assert Submission.objects.get(pk=shared[0].pk).state == State.IN_REVIEW


def test_what_asks_for_a_look_is_in_no_batch(write, amin, rex, edition, lea, quinn):
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy, checks=[HELLO])
    for author in (None, amin):
        write("Hello there.", **({"author": author} if author else {}))
    assert waiting.batches_for(rex) == []


@pytest.mark.parametrize("who", ["ada", "zoe", "rita"])
def test_a_batch_is_cleared_by_its_reviewers_only(who, client, request, shared):
    client.force_login(request.getfixturevalue(who))
    client.post(reverse("approvals:clear_batch"), batch_of(shared))
    assert not Clearance.objects.exists()


def test_a_batch_of_nonsense_clears_nothing(client, shared, rex):
    client.force_login(rex)
    data = {"post": ["x", "x:y", f"{uuid.uuid4()}:0", ":", f"{shared[0].pk}:0"]}
    assert client.post(reverse("approvals:clear_batch"), data).status_code == 302
    assert not Clearance.objects.exists()


def test_similar_posts_say_what_was_decided_and_why(write, rex, edition):
    before = write("Our new bike shed at gate four is open for everybody.")
    actions.decide(
        before,
        actor=rex,
        verdict=Verdict.SEND_BACK,
        seen=before.revision.digest,
        reason="Which gate?",
    )
    clear(write("A talk about tea."), rex)
    now = write("Our new bike shed at gate five is open for everybody.")
    (found,) = similar.similar_to(now, rex)
    assert (found.decided.submission, found.decided.by) == (before.pk, "Rex")
    assert (found.verdict_label, found.decided.reason) == ("Ask for changes", "Which gate?")


def test_the_same_words_come_first_and_at_most_three(write, amin, rex):
    text = "Our new bike shed at gate four is open."
    same = write(f"{text} ", author=amin)
    clear(same, rex)
    for number in range(4):
        clear(write(f"{text} Gate {number}."), rex)
    found = similar.similar_to(write(text), rex)
    assert [one.likeness == 1 for one in found] == [True, False, False]
    assert found[0].decided.submission == same.pk


def test_similar_posts_of_channels_that_one_does_not_review_are_not_shown(
    write, rex, petra, channel
):
    other = Channel.objects.create(name="Board", network="blog")
    assign_perm("approvals.review_channel", petra, other)
    secret = write("Our new bike shed is open.", channels=[other])
    clear(secret, petra)
    assert similar.similar_to(write("Our new bike shed is open."), rex) == []


def test_a_verdict_that_was_undone_is_no_example(write, rex, think_again):
    post = write("Our new bike shed is open.")
    clear(post, rex)
    undoing.undo(post, actor=rex)
    later = timezone.now() + dt.timedelta(minutes=1)
    assert similar.similar_to(write("Our new bike shed is open!"), rex, later) == []


def test_the_desk_costs_the_same_however_much_there_is(client, write, rex, amin):
    post = write("Our new bike shed is open, come and see.")
    clear(write("Our new bike shed is open, come and look."), rex)
    write("The same."), write("The same.", author=amin)
    client.force_login(rex)
    pages = [at("review", post), reverse("approvals:queue")]
    before = [queries_of(client, page) for page in pages]
    for number in range(6):
        clear(write(f"Our new bike shed is open, number {number}."), rex)
        write(f"Waiting {number}.")
        write(f"Shared {number}."), write(f"Shared {number}.", author=amin)
    assert [queries_of(client, page) for page in pages] == before


def test_a_new_post_starts_from_an_old_one_of_ones_own(client, submission, write, ada, amin):
    client.force_login(ada)
    page = client.get(reverse("approvals:new"), {"copy": submission.pk}).content.decode()
    assert submission.revision.text in page
    foreign = write("A plan of Max.", author=amin)
    for name in (foreign.pk, "x", uuid.uuid4()):
        page = client.get(reverse("approvals:new"), {"copy": name})
        assert page.status_code == 200
        assert "A plan of Max." not in page.content.decode()


def test_co_authors_are_named_by_their_addresses(client, edition, channel, ada, amin):
    client.force_login(ada)
    post = {"key": str(uuid.uuid4()), "text": "We did it.", "channels": [channel.pk]}
    named = post | {"co_authors": "AMIN@acme.example"}
    assert client.post(reverse("approvals:new"), named).status_code == 302
    assert list(Submission.objects.get().co_authors.all()) == [amin]
    wrong = post | {"key": str(uuid.uuid4()), "co_authors": "nobody@acme.example"}
    page = client.post(reverse("approvals:new"), wrong).content.decode()
    assert "Nobody here has this address: nobody@acme.example." in page


def test_an_author_answers_without_opening_the_editor(client, submission, rex, ada):
    seen = submission.revision.digest
    actions.decide(
        submission, actor=rex, verdict=Verdict.SEND_BACK, seen=seen, reason="Which shed?"
    )
    client.force_login(ada)
    assert "Which shed?" in client.get(at("submission", submission)).content.decode()
    client.post(at("answer", submission), {"seen": seen, "words": "Gate four."})
    submission.refresh_from_db()
    assert (submission.state, submission.revision.note) == (State.IN_REVIEW, "Gate four.")
    assert submission.revision.digest == seen


def test_the_review_page_shows_the_post_as_each_network_does(client, write, rex):
    network = Channel.objects.create(name="Insta", network="instagram")
    assign_perm("approvals.review_channel", rex, network)
    post = write("word " * 40 + "#ad", channels=[network])
    client.force_login(rex)
    page = client.get(at("review", post)).content.decode()
    assert '<figure class="look instagram">' in page
    _, hidden = page.split('<span class="fold">')
    assert "#ad" in hidden.split("</figure>")[0]
