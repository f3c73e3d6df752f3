"""How a reviewer says in one press whether findings were right, and where everybody sees what was said."""

import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm

from approvals import actions, duties
from approvals.findings import judged
from approvals.models import FindingVerdict, Miss, Settlement, Submission
from approvals.states import State
from tests.approvals.small_policy import issue_small_policy
from tests.approvals.test_judging import BECAUSE, CHECKS, TEXT, wording
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
MANY = [*CHECKS, wording("sheds", "review", "bike shed")]
BOTH = TEXT + " It has a bike shed."


@pytest.fixture
def edition(company, lea, quinn):
    return issue_small_policy(drafter=lea, approver=quinn, checks=MANY)


@pytest.fixture
def post(write):
    return write(BOTH)


def hits(post):
    return {one.finding["check"]: one.hit.pk for one in _judged(post)}


def _judged(post):
    return judged(actions.latest_screening(post.revision))


def press(client, post, verdict, **said):
    shown = ",".join(str(key) for key in hits(post).values())
    data = {"verdict": verdict, "seen": post.revision.digest, "shown": shown} | said
    return client.post(reverse("approvals:review", args=[post.pk]), data)


def verdicts():
    return {
        one.hit.check_name: (one.outcome, one.reason)
        for one in FindingVerdict.objects.select_related("hit")
    }


@pytest.mark.parametrize(
    ("verdict", "said", "outcome"),
    [
        ("clear_right", {}, ("upheld", "")),
        ("clear_fine", {"fine_because": BECAUSE}, ("overruled", BECAUSE)),
    ],
)
def test_one_press_clears_and_says_whether_the_checks_were_right(
    client, post, rex, verdict, said, outcome
):
    client.force_login(rex)
    assert press(client, post, verdict, **said).status_code == 302
    post.refresh_from_db()
    assert post.state == State.CLEARED
    assert verdicts() == {"voice": outcome, "sheds": outcome}


def test_a_finding_judged_by_itself_is_not_judged_by_the_press(client, post, rex):
    client.force_login(rex)
    voice = hits(post)["voice"]
    own = {f"finding_{voice}": "overruled", f"because_{voice}": "A joke."}
    press(client, post, "clear_right", **own)
    assert verdicts() == {"voice": ("overruled", "A joke."), "sheds": ("upheld", "")}


def test_a_sentence_alone_says_that_it_is_fine(client, post, rex):
    client.force_login(rex)
    press(client, post, "clear", **{f"because_{hits(post)['voice']}": "A joke."})
    assert verdicts() == {"voice": ("overruled", "A joke.")}


def test_without_a_sentence_nothing_is_fine_and_nothing_is_decided(client, post, rex):
    client.force_login(rex)
    page = press(client, post, "clear_fine").content.decode()
    assert "Say in a sentence why it is fine here." in page
    post.refresh_from_db()
    assert post.state == State.IN_REVIEW
    assert not FindingVerdict.objects.exists()


def test_a_press_says_nothing_of_findings_that_came_after_the_page(client, write, rex, lea, quinn):
    """A rule that changes while the reviewer reads adds a finding that was not on the screen."""
    post = write(BOTH)
    client.force_login(rex)
    shown = str(hits(post)["voice"])
    press(client, post, "clear_right", shown=shown)
    assert set(verdicts()) == {"voice"}


def test_asking_for_changes_says_only_what_is_said(client, post, rex):
    client.force_login(rex)
    said = {f"finding_{hits(post)['sheds']}": "upheld", "reason": "Leave out the shed."}
    press(client, post, "send_back", **said)
    assert verdicts() == {"sheds": ("upheld", "")}


def test_what_was_missed_is_kept_with_the_decision(client, post, rex):
    client.force_login(rex)
    missed = {"missed_quote": "school play", "missed_by": "good-faith/1/promise"}
    assert press(client, post, "clear_right", **missed).status_code == 302
    miss = Miss.objects.get()
    assert (miss.check_name, BOTH[miss.start : miss.end]) == ("promise", "school play")
    assert miss.entry == FindingVerdict.objects.first().entry


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"missed_quote": "the moon", "missed_by": "good-faith/1/promise"}, "not in the post"),
        ({"missed_quote": "school play"}, "Choose the check"),
        ({"missed_by": "good-faith/1/promise"}, "Copy the words"),
        ({"missed_quote": "school play", "missed_by": "good-faith/1/other"}, "Select a valid"),
    ],
    ids=["other words", "no check", "no words", "a check that is not there"],
)
def test_a_miss_that_makes_no_sense_decides_nothing(client, post, rex, said, says):
    client.force_login(rex)
    assert says in press(client, post, "clear_right", **said).content.decode()
    post.refresh_from_db()
    assert post.state == State.IN_REVIEW


def test_a_post_without_findings_has_one_plain_press(client, write, rex):
    client.force_login(rex)
    page = client.get(reverse("approvals:review", args=[write("Hello").pk])).content.decode()
    assert 'value="clear"' in page
    assert "clear_right" not in page


