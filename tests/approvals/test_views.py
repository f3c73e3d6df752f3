"""Pages of posts: who may see what, and what comes back when something is wrong."""

import uuid

import pytest
from django.urls import reverse

from approvals import actions, recalling
from approvals.models import Channel, Submission
from approvals.states import State
from ledger.models import Entry

pytestmark = pytest.mark.django_db
LIVE_QUERIES = 16  # at most: for a green post that no standing approval covers
EVERYBODY = ["ada", "rex", "lea", "quinn", "max", "rita", "amin", "zoe"]


def form(channel, text, **extra):
    return {"key": str(uuid.uuid4()), "text": text, "channels": [channel.pk]} | extra


@pytest.mark.parametrize(
    ("who", "status"),
    [("ada", 200), ("rex", 200), ("rita", 200), ("zoe", 404), ("lea", 404), ("amin", 404)],
    ids=[
        "its author",
        "its reviewer",
        "records officer",
        "a stranger",
        "a drafter",
        "administrator",
    ],
)
def test_who_sees_a_post(client, request, submission, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("approvals:submission", args=[submission.pk])).status_code == status


@pytest.mark.parametrize(
    ("who", "status", "state"),
    [
        ("rex", 302, State.CLEARED),
        ("ada", 404, State.IN_REVIEW),
        ("zoe", 404, State.IN_REVIEW),
        ("rita", 403, State.IN_REVIEW),
    ],
    ids=["its reviewer may", "its author may not", "a stranger may not", "who sees it may not"],
)
def test_who_may_clear_a_post(client, request, submission, who, status, state):
    client.force_login(request.getfixturevalue(who))
    entries = Entry.objects.count()
    url = reverse("approvals:review", args=[submission.pk])
    response = client.post(url, {"verdict": "clear", "seen": submission.revision.digest})
    submission.refresh_from_db()
    assert (response.status_code, submission.state) == (status, state)
    assert (Entry.objects.count() > entries) == (state == State.CLEARED)


def test_i02_a_stale_screen_gets_a_conflict_and_the_way_on(client, submission, rex, ada, channel):
    seen = submission.revision.digest
    actions.revise(submission, actor=ada, seen=seen, text="Another text.", channels=[channel])
    client.force_login(rex)
    url = reverse("approvals:review", args=[submission.pk])
    response = client.post(url, {"verdict": "clear", "seen": seen})
    assert response.status_code == 409
    assert "changed since you opened it" in response.content.decode()


def test_a_second_decision_is_told_that_it_came_too_late(client, submission, rex, petra, channel):
    seen = submission.revision.digest
    actions.decide(submission, actor=rex, verdict="clear", seen=seen)
    client.force_login(rex)
    url = reverse("approvals:review", args=[submission.pk])
    assert client.post(url, {"verdict": "clear", "seen": seen}).status_code == 409


@pytest.mark.parametrize("who", EVERYBODY)
def test_i07_no_page_changes_anything_by_being_opened(client, request, submission, who):
    client.force_login(request.getfixturevalue(who))
    before = (Entry.objects.count(), submission.state)
    for name in ["mine", "new", "queue", "standing_approvals", "channels"]:
        client.get(reverse(f"approvals:{name}"))
    for name in ["submission", "edit", "review", "withdraw", "publish", "recall", "hand_over"]:
        client.get(reverse(f"approvals:{name}", args=[submission.pk]))
    submission.refresh_from_db()
    assert (Entry.objects.count(), submission.state) == before


@pytest.mark.parametrize("name", ["mine", "new", "queue", "standing_approvals", "channels"])
def test_whoever_is_not_signed_in_is_asked_to(client, name, db):
    response = client.get(reverse(f"approvals:{name}"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("organization:sign_in"))


def test_a_post_that_is_far_too_long_comes_back_with_the_reason(client, edition, channel, ada):
    client.force_login(ada)
    text = "x" * 5_000_000
    response = client.post(reverse("approvals:new"), form(channel, text))
    page = response.content.decode()
    assert "Shorten it to 100,000 characters." in page
    assert text in page
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("length", "says"),
    [
        (20_000, "Nothing stands against it."),
        (20_001, "With 20,001 characters this is too long to be checked while you type."),
        (100_001, "The text has 100,001 characters; 100,000 is the most. Shorten it."),
        (1_000_000, "The text has 1,000,000 characters; 100,000 is the most. Shorten it."),
    ],
)
def test_live_findings_of_a_long_text_say_what_to_do(client, edition, ada, length, says):
    client.force_login(ada)
    response = client.post(reverse("approvals:screen"), {"text": "x" * length})
    assert response.status_code == 200
    assert says in response.content.decode()


