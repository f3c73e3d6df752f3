"""Clearing past the desk: who may, what it needs, and how loud it is."""

import pytest
from django.core.exceptions import PermissionDenied
from django_fsm import TransitionNotAllowed

from approvals import actions, asking, background
from approvals.backing import contents
from approvals.break_glass import break_glass
from approvals.errors import TextChangedError
from approvals.models import Clearance, Submission
from approvals.states import State
from ledger.models import Entry
from organization.models import Notice
from organization.roles import Role
from tests.conftest import hire
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
REASON = "The factory burns, and people must know where to go."
EVERYBODY = ["ada", "rex", "petra", "lea", "quinn", "max", "rita", "amin", "zoe"]


def form(submission, **changed):
    said = {"seen": submission.revision.digest, "reason": REASON, "confirm": "Break the glass "}
    return said | changed


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_an_approver_breaks_the_glass(who, request, submission, client):
    person = request.getfixturevalue(who)
    may = who == "quinn"
    client.force_login(person)
    entries, path = Entry.objects.count(), f"/posts/{submission.pk}/break-glass/"
    assert client.get(path).status_code == (200 if may else 404)
    assert client.post(path, form(submission)).status_code == (302 if may else 404)
    submission.refresh_from_db()
    assert submission.state == (State.CLEARED if may else State.IN_REVIEW)
    if not may:
        with pytest.raises(PermissionDenied):
            break_glass(submission, actor=person, seen=submission.revision.digest, reason=REASON)
        assert Entry.objects.count() == entries
        assert not Clearance.objects.exists()


def test_i03_an_approver_does_not_break_the_glass_for_their_own_post(write, quinn, client):
    own = write(author=quinn)
    client.force_login(quinn)
    assert client.post(f"/posts/{own.pk}/break-glass/", form(own)).status_code == 404
    for is_superuser in (False, True):
        quinn.is_superuser = is_superuser
        quinn.save()
        with pytest.raises(PermissionDenied):
            break_glass(own, actor=quinn, seen=own.revision.digest, reason=REASON)
    own.refresh_from_db()
    assert own.state == State.IN_REVIEW


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"reason": ""}, "Say in a sentence"),
        ({"reason": "Urgent!"}, "less than a sentence"),
        ({"reason": "a b c d e f"}, "less than a sentence"),
        ({"confirm": ""}, "to confirm"),
        ({"confirm": "yes"}, "Type exactly"),
        ({"confirm": "break glass"}, "Type exactly"),
    ],
)
def test_without_a_sentence_and_the_words_nothing_happens(changed, says, submission, quinn, client):
    client.force_login(quinn)
    answer = client.post(f"/posts/{submission.pk}/break-glass/", form(submission, **changed))
    assert answer.status_code == 200
    assert says in answer.content.decode()
    submission.refresh_from_db()
    assert submission.state == State.IN_REVIEW
    assert not Notice.objects.filter(event="glass_broken").exists()


@pytest.mark.parametrize(
    ("profile", "country", "content_class", "registration", "may"),
    [
        ("general", "us", "static", "", True),
        ("broker-dealer", "us", "interactive", "", True),
        ("broker-dealer", "us", "static", "", False),
        ("broker-dealer", "us", "static", "FINRA principal", True),
        ("broker-dealer", "gb", "interactive", "", False),
    ],
)
def test_never_where_the_law_wants_a_principal_and_the_officer_is_none(
    profile, country, content_class, registration, may, submission, unit, channel, quinn, client
):
    """FINRA 2210(b)(1); in the United Kingdom any post of a firm's (FSMA s.21)."""
    unit.profile, unit.country = profile, country
    unit.save()
    channel.content_class = content_class
    channel.save()
    quinn.registration = registration
    quinn.save()
    client.force_login(quinn)
    page = client.get(f"/posts/{submission.pk}/break-glass/").content.decode()
    assert ("The glass cannot be broken here" in page) == (not may)
    answer = client.post(f"/posts/{submission.pk}/break-glass/", form(submission))
    assert answer.status_code == (302 if may else 403)
    submission.refresh_from_db()
    assert submission.state == (State.CLEARED if may else State.IN_REVIEW)