@pytest.mark.parametrize(
    ("who", "status"), [("rex", 302), ("ada", 404), ("zoe", 404), ("rita", 403), ("lea", 404)]
)
def test_who_judges_apart_from_a_decision(client, request, post, who, status):
    client.force_login(request.getfixturevalue(who))
    data = {"seen": post.revision.digest, f"finding_{hits(post)['voice']}": "upheld"}
    url = reverse("approvals:judge", args=[post.pk])
    assert client.post(url, data).status_code == status
    assert client.get(url).status_code == 405
    assert FindingVerdict.objects.exists() == (status == 302)


def test_a_second_verdict_is_told_that_it_came_too_late(client, post, rex, petra, channel):
    assign_perm("approvals.review_channel", petra, channel)
    data = {"seen": post.revision.digest, f"finding_{hits(post)['voice']}": "upheld"}
    url = reverse("approvals:judge", args=[post.pk])
    answers = []
    for reviewer in (rex, petra):
        client.force_login(reviewer)
        answers.append(client.post(url, data).status_code)
    client.force_login(petra)
    answers.append(press(client, post, "clear", **data).status_code)
    assert answers == [302, 409, 409]
    assert FindingVerdict.objects.get().reviewer == rex
    assert client.post(url, data | {"seen": "0" * 64}).status_code == 409


def test_whoever_says_nothing_is_told_that_nothing_was_noted(client, post, rex):
    client.force_login(rex)
    url = reverse("approvals:judge", args=[post.pk])
    page = client.post(url, {"seen": post.revision.digest}, follow=True).content.decode()
    assert "Nothing was said, so nothing was noted." in page


def test_a_mistake_on_the_page_of_a_post_is_told_there(client, post, rex):
    client.force_login(rex)
    data = {"seen": post.revision.digest, f"finding_{hits(post)['voice']}": "overruled"}
    page = client.post(reverse("approvals:judge", args=[post.pk]), data).content.decode()
    assert "Say in a sentence why it is fine here." in page


@pytest.fixture
def settled(client, write, rex):
    first = write(TEXT)
    client.force_login(rex)
    press(client, first, "clear_fine", fine_because=BECAUSE)
    return Settlement.objects.get()


@pytest.mark.parametrize(
    "where", ["live", "written without a script", "review", "post", "author's"]
)
def test_what_is_settled_is_shown_with_who_and_why(
    client, settled, write, channel, ada, rex, where
):
    again = write(TEXT)
    person = ada if where in {"live", "written without a script", "author's"} else rex
    client.force_login(person)
    form = {"text": TEXT, "channels": [channel.pk], "check": "1"}
    page = {
        "live": lambda: client.post(reverse("approvals:screen"), form),
        "written without a script": lambda: client.post(reverse("approvals:new"), form),
        "review": lambda: client.get(reverse("approvals:review", args=[again.pk])),
        "post": lambda: client.get(reverse("approvals:submission", args=[again.pk])),
        "author's": lambda: client.get(reverse("approvals:submission", args=[again.pk])),
    }[where]().content.decode()
    assert "<strong>Settled</strong> by Rex on" in page
    assert BECAUSE in page


def test_the_author_sees_what_the_reviewer_said(client, post, rex, ada):
    client.force_login(rex)
    press(client, post, "clear_fine", fine_because=BECAUSE)
    client.force_login(ada)
    page = client.get(reverse("approvals:submission", args=[post.pk])).content.decode()
    assert "<strong>Fine here</strong>, said Rex on" in page
    assert "Judge this finding" not in page


@pytest.mark.parametrize("name", ["review", "submission"])
def test_a_page_costs_the_same_however_many_findings_it_shows(client, write, rex, name):
    one, many = write(TEXT), write(BOTH + " It is guaranteed. Wow! Our ward is on our ward.")
    client.force_login(rex)
    costs = [
        queries_of(client, reverse(f"approvals:{name}", args=[post.pk])) for post in (one, many)
    ]
    assert costs[0] == costs[1]


def test_rules_that_change_keep_what_was_said(client, post, rex, lea, quinn, edition):
    client.force_login(rex)
    data = {"seen": post.revision.digest, f"finding_{hits(post)['voice']}": "upheld"}
    client.post(reverse("approvals:judge", args=[post.pk]), data)
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy, checks=MANY)
    duties.rescreen_after_change()
    post = Submission.objects.select_related("revision").get(pk=post.pk)
    assert all(one.asks for one in _judged(post))
    assert FindingVerdict.objects.count() == 1


def test_a_check_while_typing_costs_the_same_however_much_is_found(
    client, ada, edition, channel, django_assert_max_num_queries
):
    client.force_login(ada)
    counts = []
    for text, found in [(TEXT, 1), (BOTH + " It is guaranteed. Wow! My aunt is on our ward.", 5)]:
        typed = {"text": text, "channels": [channel.pk]}
        client.post(reverse("approvals:screen"), typed)
        with django_assert_max_num_queries(16) as counted:
            page = client.post(reverse("approvals:screen"), typed).content.decode()
        assert page.count('class="finding ') == found
        counts.append(len(counted))
    assert counts[0] == counts[1]
