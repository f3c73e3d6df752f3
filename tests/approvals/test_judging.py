"""Reviewers say whether findings were right; what they overrule is settled for the same words in the same place."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django_fsm import TransitionNotAllowed
from guardian.shortcuts import assign_perm

from approvals import actions, duties, effects, judging
from approvals.backing import contents
from approvals.errors import AlreadyJudgedError, RefusedPostError, TextChangedError
from approvals.findings import judged
from approvals.judging import OVERRULED, UPHELD, Missed, Opinion, Said
from approvals.models import Channel, Clearance, FindingVerdict, Hit, Miss, Settlement
from approvals.screening import screen
from approvals.states import State
from ledger.models import Entry
from organization.models import Person, Unit
from organization.roles import Role
from tests.approvals.small_policy import issue_small_policy
from tests.approvals.test_actions import sign
from tests.conftest import hire

pytestmark = pytest.mark.django_db


def wording(name, severity, find, kind="speaking_for_company", category="spokesperson"):
    return {
        "name": name,
        "kind": kind,
        "category": category,
        "severity": severity,
        "message": f"{name} looks at this.",
        "params": {"find": [find]},
        "examples": {"match": [], "pass": []},
    }


CHECKS = [
    wording("voice", "review", "zqcompany fully supports"),
    wording("promise", "block", "guaranteed", "claims", "financial_promise"),
    wording("hints", "review", "on our ward", "health", "health"),
    {
        "name": "numbers",
        "kind": "personal_data",
        "category": "personal_data",
        "severity": "review",
        "message": "A number of somebody.",
        "params": {"detect": ["email"]},
        "examples": {"match": [], "pass": []},
    },
    wording("tone", "advice", "wow"),
]
TEXT = "Acme fully supports parents. I made the school play."
BECAUSE = "It tells of her own week."


@pytest.fixture
def edition(company, lea, quinn):
    """A policy that asks about statements, promises, wards, numbers and tone."""
    return issue_small_policy(drafter=lea, approver=quinn, checks=CHECKS)


def said_of(submission, outcome=OVERRULED, reason=BECAUSE):
    screening = actions.latest_screening(submission.revision)
    return Said({one.hit.pk: Opinion(outcome, reason) for one in judged(screening)})


def clear(submission, actor, said):
    seen = submission.revision.digest
    return actions.decide(submission, actor=actor, verdict="clear", seen=seen, said=said)


def settled_in(text, author, channels):
    return {one["check"]: one["settled"] for one in screen(text, author, channels).findings}


@pytest.fixture
def settled(write, rex):
    """“Acme fully supports parents.” by Ada is settled by Rex."""
    post = write(TEXT)
    clear(post, rex, said_of(post))
    return Settlement.objects.get()


def test_a_hit_is_noted_once_for_each_finding_of_a_revision(write, lea, quinn, edition):
    post = write(TEXT + " Wow!")
    assert [hit.check_name for hit in post.revision.hits.all()] == ["voice", "tone"]
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy, checks=CHECKS)
    duties.rescreen_after_change()
    assert [hit.version for hit in post.revision.hits.all()] == [1, 2, 1, 2]


def test_verdicts_are_recorded_in_the_entry_of_the_decision(write, rex):
    post = write(TEXT)
    clear(post, rex, said_of(post))
    verdict, entry = FindingVerdict.objects.get(), Entry.objects.get(type="submission.clear")
    assert (verdict.outcome, verdict.reason, verdict.reviewer) == ("overruled", BECAUSE, rex)
    assert verdict.entry == entry
    assert entry.content["data"]["verdicts"] == [["good-faith", "voice", 1, 0, 19, "overruled"]]
    assert BECAUSE not in entry.body.decode()
    assert entry.opened("verdict_reasons")[1] == [BECAUSE]


def test_a_decision_that_says_nothing_of_findings_judges_none(write, rex):
    clear(write(TEXT), rex, judging.NOTHING)
    assert not FindingVerdict.objects.exists()


def test_declining_upholds_what_cites_the_provision_named(write, rex, edition):
    for anchor, outcomes in [("good-faith", ["upheld"]), ("backing-statement", [])]:
        post = write(f"{TEXT} {anchor}")
        provision = edition.provisions.get(anchor=anchor)
        seen = post.revision.digest
        actions.decide(
            post, actor=rex, verdict="decline", seen=seen, reason="No.", provision=provision
        )
        verdicts = FindingVerdict.objects.filter(hit__revision=post.revision)
        assert [one.outcome for one in verdicts] == outcomes


def test_what_is_said_of_a_finding_goes_before_what_declining_says(write, rex, edition):
    post = write(TEXT)
    provision = edition.provisions.get(anchor="good-faith")
    actions.decide(
        post,
        actor=rex,
        verdict="decline",
        seen=post.revision.digest,
        reason="For another reason.",
        provision=provision,
        said=said_of(post),
    )
    assert FindingVerdict.objects.get().outcome == "overruled"


def test_a_finding_is_overruled_only_with_a_reason(write, rex):
    post = write(TEXT)
    with pytest.raises(RefusedPostError, match="why this is fine"):
        clear(post, rex, said_of(post, reason=" "))
    post.refresh_from_db()
    assert post.state == State.IN_REVIEW


def test_the_same_words_in_the_same_place_are_settled_with_who_when_and_why(settled, ada, channel):
    told = settled_in("Acme fully supports parents! Another year, another play.", ada, [channel])
    assert told["voice"] == {
        "settlement": str(settled.pk),
        "by": "Rex",
        "on": settled.settled_at.date().isoformat(),
        "because": BECAUSE,
    }


@pytest.mark.parametrize(
    "text",
    [
        "ACME  FULLY supports parents.",
        "Acme fully suppo\u200brts parents.",
        "Acme fully supports\nparents"[:19] + " parents.",
    ],
    ids=["case and spaces", "a hidden character", "the end of the text"],
)
def test_the_phrase_is_compared_as_the_checks_read_it(settled, ada, channel, text):
    assert settled_in(text, ada, [channel])["voice"]


def test_a_settled_finding_is_advice_for_the_lane(settled, write, quinn, ada, channel):
    sign(quinn, ada, channel)
    post = write(TEXT)
    assert (post.state, post.lane) == (State.CLEARED, "green")
    assert Hit.objects.get(revision=post.revision).settlement == settled


def test_a_few_words_in_another_sentence_are_not_the_same_phrase(settled, ada, channel):
    assert settled_in("Acme fully supports the new law.", ada, [channel]) == {"voice": None}


@pytest.mark.parametrize("other", ["unit", "relation", "official", "static"])
def test_another_context_is_asked_about_again(settled, ada, channel, other_unit, other):
    if other == "unit":
        ada.unit = other_unit
    elif other == "relation":
        ada.relation = Person.Relation.PARTNER
    elif other == "official":
        channel.is_official = True
    else:
        channel.content_class = "static"
    assert settled_in(TEXT, ada, [channel]) == {"voice": None}


def test_a_colleague_in_the_same_context_is_helped(settled, unit, channel):
    assert settled_in(TEXT, hire("Bo", unit), [channel])["voice"]


def test_i03_nobody_is_helped_by_what_they_settled_themselves(settled, rex, channel):
    assert settled_in(TEXT, rex, [channel]) == {"voice": None}


def test_before_a_channel_is_chosen_nothing_is_settled(settled, ada):
    assert settled_in(TEXT, ada, []) == {"voice": None}


def test_a_new_version_of_the_clause_asks_again(settled, ada, channel, lea, quinn, edition):
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy, checks=CHECKS)
    assert settled_in(TEXT, ada, [channel]) == {"voice": None}


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("It is guaranteed.", "promise"),
        ("A quiet night on our ward.", "hints"),
        ("Write to her at bo.berg@gmail.com for details.", "numbers"),
    ],
    ids=["what blocks", "health", "personal data"],
)
def test_i06_what_is_firm_is_never_settled(write, rex, ada, channel, text, check):
    post = write(text)
    clear(post, rex, said_of(post))
    assert FindingVerdict.objects.get().outcome == "overruled"
    assert not Settlement.objects.exists()
    assert settled_in(text, ada, [channel]) == {check: None}


def test_i06_a_settlement_put_in_by_force_weakens_no_blocking_finding(
    settled, write, ada, rex, channel
):
    """Even a row that should not be there: what is firm is not looked up at all."""
    hit = write("It is guaranteed.").revision.hits.get()
    with transaction.atomic():
        verdict = FindingVerdict.objects.create(
            hit=hit, outcome=OVERRULED, reason="x", reviewer=rex, entry=settled.entry
        )
        hit.may_settle = True
        verdict.hit = hit
        effects._settle(verdict, hit.revision.submission)
    assert Settlement.objects.filter(check_name="promise").exists()
    assert settled_in("It is guaranteed.", ada, [channel]) == {"promise": None}
    assert screen("It is guaranteed.", ada, [channel]).lane == "red"


def test_advice_is_neither_judged_nor_settled(write, rex):
    post = write("Wow, what a day.")
    assert [one.asks for one in judged(actions.latest_screening(post.revision))] == [False]


def test_i03_nobody_judges_findings_on_their_own_post(write, rex, petra, channel):
    own = write(TEXT, author=rex)
    before = Entry.objects.count()
    with pytest.raises(PermissionDenied):
        judging.judge(own, actor=rex, seen=own.revision.digest, said=said_of(own))
    assert Entry.objects.count() == before


def test_i02_a_verdict_on_a_text_that_has_changed_is_refused(write, rex, ada, channel):
    post = write(TEXT)
    said, seen = said_of(post), post.revision.digest
    changed = actions.revise(post, actor=ada, seen=seen, text=TEXT + "!", channels=[channel])
    with pytest.raises(TextChangedError):
        judging.judge(post, actor=rex, seen=seen, said=said)
    with pytest.raises(TextChangedError):
        judging.judge(post, actor=rex, seen=changed.revision.digest, said=said)
    assert not FindingVerdict.objects.exists()


def test_a_finding_is_judged_once(write, rex, petra, channel):
    assign_perm("approvals.review_channel", petra, channel)
    post = write(TEXT)
    said, seen = said_of(post), post.revision.digest
    judging.judge(post, actor=rex, seen=seen, said=said)
    with pytest.raises(AlreadyJudgedError):
        judging.judge(post, actor=petra, seen=seen, said=said_of(post, UPHELD))
    with pytest.raises(AlreadyJudgedError):
        clear(post, petra, said)
    assert FindingVerdict.objects.get().reviewer == rex


def test_verdicts_hits_and_misses_cannot_be_changed(write, rex):
    post = write(TEXT)
    clear(post, rex, Said(said_of(post).opinions, Missed("school", "good-faith", 1, "voice")))
    for model in (Hit, FindingVerdict, Miss):
        row = model.objects.get()
        with pytest.raises(TypeError, match="cannot update"):
            row.save()
    with pytest.raises(DatabaseError, match="fresh entry"), transaction.atomic():
        Settlement.objects.update(state="lifted", lifted_by=rex, lifted_at=post.submitted_at)


def test_a_missed_passage_is_kept_as_a_place_in_the_post(write, rex):
    post = write(TEXT)
    missed = Missed("the SCHOOL play", "good-faith", 1, "promise")
    judging.judge(post, actor=rex, seen=post.revision.digest, said=Said(missed=missed))
    miss, entry = Miss.objects.get(), Entry.objects.get(type="submission.judge")
    assert TEXT[miss.start : miss.end] == "the school play"
    assert entry.content["data"]["missed"] == [["good-faith", "promise", 1, miss.start, miss.end]]
    with pytest.raises(AlreadyJudgedError):
        judging.judge(post, actor=rex, seen=post.revision.digest, said=Said(missed=missed))


def test_words_that_are_not_in_the_post_were_not_missed(write, rex):
    post = write(TEXT)
    with pytest.raises(RefusedPostError, match="not in the post"):
        judging.judge(
            post,
            actor=rex,
            seen=post.revision.digest,
            said=Said(missed=Missed("the moon", "good-faith", 1)),
        )


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("rex", True),
        ("quinn", True),
        ("petra", True),
        ("ada", False),
        ("lea", False),
        ("amin", False),
    ],
)
def test_who_lifts_a_settlement(settled, request, who, may, ada, channel):
    actor = request.getfixturevalue(who)
    if not may:
        with pytest.raises(PermissionDenied):
            judging.lift(settled, actor=actor)
        assert settled_in(TEXT, ada, [channel])["voice"]
        return
    lifted = judging.lift(settled, actor=actor)
    assert (lifted.state, lifted.lifted_by) == ("lifted", actor)
    assert lifted.entry.type == "settlement.lift"
    assert settled_in(TEXT, ada, [channel]) == {"voice": None}
    with pytest.raises(TransitionNotAllowed):
        judging.lift(settled, actor=actor)


def test_i06_a_post_that_relied_on_what_is_lifted_is_looked_at_again(
    settled, write, quinn, ada, channel
):
    sign(quinn, ada, channel)
    relied, other = write(TEXT), write("We opened a bike shed today.")
    judging.lift(settled, actor=quinn)
    duties.rescreen_after_lifting()
    for post in (relied, other):
        post.refresh_from_db()
    assert (relied.state, relied.lane) == (State.IN_REVIEW, "amber")
    assert other.state == State.CLEARED
    assert not Clearance.objects.get(revision=relied.revision).is_valid()
    assert judged(actions.latest_screening(relied.revision))[0].asks
    duties.rescreen_after_lifting()
    assert relied.revision.screenings.count() == 2


def test_the_same_reviewer_settles_a_phrase_once(settled, write, rex, petra, channel):
    """A post that was under way keeps its question; judged alike, it settles nothing twice."""
    post = write("Acme fully supports parents. Yes. Acme fully supports parents.")
    judging.judge(post, actor=rex, seen=post.revision.digest, said=said_of(post))
    assert Settlement.objects.count() == 1
    assert FindingVerdict.objects.count() == 3


@pytest.mark.parametrize("how", ["overruled", "upheld", "settled before", "read"])
def test_the_record_says_how_each_finding_was_settled(how, write, rex, quinn, ada, channel):
    post = write(TEXT)
    said = {"upheld": said_of(post, UPHELD, ""), "read": judging.NOTHING}.get(how, said_of(post))
    post = clear(post, rex, said)
    if how == "settled before":
        sign(quinn, ada, channel)
        post = write(TEXT)
    says = contents(post.clearance)["findings"][0]["settled"]
    day = FindingVerdict.objects.get().judged_at.date().isoformat() if how != "read" else ""
    assert (
        says
        == {
            "overruled": f"Fine here, said Rex: {BECAUSE}",
            "upheld": "Rightly asked; read and cleared by Rex",
            "settled before": f"The same words were settled by Rex on {day}: {BECAUSE}",
            "read": "Read and cleared by Rex",
        }[how]
    )


def test_the_phrase_stands_nowhere_but_in_its_post(settled):
    stored = [str(value) for value in Settlement.objects.values_list()]
    assert not any("parents" in value for value in stored)
    assert "parents" not in settled.entry.body.decode()


def test_a_settlement_cannot_be_taken_twice_by_the_same_reviewer(settled):
    twin = Settlement.objects.get()
    twin.pk = uuid.uuid4()
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        twin.save(force_insert=True)


def test_units_of_another_profile_have_settlements_of_their_own(settled, channel):
    """The unit is part of the context, so a broker-dealer's people are asked whatever others settled."""
    securities = Unit.objects.create(name="Securities", profile=Unit.Profile.BROKER_DEALER)
    assert settled_in(TEXT, hire("Sol", securities, Role.MANAGER), [channel]) == {"voice": None}


def test_the_strictest_of_several_channels_is_the_context(settled, ada, channel):
    official = Channel.objects.create(name="Acme on X", network="x", is_official=True)
    assert settled_in(TEXT, ada, [channel, official]) == {"voice": None}