def test_all_administrators_and_records_officers_and_its_owner_are_told(
    submission, quinn, rex, rita, amin, unit, zoe
):
    second = hire("Ines", unit, Role.ADMINISTRATOR, Role.RECORDS_OFFICER)
    gone = hire("Gil", unit, Role.ADMINISTRATOR, is_active=False)
    break_glass(submission, actor=quinn, seen=submission.revision.digest, reason=REASON)
    told = {notice.person for notice in Notice.objects.filter(event="glass_broken")}
    assert told == {rex, rita, amin, second}
    assert gone not in told
    assert rita.notices.get().context["reason"] == REASON


def test_it_stands_in_review_entry_story_record_and_list(submission, quinn, rita, ada, client, rex):
    cleared = break_glass(submission, actor=quinn, seen=submission.revision.digest, reason=REASON)
    review = cleared.revision.reviews.get()
    assert (review.is_break_glass, review.reviewer) == (True, quinn)
    assert review.entry.type == "submission.break_glass"
    assert review.entry.content["data"]["owner"] == str(rex.pk)
    words = {"clause": "backing-statement", "version": 1, "text": "x", "number": "9", "title": "x"}
    cleared.clearance.edition.content["sections"].append({"provisions": [words]})
    (reviewer,) = contents(cleared.clearance)["reviewers"]
    assert reviewer["verdict"] == "Cleared by break-glass"
    assert reviewer["authority"].startswith("By break-glass")
    client.force_login(ada)
    page = client.get(f"/posts/{submission.pk}/").content.decode()
    assert "Cleared by Quinn, by break-glass." in page
    assert "Quinn: cleared by break-glass" in page
    client.force_login(rita)
    assert REASON in client.get("/posts/break-glass/").content.decode()


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_sees_the_list(who, request, client, submission):
    client.force_login(request.getfixturevalue(who))
    answer = client.get("/posts/break-glass/")
    assert answer.status_code == (200 if who in {"quinn", "rita", "amin"} else 403)
    if answer.status_code == 200:
        assert ("bike shed" in answer.content.decode()) == (who == "quinn")


def test_i02_a_stale_screen_and_a_second_press_change_nothing(
    submission, quinn, ada, channel, client
):
    seen = submission.revision.digest
    actions.revise(submission, actor=ada, seen=seen, text="Another text.", channels=[channel])
    with pytest.raises(TextChangedError):
        break_glass(submission, actor=quinn, seen=seen, reason=REASON)
    submission.refresh_from_db()
    client.force_login(quinn)
    path, said = f"/posts/{submission.pk}/break-glass/", form(submission)
    assert [client.post(path, said).status_code for _ in range(2)] == [302, 409]
    assert Clearance.objects.count() == 1
    with pytest.raises(TransitionNotAllowed):
        break_glass(submission, actor=quinn, seen=said["seen"], reason=REASON)


def test_an_exception_is_no_example_for_others(submission, quinn, unit, channel, edition, rex):
    break_glass(submission, actor=quinn, seen=submission.revision.digest, reason=REASON)
    clearance = Clearance.objects.select_related("review").get()
    found = background.cleared_before(
        submission.revision.text, hire("Nora", unit), [channel], edition, clearance.starts_at
    )
    assert found is None


def test_the_list_costs_the_same_however_long_it_is(write, quinn, client):
    client.force_login(quinn)
    for number in range(2):
        post = write(f"No. {number}")
        break_glass(post, actor=quinn, seen=post.revision.digest, reason=REASON)
        write(f"Waiting {number}")
    before = queries_of(client, "/posts/break-glass/")
    for number in range(5):
        post = write(f"More {number}")
        break_glass(post, actor=quinn, seen=post.revision.digest, reason=REASON)
        write(f"More waiting {number}")
    assert queries_of(client, "/posts/break-glass/") == before
    assert Submission.objects.filter(state=State.CLEARED).count() == 7


def test_breaking_the_glass_is_no_agreement_to_any_stage(submission, quinn):
    broken = break_glass(submission, actor=quinn, seen=submission.revision.digest, reason=REASON)
    assert [step.agreed for step in asking.steps_of(broken)] == [()]
    assert (broken.decided_by, broken.is_pending()) == (quinn, False)
