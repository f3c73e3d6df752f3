"""Another wording: offered by a reviewer, taken or left by its author."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from guardian.shortcuts import assign_perm

from approvals import actions, backing, offers
from approvals.errors import MixedPostError, RefusedPostError, StaleOfferError, TextChangedError
from approvals.models import Clearance, Review, Revision, Submission, Verdict
from approvals.offer_rules import SECOND_PERSON, second_person
from approvals.states import State
from approvals.story import story_of
from ledger.models import Entry
from organization.models import Notice
from tests.approvals.small_policy import issue_small_policy

pytestmark = pytest.mark.django_db
OWN, BETTER = "We opened a bike shed today.", "Our new bike shed is open."
PEOPLE = ["ada", "rex", "petra", "rita", "zoe"]


def offer(submission, actor, text=BETTER, **extra):
    extra = {"seen": submission.revision.digest, "reason": "Shorter."} | extra
    return offers.offer(submission, actor=actor, text=text, **extra)


@pytest.fixture
def offered(submission, rex):
    return offer(submission, rex)


def test_an_offer_waits_for_the_author_and_changes_nothing_of_the_post(offered, rex, ada):
    assert (offered.state, offered.revision.text, offered.wording.text) == (
        State.OFFERED,
        OWN,
        BETTER,
    )
    assert (offered.wording.created_by, offered.wording.number) == (rex, 2)
    assert offered.wording.channels == offered.revision.channels
    assert not Clearance.objects.exists()
    notice = ada.notices.get(event="offered")
    assert notice.context["text"] == BETTER


def test_what_is_taken_is_cleared_by_the_offers_review_of_exactly_that_digest(offered, ada, rex):
    seen = offered.wording.digest
    taken = offers.accept(offered, actor=ada, seen=seen)
    assert (taken.state, taken.revision.text, taken.wording) == (State.CLEARED, BETTER, None)
    clearance = taken.clearance
    assert (clearance.revision.digest, clearance.review.reviewer) == (seen, rex)
    assert (clearance.review.verdict, clearance.is_valid()) == (Verdict.OFFER, True)
    entry = Entry.objects.get(type="submission.accept")
    assert seen in bytes(entry.body).decode()
    assert clearance.number in bytes(entry.body).decode()


def test_the_backing_record_names_who_offered_the_words(edition, offered, ada):
    taken = offers.accept(offered, actor=ada, seen=offered.wording.digest)
    clearance = Clearance.objects.select_related(*backing.WANTED).get(pk=taken.clearance_id)
    assert backing._reviewers(clearance)[0] == {
        "name": "Rex",
        "role": "Communications lead",
        "authority": "Reviewer for Own LinkedIn",
        "verdict": "Cleared with this wording of theirs, which the author took,",
        "at": backing.stamp(clearance.review.decided_at),
    }


def test_a_wording_that_is_left_leaves_a_draft_that_can_go_forward_again(offered, ada, channel):
    draft = offers.turn_down(offered, actor=ada, seen=offered.wording.digest)
    assert (draft.state, draft.revision.text, draft.wording) == (State.DRAFT, OWN, None)
    seen = draft.revision.digest
    again = actions.revise(draft, actor=ada, seen=seen, text="Mine.", channels=[channel])
    assert (again.state, again.revision.number) == (State.IN_REVIEW, 3)
    assert not Clearance.objects.exists()


def test_a_post_with_an_offer_can_be_taken_back(offered, ada):
    gone = actions.withdraw(offered, actor=ada, seen=offered.revision.digest)
    assert (gone.state, gone.wording) == (State.WITHDRAWN, None)


def test_the_story_tells_who_offered_and_who_took(offered, ada):
    taken = offers.accept(offered, actor=ada, seen=offered.wording.digest)
    says = [moment.says for moment in story_of(taken, for_author=True)]
    assert says == [
        "Submitted",
        "Rex: clear with this wording",
        "The author took the wording, and it was cleared",
    ]


@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_offer(who, request, submission, channel, petra):
    assign_perm("approvals.review_channel", petra, channel)
    actor = request.getfixturevalue(who)
    if who in {"rex", "petra"}:
        assert offer(submission, actor).state == State.OFFERED
        return
    entries = Entry.objects.count()
    with pytest.raises(PermissionDenied):
        offer(submission, actor)
    assert (Entry.objects.count(), Revision.objects.count()) == (entries, 1)


@pytest.mark.parametrize("act", [offers.accept, offers.turn_down])
@pytest.mark.parametrize("who", PEOPLE)
def test_only_the_author_takes_or_leaves_a_wording(who, act, request, offered):
    actor = request.getfixturevalue(who)
    if who == "ada":
        assert act(offered, actor=actor, seen=offered.wording.digest).state != State.OFFERED
        return
    entries = Entry.objects.count()
    with pytest.raises(PermissionDenied):
        act(offered, actor=actor, seen=offered.wording.digest)
    offered.refresh_from_db()
    assert (offered.state, Entry.objects.count()) == (State.OFFERED, entries)


def test_i02_an_offer_about_a_text_that_has_changed_is_refused(submission, rex, ada, channel):
    seen = submission.revision.digest
    actions.revise(submission, actor=ada, seen=seen, text="Another text.", channels=[channel])
    with pytest.raises(TextChangedError):
        offer(submission, rex, seen=seen)


def test_i02_the_authors_edit_of_a_post_that_has_an_offer_comes_too_late(offered, ada, channel):
    with pytest.raises(TransitionNotAllowed):
        actions.revise(
            offered, actor=ada, seen=offered.revision.digest, text="Mine.", channels=[channel]
        )


def test_i02_a_press_on_an_older_offer_takes_nothing(offered, ada, rex, channel):
    older = offered.wording.digest
    draft = offers.turn_down(offered, actor=ada, seen=older)
    again = actions.revise(
        draft, actor=ada, seen=draft.revision.digest, text=OWN, channels=[channel]
    )
    newer = offer(again, rex, "The bike shed is open now.")
    with pytest.raises(StaleOfferError):
        offers.accept(newer, actor=ada, seen=older)
    assert not Clearance.objects.exists()


def test_i11_a_second_press_takes_nothing_twice(offered, ada):
    seen = offered.wording.digest
    offers.accept(offered, actor=ada, seen=seen)
    with pytest.raises(StaleOfferError):
        offers.accept(offered, actor=ada, seen=seen)
    assert Clearance.objects.count() == 1


def test_i06_an_offer_does_not_survive_another_edition(offered, ada, edition, lea, quinn, rex):
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy)
    with pytest.raises(StaleOfferError):
        offers.accept(offered, actor=ada, seen=offered.wording.digest)
    actions.rescreen(offered)
    offered.refresh_from_db()
    assert (offered.state, offered.wording, offered.revision.text) == (State.IN_REVIEW, None, OWN)
    assert offered.owner == rex


def test_i03_an_offer_of_who_no_longer_reviews_cannot_be_taken(offered, ada, rex):
    rex.is_active = False
    rex.save()
    with pytest.raises(StaleOfferError):
        offers.accept(offered, actor=ada, seen=offered.wording.digest)


def test_an_offer_whose_time_has_passed_cannot_be_taken(write, rex, ada, time_machine):
    until = timezone.now() + dt.timedelta(hours=1)
    offered = offer(write(window_until=until), rex)
    time_machine.move_to(until)
    with pytest.raises(StaleOfferError):
        offers.accept(offered, actor=ada, seen=offered.wording.digest)


def test_an_offer_without_another_word_is_refused(submission, rex):
    with pytest.raises(RefusedPostError, match="no word"):
        offer(submission, rex, OWN)
    assert Revision.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [" ", "My pay at Acme has not gone up in three years.", "a\0b", "x" * 100_001],
    ids=["nothing", "protected speech", "a null", "too much"],
)
def test_a_wording_that_could_not_be_put_forward_is_not_stored(submission, rex, text):
    with pytest.raises(RefusedPostError):
        offer(submission, rex, text)
    assert Revision.objects.count() == 1


HELLO = {
    "name": "hello",
    "kind": "claims",
    "category": "style",
    "severity": "review",
    "message": "Who says hello?",
    "params": {"find": ["hello"]},
}
PAY = "My pay at Acme has not gone up in three years, and my colleagues say the same."


@pytest.fixture
def checked(edition, lea, quinn):
    """An edition with a check, so that a post of which a part is protected needs a person for the rest."""
    return issue_small_policy(
        drafter=lea, approver=quinn, number=2, policy=edition.policy, checks=[HELLO]
    )


def test_i13_a_reviewer_adds_no_protected_speech(checked, submission, rex):
    with pytest.raises(MixedPostError):
        offer(submission, rex, f"Hello. {PAY}")
    assert Revision.objects.count() == 1


def test_i13_a_reviewer_leaves_protected_speech_as_it_is(checked, write, rex):
    mixed = write(f"Hello there. {PAY}", together=True)
    with pytest.raises(RefusedPostError, match="not yours to change"):
        offer(mixed, rex, BETTER)
    assert offer(mixed, rex, f"Hello here. {PAY}").state == State.OFFERED


@pytest.mark.parametrize("profile", [rule.profile for rule in SECOND_PERSON])
def test_i03_where_a_second_person_decides_the_offerer_does_not(
    profile, unit, write, rex, petra, ada, channel
):
    unit.profile = profile
    unit.save()
    assign_perm("approvals.review_channel", petra, channel)
    post = write()
    actions.hand_over(post, actor=rex) if post.owner != rex else None
    offered = offer(post, rex)
    taken = offers.accept(offered, actor=ada, seen=offered.wording.digest)
    assert (taken.state, taken.owner, taken.clearance) == (State.IN_REVIEW, petra, None)
    assert list(taken.co_authors.all()) == [rex]
    assert taken not in Submission.objects.reviewable_by(rex)
    seen = taken.revision.digest
    with pytest.raises(PermissionDenied):
        actions.decide(taken, actor=rex, verdict=Verdict.CLEAR, seen=seen)
    with pytest.raises(PermissionDenied):
        offer(taken, rex, "Third wording.")
    cleared = actions.decide(taken, actor=petra, verdict=Verdict.CLEAR, seen=seen)
    assert cleared.clearance.review.reviewer == petra


def test_i06_a_profile_that_is_relaxed_later_weakens_no_offer(unit, write, rex, ada):
    unit.profile = "hospital"
    unit.save()
    offered = offer(write(), rex)
    unit.profile = "general"
    unit.save()
    taken = offers.accept(offered, actor=ada, seen=offered.wording.digest)
    assert (taken.state, taken.owner) == (State.IN_REVIEW, None)


def test_a_profile_that_is_not_known_is_held_to_a_second_person():
    assert second_person("general") is None
    assert second_person("general", "bank") == SECOND_PERSON[0]


def test_an_offer_that_was_taken_counts_for_its_author(offered, ada):
    from_before = Review.objects.in_effect().filter(verdict=Verdict.OFFER).count()
    offers.accept(offered, actor=ada, seen=offered.wording.digest)
    record = actions.screen(OWN, ada, list(offered.channels.all())).evaluation.inputs
    assert (from_before, record.posts_cleared) == (1, 1)


def test_the_answer_to_a_question_goes_back_to_who_asked(submission, rex, ada):
    seen = submission.revision.digest
    asked = actions.decide(
        submission, actor=rex, verdict=Verdict.SEND_BACK, seen=seen, reason="Which shed?"
    )
    told = actions.answer(asked, actor=ada, seen=seen, words="The one at gate 4.")
    assert (told.state, told.revision.digest, told.owner) == (State.IN_REVIEW, seen, rex)
    assert (told.revision.note, told.revision.number) == ("The one at gate 4.", 2)


@pytest.mark.parametrize("who", ["rex", "zoe"])
def test_only_the_author_answers(who, request, submission, rex):
    seen = submission.revision.digest
    asked = actions.decide(
        submission, actor=rex, verdict=Verdict.SEND_BACK, seen=seen, reason="Which shed?"
    )
    with pytest.raises(PermissionDenied):
        actions.answer(asked, actor=request.getfixturevalue(who), seen=seen, words="This one.")


def test_i03_a_co_author_does_not_decide_and_is_not_asked(write, rex, petra, channel):
    assign_perm("approvals.review_channel", petra, channel)
    post = write(co_authors=[petra])
    assert post.owner == rex
    assert post not in Submission.objects.reviewable_by(petra)
    with pytest.raises(PermissionDenied):
        actions.decide(post, actor=petra, verdict=Verdict.CLEAR, seen=post.revision.digest)
    assert actions.hand_over(post, actor=actions.CLOCK).owner == rex


def test_i03_a_co_author_named_later_takes_the_post_from_its_reviewer(
    submission, rex, petra, ada, channel
):
    assign_perm("approvals.review_channel", petra, channel)
    seen = submission.revision.digest
    changed = actions.revise(
        submission, actor=ada, seen=seen, text=OWN, channels=[channel], co_authors=[rex]
    )
    assert changed.owner == petra
    with pytest.raises(PermissionDenied):
        actions.decide(changed, actor=rex, verdict=Verdict.CLEAR, seen=changed.revision.digest)


def test_a_co_author_stays_one(write, rex, petra, ada, channel):
    assign_perm("approvals.review_channel", petra, channel)
    post = write(co_authors=[petra])
    seen = post.revision.digest
    actions.revise(post, actor=ada, seen=seen, text="Mine alone.", channels=[channel])
    assert list(post.co_authors.all()) == [petra]


def test_the_mail_to_the_reviewer_has_the_post_and_no_protected_passage(checked, write, rex):
    write(f"Hello there. {PAY}", together=True)
    notice = Notice.objects.get(person=rex, event="review_wanted")
    assert notice.context["text"] == "Hello there. […]"
    assert set(notice.context["findings"]) == {"Who says hello?"}
    assert notice.path.split("/")[2] == str(Submission.objects.get().pk)


def test_the_mail_of_a_red_post_tells_nothing_of_it(edition, lea, quinn, write, rex):
    firm = HELLO | {"severity": "block"}
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy, checks=[firm])
    assert write("Hello there.").lane == "red"
    context = Notice.objects.get(person=rex, event="review_wanted").context
    assert (context["text"], context["findings"]) == ("", [])


def test_i11_the_same_key_is_still_one_submission(write, petra):
    key = uuid.uuid4()
    assert write(key=key, co_authors=[petra]).pk == write(key=key, co_authors=[petra]).pk
