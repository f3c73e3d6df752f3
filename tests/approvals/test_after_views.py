"""Pages of what follows a decision: share, report, recall, appeal, correct."""

import uuid

import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm

from approvals import recalling, shelving
from approvals.models import Channel, Publication, RecallNotice, ShelfItem, Submission
from approvals.publishing import Report, publish
from approvals.states import State
from tests.approvals.after import clear, decline
from tests.counting import queries_of

TEXT = "We opened a bike shed today."


@pytest.fixture
def cleared(submission, rex):
    return clear(submission, rex)


@pytest.fixture
def published(cleared, ada):
    publish(cleared, actor=ada, seen=cleared.revision.digest)
    cleared.refresh_from_db()
    return cleared


def page(client, submission):
    return client.get(reverse("approvals:submission", args=[submission.pk])).content.decode()


def press(client, name, submission, **said):
    path = reverse(f"approvals:{name}", args=[submission.pk])
    return client.post(path, {"seen": submission.revision.digest} | said)


def test_one_press_opens_the_networks_window_while_the_clearance_stands(
    client, cleared, channel, ada, rita
):
    client.force_login(ada)
    channel.network = "x"
    assert "https://www.linkedin.com/feed/?shareActive=true" in page(client, cleared)
    assert "data-copy" in page(client, cleared)
    recalling.recall(cleared, actor=rita, reason="Wrong.")
    assert "linkedin.com/feed" not in page(client, cleared)


def test_the_text_goes_along_where_the_network_takes_it(client, write, channel, rex, ada):
    channel.network = "bluesky"
    channel.save()
    post = clear(write("Ünë & zwei?"), rex)
    client.force_login(ada)
    assert "intent/compose?text=%C3%9Cn%C3%AB%20%26%20zwei%3F" in page(client, post)


def test_once_it_is_out_everywhere_nothing_is_offered_any_more(client, published, ada):
    client.force_login(ada)
    assert "data-share" not in page(client, published)


@pytest.mark.parametrize("who", ["rex", "rita"])
def test_others_are_not_asked_to_share_or_report(client, cleared, who, request):
    client.force_login(request.getfixturevalue(who))
    assert "data-share" not in page(client, cleared)
    assert reverse("approvals:publish", args=[cleared.pk]) not in page(client, cleared)


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 302), ("rex", 404), ("rita", 404), ("amin", 404), ("zoe", 404)]
)
def test_who_may_report(client, cleared, channel, who, status, request):
    client.force_login(request.getfixturevalue(who))
    answer = press(client, "publish", cleared, channel=channel.pk, text=TEXT)
    assert answer.status_code == status
    assert Publication.objects.exists() == (status == 302)


def test_a_difference_is_shown_with_its_place_and_the_way_on(client, cleared, channel, ada):
    client.force_login(ada)
    press(client, "publish", cleared, channel=channel.pk, text="We opened a bar today.")
    shown = page(client, cleared)
    assert "line 1, character 14" in shown
    assert "U+0061 LATIN SMALL LETTER A" in shown
    assert reverse("approvals:new") + f"?corrects={cleared.pk}" in shown


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"url": "javascript:alert(1)"}, "That is not a link"),
        ({"first_used_at": "2999-01-01T00:00"}, "has not come yet"),
    ],
)
def test_what_is_wrong_comes_back_with_the_sentence_and_what_was_written(
    client, cleared, channel, ada, said, says
):
    client.force_login(ada)
    answer = press(client, "publish", cleared, **{"channel": channel.pk, "text": "<Kept>"} | said)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert says in shown
    assert "&lt;Kept&gt;" in shown
    assert not Publication.objects.exists()


@pytest.mark.parametrize("number", ["x", "", "99999", "-1"])
def test_a_channel_that_is_not_the_posts_keeps_nothing(client, cleared, ada, number):
    client.force_login(ada)
    cleared.channels.add(Channel.objects.create(name="Other", network="x"))
    assert press(client, "publish", cleared, channel=number).status_code == 200
    assert not Publication.objects.exists()


def test_a_correction_begins_with_what_stands_there_and_both_pages_tell(
    client, published, channel, ada, rex
):
    publish(
        published,
        actor=ada,
        seen=published.revision.digest,
        report=Report(text="We opened a bar."),
    )
    client.force_login(ada)
    start = client.get(reverse("approvals:new"), {"corrects": published.pk}).content.decode()
    assert "We opened a bar." in start
    key = uuid.uuid4()
    sent = {"key": key, "text": "We opened a bar.", "channels": [channel.pk]}
    client.post(reverse("approvals:new"), sent | {"corrects": published.pk})
    correction = Submission.objects.get(pk=key)
    assert correction.corrects == published
    assert reverse("approvals:submission", args=[published.pk]) in page(client, correction)
    assert reverse("approvals:submission", args=[key]) in page(client, published)
    published.refresh_from_db()
    assert published.state == State.PUBLISHED


def test_nobody_corrects_what_is_not_theirs(client, published, channel, zoe):
    client.force_login(zoe)
    start = client.get(reverse("approvals:new"), {"corrects": published.pk}).content.decode()
    assert TEXT not in start
    sent = {"key": uuid.uuid4(), "text": "Mine.", "channels": [channel.pk]}
    client.post(reverse("approvals:new"), sent | {"corrects": published.pk})
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [("ada", 403), ("rex", 200), ("rita", 200), ("max", 404), ("amin", 404), ("zoe", 404)],
)
def test_who_sees_who_was_told_of_a_recall(client, cleared, rita, who, status, request):
    recalling.recall(cleared, actor=rita, reason="Wrong.")
    client.force_login(request.getfixturevalue(who))
    answer = client.get(reverse("approvals:recall", args=[cleared.pk]))
    assert answer.status_code == status
    if status == 200:
        assert "not yet" in answer.content.decode()