def test_a_change_that_is_far_too_long_comes_back_and_changes_nothing(
    client, submission, ada, channel
):
    client.force_login(ada)
    before = submission.revision
    text = "x" * 1_000_000
    answer = form(channel, text, seen=before.digest)
    page = client.post(reverse("approvals:edit", args=[submission.pk]), answer).content.decode()
    assert "Shorten it to 100,000 characters." in page
    assert text in page
    submission.refresh_from_db()
    assert submission.revision == before


def test_live_findings_cost_the_same_however_much_there_is(
    client, write, channel, ada, django_assert_num_queries
):
    """Once for each pause in somebody's typing, so each query counts."""
    client.force_login(ada)
    url, live = reverse("approvals:screen"), form(channel, "Good news.")
    client.post(url, live)
    with django_assert_num_queries(LIVE_QUERIES):
        client.post(url, live)
    for number in range(10):
        write(f"Post number {number}.")
        Channel.objects.create(name=f"Channel {number}", network="x")
    with django_assert_num_queries(LIVE_QUERIES):
        client.post(url, live | {"text": "Good news. " * 500})


def test_live_findings_store_nothing(client, edition, channel, ada):
    client.force_login(ada)
    entries = Entry.objects.count()
    response = client.post(reverse("approvals:screen"), form(channel, "Hello"))
    assert response.status_code == 200
    assert not Submission.objects.exists()
    assert Entry.objects.count() == entries


def test_without_a_reason_a_post_is_not_sent_back(client, submission, rex):
    client.force_login(rex)
    url = reverse("approvals:review", args=[submission.pk])
    answer = {"verdict": "send_back", "seen": submission.revision.digest, "reason": " "}
    assert "Say in a sentence why" in client.post(url, answer).content.decode()
    submission.refresh_from_db()
    assert submission.state == State.IN_REVIEW


@pytest.mark.parametrize("few_and_many", [(1, 12)])
@pytest.mark.parametrize(("who", "name"), [("ada", "mine"), ("rex", "queue")])
def test_a_list_costs_the_same_whatever_its_length(
    client, request, write, few_and_many, who, name, django_assert_max_num_queries
):
    client.force_login(request.getfixturevalue(who))
    counts = []
    for wanted in few_and_many:
        while Submission.objects.count() < wanted:
            write(f"Post number {Submission.objects.count()}.")
        with django_assert_max_num_queries(25) as counted:
            client.get(reverse(f"approvals:{name}"))
        counts.append(len(counted))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("ending", "says"),
    [
        ("valid", "Valid until"),
        ("recalled", "posts published before stay backed"),
        ("none", "Unknown"),
    ],
)
def test_the_public_page_says_whether_the_word_stands_and_nothing_else(
    client, submission, rex, ending, says
):
    decided = actions.decide(
        submission, actor=rex, verdict="clear", seen=submission.revision.digest
    )
    number = decided.clearance.number
    if ending == "recalled":
        recalling.recall(submission, actor=rex, reason="Wrong price.")
    if ending == "none":
        number = "0" * 32
    page = client.get(reverse("check_number", args=[number])).content.decode()
    assert says in page
    for secret in [submission.revision.text, "Ada", "Rex", "Wrong price."]:
        assert secret not in page


def test_an_administrator_seats_a_reviewer_at_a_channels_desk(client, amin, rex, channel, write):
    other = {"name": "Acme blog", "network": "blog", "content_class": "interactive"}
    client.force_login(amin)
    answer = other | {"is_active": "on", "reviewers": [rex.pk]}
    assert client.post(reverse("approvals:channels"), answer).status_code == 302
    blog = Channel.objects.get(name="Acme blog")
    assert write(channels=[blog]).owner == rex
    emptied = other | {"is_active": "on"}
    assert client.post(reverse("approvals:channel", args=[blog.pk]), emptied).status_code == 302
    assert write(channels=[blog]).owner is None