def test_the_author_says_that_they_have_seen_it(client, cleared, rita, ada, zoe):
    recalling.recall(cleared, actor=rita, reason="Wrong.")
    client.force_login(zoe)
    assert press(client, "seen", cleared).status_code == 404
    client.force_login(ada)
    assert "I have seen it" in page(client, cleared)
    press(client, "seen", cleared)
    assert RecallNotice.objects.get().seen_at
    assert "You said on" in page(client, cleared)


@pytest.mark.parametrize(
    ("who", "status"), [("rita", 200), ("rex", 200), ("ada", 403), ("amin", 403), ("zoe", 403)]
)
def test_who_opens_the_page_of_recalls(client, cleared, who, status, request):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("approvals:recalls")).status_code == status


def test_a_search_shows_what_it_touches_and_one_press_recalls_what_stays_ticked(
    client, write, rex, rita
):
    posts = [clear(write(f"Our <sale> {number}."), rex) for number in range(3)]
    client.force_login(rita)
    path = reverse("approvals:recalls")
    shown = client.get(path, {"q": "our <SALE>"}).content.decode()
    assert "This touches 3 posts" in shown
    assert set(Submission.objects.values_list("state", flat=True)) == {"cleared"}
    ticked = [posts[0].pk, posts[2].pk]
    client.post(f"{path}?q=our", {"posts": ticked, "reason": "No sale."})
    states = dict(Submission.objects.values_list("pk", "state"))
    assert [states[one.pk] for one in posts] == ["recalled", "cleared", "recalled"]
    assert "0 of 1 have seen it" in client.get(path).content.decode()


def test_without_a_reason_nothing_is_recalled(client, cleared, rita):
    client.force_login(rita)
    path = reverse("approvals:recalls") + "?q=shed"
    answer = client.post(path, {"posts": [cleared.pk]})
    assert "Say why" in answer.content.decode()
    cleared.refresh_from_db()
    assert cleared.state == State.CLEARED


def test_an_appeal_from_the_page_to_the_other_reviewers_desk(
    client, submission, rex, petra, channel, ada
):
    decline(submission, rex)
    assign_perm("approvals.review_channel", petra, channel)
    client.force_login(ada)
    assert "Ask another person to decide" in page(client, submission)
    press(client, "appeal", submission, reason="Only a <shed>.")
    assert "decides on the appeal" in page(client, submission)
    review = reverse("approvals:review", args=[submission.pk])
    client.force_login(rex)
    assert client.get(review).status_code == 302
    assert "Appeal" not in client.get(reverse("approvals:queue")).content.decode()
    client.force_login(petra)
    assert "Appeal" in client.get(reverse("approvals:queue")).content.decode()
    shown = client.get(review).content.decode()
    assert "Only a &lt;shed&gt;." in shown
    assert 'value="send_back"' not in shown
    press(client, "review", submission, verdict="clear", shown="")
    submission.refresh_from_db()
    assert submission.state == State.CLEARED


@pytest.mark.parametrize("who", ["rex", "petra", "zoe"])
def test_nobody_else_appeals(client, submission, rex, who, request):
    decline(submission, rex)
    client.force_login(request.getfixturevalue(who))
    assert press(client, "appeal", submission, reason="x").status_code == 404


@pytest.fixture
def item(cleared, petra, channel):
    assign_perm("approvals.review_channel", petra, channel)
    return shelving.put(
        cleared,
        actor=petra,
        seen=cleared.revision.digest,
        title="The <shed>",
        template=TEXT,
    )


def test_the_shelf_is_for_everybody_and_shares_into_the_write_page(client, item, zoe):
    client.force_login(zoe)
    shown = client.get(reverse("shelf:shelf")).content.decode()
    assert "The &lt;shed&gt;" in shown
    assert "shared 0 times" not in shown
    start = client.get(reverse("approvals:new"), {"item": item.pk}).content.decode()
    assert TEXT in start
    assert "checked" in start
    assert Submission.objects.count() == 1


def test_a_search_of_the_shelf(client, item, zoe):
    client.force_login(zoe)
    path = reverse("shelf:shelf")
    assert "shed&gt;" in client.get(path, {"q": "BIKE"}).content.decode()
    assert "Nothing found" in client.get(path, {"q": "train\0"}).content.decode()


@pytest.mark.parametrize(
    ("who", "puts", "retires"),
    [
        ("petra", 200, 302),
        ("rex", 200, 302),
        ("rita", 200, 302),
        ("ada", 404, 403),
        ("zoe", 404, 403),
    ],
)
def test_who_curates(client, item, cleared, who, puts, retires, request):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("shelf:put", args=[cleared.pk])).status_code == puts
    answer = client.post(reverse("shelf:retire", args=[item.pk]), {"reason": "Old."})
    assert answer.status_code == retires
    assert (ShelfItem.objects.get().state == "retired") == (retires == 302)


def test_pages_cost_the_same_however_much_there_is(client, write, rex, rita, petra, channel):
    assign_perm("approvals.review_channel", petra, channel)
    paths = [
        reverse("approvals:recalls"),
        reverse("approvals:recalls") + "?q=number",
        reverse("shelf:shelf"),
    ]

    def fill(numbers):
        for number in numbers:
            kept = clear(write(f"Post number {number}."), rex)
            seen, text = kept.revision.digest, kept.revision.text
            shelving.put(kept, actor=petra, seen=seen, title=text, template=text)
            recalling.recall(clear(write(f"Wrong {number}."), rex), actor=rita, reason="x")

    fill(range(1))
    client.force_login(rita)
    one = [queries_of(client, path) for path in paths]
    fill(range(1, 4))
    assert [queries_of(client, path) for path in paths] == one
