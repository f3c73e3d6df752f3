"""Routes at work: who is asked, who may agree, what their agreement comes to, and what a change of rules adds."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from guardian.shortcuts import assign_perm

from approvals import (
    actions,
    asking,
    background,
    backing,
    claims,
    desks,
    duties,
    offers,
    route_drafting,
    routes,
    rules,
    undoing,
    waiting,
)
from approvals.errors import TextChangedError, TooLateToUndoError
from approvals.models import Channel, Clearance, Review, RouteRules, Submission, Verdict
from approvals.route_rules import DESK, REGISTRATION, SKILL, Rule
from approvals.routes import Stage
from approvals.states import State
from ledger.models import Entry
from organization import actions as administration
from organization.models import Notice
from organization.roles import Role
from tests.approvals.small_policy import issue_small_policy
from tests.conftest import hire

pytestmark = pytest.mark.django_db
DESK_FIRST = Rule("The desk looks.", of=DESK)
THEN_LEGAL = Rule("Legal reads it.", of=SKILL, named="legal")


@pytest.fixture
def issue_rules(lea, quinn):
    """Put rules in force: Lea drafts them, Quinn issues them."""

    def issue(*rows):
        draft = route_drafting.start(actor=lea)
        for _ in routes.rules_in(draft.table):
            draft = route_drafting.remove_rule(draft, actor=lea, seen=draft.digest, at=0)
        for rule in rows:
            draft = route_drafting.keep_rule(draft, rule, actor=lea, seen=draft.digest)
        return route_drafting.issue(draft, actor=quinn, seen=draft.digest)

    return issue


@pytest.fixture
def petra(petra, channel):
    """Petra sits at the desk, too."""
    assign_perm("approvals.review_channel", petra, channel)
    return petra


@pytest.fixture
def tom(unit, channel):
    """A third reviewer at the desk."""
    tom = hire("Tom", unit, Role.REVIEWER)
    assign_perm("approvals.review_channel", tom, channel)
    return tom


@pytest.fixture
def nora(other_unit):
    """A lawyer who reviews, at no desk."""
    return hire("Nora", other_unit, Role.REVIEWER, skills=["legal"], job_title="Lawyer")


def clear(submission, actor, **extra):
    extra = {"seen": submission.revision.digest, "verdict": Verdict.CLEAR} | extra
    return actions.decide(submission, actor=actor, **extra)


def fresh(submission):
    return Submission.objects.get(pk=submission.pk)


def steps_of(submission):
    return [entry.type.removeprefix("submission.") for entry in _about(submission)]


def _about(submission):
    return Entry.objects.about(f"approvals.submission:{submission.pk.hex}")


def test_the_shipped_rules_ask_one_of_the_desk_and_are_kept_with_the_post(submission, rex):
    assert (submission.owner, submission.stage, submission.asks) == (rex, 0, DESK)
    assert submission.route_rules == routes.SHIPPED_DIGEST
    assert asking.replayed(submission).is_same
    assert clear(submission, rex).state == State.CLEARED
    assert steps_of(submission) == ["submit", "clear"]


def test_stages_come_in_sequence_and_the_last_agreement_clears(issue_rules, write, rex, nora):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    post = write()
    assert post.owner == rex
    agreed = clear(post, rex)
    assert (agreed.state, agreed.stage, agreed.owner) == (State.IN_REVIEW, 1, nora)
    assert agreed.clearance is None
    assert Notice.objects.filter(person=nora, event="review_wanted").count() == 1
    cleared = clear(post, nora)
    assert (cleared.state, cleared.owner) == (State.CLEARED, None)
    assert cleared.clearance.review.reviewer == nora
    assert steps_of(post) == ["submit", "agree", "clear"]
    told = list(Review.objects.values_list("reviewer__name", "stage", "verdict", "authority"))
    assert told == [
        ("Rex", 0, "agree", "Reviewer for Own LinkedIn"),
        ("Nora", 1, "clear", "Reviewer for legal"),
    ]


def test_the_record_names_everybody_who_agreed(issue_rules, write, rex, nora):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    post = write()
    clear(post, rex)
    clearance = Clearance.objects.get(pk=clear(post, nora).clearance.pk)
    reviewers = backing.contents(clearance)["reviewers"]
    assert [(one["name"], one["verdict"]) for one in reviewers] == [
        ("Rex", "Agreed"),
        ("Nora", "Cleared"),
    ]


def test_somebody_with_the_skill_sees_the_post_only_once_it_is_asked_of_them(
    issue_rules, write, rex, nora
):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    post = write()
    assert not Submission.objects.visible_to(nora).exists()
    with pytest.raises(PermissionDenied):
        clear(post, nora)
    clear(post, rex)
    assert Submission.objects.asking(nora).get() == post
    clear(post, nora)
    assert Submission.objects.visible_to(nora).get() == post


def test_k_of_n_is_cleared_by_the_last_who_is_needed(issue_rules, write, rex, petra, tom):
    issue_rules(Rule("Two look.", votes=2))
    post = write()
    first = clear(post, rex)
    assert (first.state, first.stage) == (State.IN_REVIEW, 0)
    assert first.owner in {petra, tom}
    assert clear(post, tom).state == State.CLEARED


def test_everybody_means_all_who_could_when_it_was_asked(
    issue_rules, write, rex, petra, tom, unit, channel
):
    issue_rules(Rule("All look.", everybody=True))
    post = write()
    assert post.asked.votes == 3
    late = hire("Late", unit, Role.REVIEWER)
    assign_perm("approvals.review_channel", late, channel)
    states = [clear(post, who).state for who in (rex, petra, tom)]
    assert states == [State.IN_REVIEW, State.IN_REVIEW, State.CLEARED]


def test_the_same_person_does_not_agree_twice(issue_rules, write, rex, petra):
    issue_rules(Rule("Two look.", votes=2))
    post = write()
    clear(post, rex)
    entries = Entry.objects.count()
    with pytest.raises(PermissionDenied, match="agreed to this post already"):
        clear(post, rex)
    assert Entry.objects.count() == entries
    assert Review.objects.count() == 1


@pytest.mark.parametrize("again", [False, True])
def test_nobody_counts_in_two_stages_unless_the_rule_says_so(issue_rules, write, rex, again):
    rex.skills = ["legal"]
    rex.save()
    issue_rules(DESK_FIRST, Rule("Legal reads it.", of=SKILL, named="legal", again=again))
    post = write()
    agreed = clear(post, rex)
    assert agreed.owner == (rex if again else None)
    assert Submission.objects.asking(rex).exists() == again
    if again:
        assert clear(post, rex).state == State.CLEARED
    else:
        with pytest.raises(PermissionDenied):
            clear(post, rex)


def test_a_principal_s_stage_is_a_registered_reviewer_s(issue_rules, write, rex, petra):
    issue_rules(DESK_FIRST, Rule("Series 24.", of=REGISTRATION, named="series 24"))
    post = write()
    assert clear(post, rex).owner == petra
    with pytest.raises(PermissionDenied):
        clear(post, hire("Paul", rex.unit, Role.REVIEWER, registration="Series 24"))  # at no desk
    assert clear(post, petra).state == State.CLEARED


def test_where_the_law_wants_a_principal_the_rules_cannot_do_without(
    issue_rules, write, unit, rex, petra, channel
):
    """FINRA 2210(b)(1)."""
    unit.profile = "broker-dealer"
    unit.save()
    channel.content_class = "static"
    channel.save()
    issue_rules(DESK_FIRST)
    post = write()
    assert [stage.of for stage in post.way.stages] == [DESK, REGISTRATION]
    assert clear(post, rex).owner == petra
    assert clear(post, petra).state == State.CLEARED


def test_a_unit_that_becomes_a_broker_dealer_meanwhile_needs_its_principal(
    write, unit, rex, petra, channel
):
    channel.content_class = "static"
    channel.save()
    post = write()
    unit.profile = "broker-dealer"
    unit.save()
    with pytest.raises(PermissionDenied, match="registered principal"):
        clear(post, rex)
    assert clear(post, petra).state == State.CLEARED


@pytest.mark.parametrize("verdict", [Verdict.SEND_BACK, Verdict.DECLINE])
def test_declining_or_asking_for_changes_ends_it_at_once(
    verdict, issue_rules, write, rex, nora, edition
):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    post = write()
    clear(post, rex)
    provision = edition.provisions.first()
    ended = clear(post, nora, verdict=verdict, reason="No.", provision=provision)
    assert ended.state in {State.RETURNED, State.DECLINED}
    assert ended.owner is None


def test_who_is_not_asked_now_may_stop_it_and_not_clear_it(issue_rules, write, rex, petra, nora):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    post = write()
    clear(post, rex)
    with pytest.raises(PermissionDenied, match="one reviewer with the skill “legal”"):
        clear(post, petra)
    assert clear(post, petra, verdict="send_back", reason="Wait.").state == State.RETURNED


def test_i02_an_agreement_on_a_text_that_has_changed_is_refused(
    issue_rules, write, rex, petra, ada, channel
):
    issue_rules(Rule("Two look.", votes=2))
    post = write()
    seen = post.revision.digest
    clear(post, rex)
    actions.revise(post, actor=ada, seen=seen, text="Another text.", channels=[channel])
    with pytest.raises(TextChangedError):
        clear(post, petra, seen=seen)
    changed = fresh(post)
    assert (changed.stage, asking.steps_of(changed)[0].agreed) == (0, ())
    assert clear(changed, rex).state == State.IN_REVIEW
    assert clear(changed, petra).state == State.CLEARED


@pytest.mark.parametrize("of", [DESK, SKILL])
def test_i03_nobody_decides_for_their_manager_whatever_the_rules_say(of, issue_rules, write, max, rex, nora):  # noqa: A002  # fmt: skip
    for reviewer in (rex, nora):
        reviewer.manager = max
        reviewer.save()
    issue_rules(Rule("Asked.", of=of, named="legal" if of == SKILL else ""))
    post = write(author=max)
    assert post.owner is None
    for reviewer in (rex, nora):
        for verdict in (Verdict.CLEAR, Verdict.SEND_BACK):
            with pytest.raises(PermissionDenied):
                clear(post, reviewer, verdict=verdict, reason="x")
        assert not Submission.objects.reviewable_by(reviewer).exists()
    assert not Review.objects.exists()


def test_i03_who_wrote_the_revision_that_stands_does_not_decide_on_it(submission, rex, petra):
    submission.revision.created_by = rex  # in memory: a counter-offer writes it so
    assert not rules.may_review(submission, rex)
    assert rules.may_review(submission, petra)


@pytest.mark.parametrize("stage", [DESK, SKILL, REGISTRATION])
@pytest.mark.parametrize(
    "who", ["ada", "rex", "petra", "tom", "nora", "lea", "quinn", "max", "rita", "amin", "zoe"]
)
def test_the_list_the_button_and_the_choice_of_an_owner_agree(
    stage, who, request, issue_rules, write, rex, petra, tom, nora, channel
):
    tom.skills = ["legal", "finance"]
    tom.save()
    issue_rules(Rule("Asked.", of=stage, named="legal" if stage == SKILL else "", votes=2))
    mine, theirs = write(), write("Another post.", author=rex)
    person = request.getfixturevalue(who)
    if rules.may_agree(mine, person) and person != mine.owner:
        clear(mine, person)
    for one in Submission.objects.all():
        able = desks.able(
            one.asked,
            [channel],
            timezone.now(),
            author=one.author,
            writers={one.author_id},
            agreed=asking.Agreed.to(one).barred_from(one.stage, one.asked),
        )
        listed = Submission.objects.asking(person).filter(pk=one.pk).exists()
        assert listed == rules.may_agree(one, person) == (person in able)
    assert theirs.owner != rex


def test_with_nobody_able_the_administrators_are_told_once_and_the_clock_tries_again(
    issue_rules, write, rex, amin, nora
):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    administration.change_person(nora, actor=amin, roles={Role.REVIEWER}, skills=[])
    post = write()
    agreed = clear(post, rex)
    assert (agreed.state, agreed.owner) == (State.IN_REVIEW, None)
    duties.keep_moving(timezone.now() + dt.timedelta(minutes=10))
    notice = Notice.objects.get(event="nobody_able")
    assert notice.person == amin
    assert notice.context["asked"] == "one reviewer with the skill “legal”"
    administration.change_person(nora, actor=amin, roles={Role.REVIEWER}, skills=["legal"])
    duties.keep_moving(timezone.now() + dt.timedelta(minutes=20))
    assert fresh(post).owner == nora


def test_a_post_whose_owner_has_left_gets_another_at_once(write, rex, petra, amin):
    post = write()
    other = petra if post.owner == rex else rex
    administration.deactivate(post.owner, actor=amin)
    duties.keep_moving(timezone.now() + dt.timedelta(minutes=10))
    assert fresh(post).owner == other
    entries = Entry.objects.count()
    duties.keep_moving(timezone.now() + dt.timedelta(minutes=10))
    assert Entry.objects.count() == entries


def test_i06_new_rules_add_to_a_post_that_waits_and_take_nothing_away(
    issue_rules, write, rex, petra, tom, nora
):
    issue_rules(Rule("Two look.", votes=2))
    post = write()
    clear(post, rex)
    issue_rules(THEN_LEGAL)
    duties.reroute_after_change()
    rerouted = fresh(post)
    assert [(stage.of, stage.votes) for stage in rerouted.way.stages] == [(DESK, 2), (SKILL, 1)]
    assert asking.replayed(rerouted).is_same
    assert rerouted.owner in {petra, tom}
    assert clear(post, petra).owner == nora  # Rex's agreement still stands
    assert clear(post, nora).state == State.CLEARED
    assert steps_of(post) == ["submit", "agree", "reroute", "agree", "clear"]


def test_i06_a_stage_that_was_over_is_asked_again_where_it_needs_more(
    issue_rules, write, rex, petra, nora
):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    post = write()
    clear(post, rex)
    issue_rules(Rule("Two look.", votes=2), THEN_LEGAL)
    duties.reroute_after_change()
    back = fresh(post)
    assert (back.stage, back.owner) == (0, petra)
    assert clear(back, petra).owner == nora


def test_i11_rerouting_twice_changes_nothing_the_second_time(issue_rules, write):
    post = write()
    issue_rules(DESK_FIRST)
    duties.reroute_after_change()
    entries = Entry.objects.count()
    duties.reroute_after_change()
    actions.reroute(post)
    assert Entry.objects.count() == entries


def test_new_rules_leave_what_is_cleared_alone(issue_rules, write, rex, nora):
    post = write()
    clear(post, rex)
    issue_rules(THEN_LEGAL, DESK_FIRST)
    duties.reroute_after_change()
    assert fresh(post).state == State.CLEARED


def test_i06_a_post_changed_under_way_is_asked_about_by_its_former_rules_too(
    issue_rules, write, ada, channel, nora
):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    post = write()
    issue_rules(DESK_FIRST)
    changed = actions.revise(
        post, actor=ada, seen=post.revision.digest, text="Other words.", channels=[channel]
    )
    assert [stage.of for stage in changed.way.stages] == [DESK, SKILL]
    assert changed.route_rules == RouteRules.objects.in_force().get().digest


def test_i06_another_edition_keeps_agreements_while_a_post_waits(
    issue_rules, write, rex, petra, edition, lea, quinn
):
    issue_rules(Rule("Two look.", votes=2))
    post = write()
    clear(post, rex)
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy)
    actions.rescreen(post)
    assert clear(fresh(post), petra).state == State.CLEARED


def test_i06_a_clearance_that_a_new_edition_ends_has_used_up_the_agreements(
    issue_rules, write, rex, petra, edition, lea, quinn
):
    issue_rules(Rule("Two look.", votes=2))
    post = write()
    clear(post, rex)
    clear(post, petra)
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy)
    actions.rescreen(post)
    back = fresh(post)
    assert (back.state, asking.Agreed.to(back).votes) == (State.IN_REVIEW, {})
    assert clear(back, rex).state == State.IN_REVIEW
    cleared = clear(back, petra)
    names = [one["name"] for one in backing.contents(cleared.clearance)["reviewers"]]
    assert names == ["Rex", "Petra"]


def test_i08_handing_over_within_a_stage_never_asks_who_has_agreed(
    issue_rules, write, rex, petra, tom
):
    issue_rules(Rule("Two look.", votes=2))
    post = write()
    clear(post, rex)
    owners = set()
    for _ in range(4):
        owners.add(actions.hand_over(post, actor=actions.CLOCK).owner)
        post = fresh(post)
    assert owners == {petra, tom}


def test_a_vote_after_the_last_comes_too_late(issue_rules, write, rex, petra, tom):
    issue_rules(Rule("Two look.", votes=2))
    post = write()
    clear(post, rex)
    clear(post, petra)
    with pytest.raises(TransitionNotAllowed):
        clear(post, tom)


def test_an_agreement_is_not_counted_as_a_post_cleared(issue_rules, write, rex, nora, ada):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    post = write()
    clear(post, rex)
    assert background.record_of(ada, timezone.now()).posts_cleared == 0
    clear(post, nora)
    assert background.record_of(ada, timezone.now()).posts_cleared == 1


def test_conditions_reach_from_the_post_to_the_route(issue_rules, write, rex, nora):
    official = Channel.objects.create(name="Acme on X", network="x", is_official=True)
    assign_perm("approvals.review_channel", rex, official)
    issue_rules(
        DESK_FIRST,
        Rule("Legal on our own accounts.", {"is_official": ("yes",)}, SKILL, "legal"),
        Rule("Registered in another unit.", {"unit": ("999",)}, REGISTRATION),
    )
    assert [stage.of for stage in write().way.stages] == [DESK]
    assert [stage.of for stage in write("B.", channels=[official]).way.stages] == [DESK, SKILL]


def test_each_stage_has_the_promised_time_of_its_own(issue_rules, write, rex, nora):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    with time_machine.travel("2037-12-07T15:00:00Z", tick=False):  # a Monday, 10:00 in New York
        post = write()
    assert post.due_at == dt.datetime(2037, 12, 7, 17, tzinfo=dt.UTC)
    with time_machine.travel("2037-12-07T16:30:00Z", tick=False):
        assert clear(post, rex).due_at == dt.datetime(2037, 12, 7, 18, 30, tzinfo=dt.UTC)


def test_an_empty_route_of_an_older_row_asks_the_desk():
    assert Submission().asked == routes.ANY_OF_THE_DESK
    assert Submission().way.stages == ()
    assert Stage.by(DESK_FIRST.as_data()).of == DESK


TEN_SECONDS = dt.timedelta(seconds=10)


@pytest.mark.parametrize("verdict", ["clear", "send_back", "decline"])
def test_who_decided_by_a_skill_may_undo_it(verdict, issue_rules, write, nora, edition):
    issue_rules(THEN_LEGAL)
    post = write()
    said = {"reason": "A customer is named.", "provision": edition.provisions.first()}
    decided = clear(post, nora, verdict=verdict, undo_for=TEN_SECONDS, **said)
    assert decided.state != State.IN_REVIEW
    undone = undoing.undo(fresh(post), actor=nora)
    assert (undone.state, undone.owner) == (State.IN_REVIEW, nora)
    assert clear(fresh(post), nora).state == State.CLEARED


def test_a_wording_offered_by_who_has_the_skill_can_be_taken(issue_rules, write, nora, ada):
    issue_rules(THEN_LEGAL)
    post = write()
    offered = offers.offer(post, actor=nora, seen=post.revision.digest, text="A shed is open.")
    taken = offers.accept(fresh(post), actor=ada, seen=offered.wording.digest)
    assert (taken.state, taken.clearance.review.reviewer) == (State.CLEARED, nora)


@pytest.fixture
def taken(issue_rules, write, rex, nora, ada):
    """Ada took a wording of Rex's; Legal must agree to it, too."""
    issue_rules(DESK_FIRST, THEN_LEGAL)
    post = write()
    offered = offers.offer(post, actor=rex, seen=post.revision.digest, text="A shed is open.")
    return offers.accept(fresh(post), actor=ada, seen=offered.wording.digest)


def test_an_offer_that_was_taken_is_an_agreement_and_the_route_goes_on(taken, rex, nora):
    assert (taken.state, taken.stage, taken.owner) == (State.IN_REVIEW, 1, nora)
    assert not rules.may_agree(taken, rex)
    cleared = clear(fresh(taken), nora)
    assert cleared.state == State.CLEARED
    reviewers = backing.contents(cleared.clearance)["reviewers"]
    assert [(one["name"], one["verdict"]) for one in reviewers] == [
        ("Rex", "Agreed, with this wording of theirs, which the author took,"),
        ("Nora", "Cleared"),
    ]


def test_the_record_of_what_is_cleared_once_more_after_an_undo_names_all_who_agreed(
    issue_rules, write, rex, nora
):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    post = write()
    clear(post, rex)
    clear(post, nora, undo_for=TEN_SECONDS)
    undoing.undo(fresh(post), actor=nora)
    cleared = clear(fresh(post), nora)
    reviewers = backing.contents(cleared.clearance)["reviewers"]
    assert [one["name"] for one in reviewers] == ["Rex", "Nora"]


def test_an_agreement_takes_effect_at_once_and_is_not_undone(issue_rules, write, rex, nora):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    agreed = clear(write(), rex, undo_for=TEN_SECONDS)
    assert (agreed.effective_at, agreed.decided_by) == (None, None)
    with pytest.raises(TooLateToUndoError):
        undoing.undo(fresh(agreed), actor=rex)
    assert fresh(agreed).owner == nora


def test_i06_another_edition_keeps_agreements_while_another_wording_is_offered(
    issue_rules, write, rex, nora, edition, lea, quinn
):
    issue_rules(DESK_FIRST, THEN_LEGAL)
    post = write()
    clear(post, rex)
    offers.offer(fresh(post), actor=nora, seen=post.revision.digest, text="A shed is open.")
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy)
    actions.rescreen(post)
    back = fresh(post)
    assert (back.state, back.stage, back.owner) == (State.IN_REVIEW, 1, nora)
    assert clear(back, nora).state == State.CLEARED


def test_who_has_agreed_is_looking_at_it_no_more(issue_rules, write, rex, petra):
    issue_rules(Rule("Two look.", votes=2))
    post = claims.claim(write(), actor=rex)
    clear(post, rex)
    assert fresh(post).claimant() is None
    assert list(waiting.waiting_for(petra)) == [post]
    assert list(waiting.waiting_for(rex)) == []
    assert waiting.next_for(petra) == post


def test_a_batch_that_needs_others_too_is_told_as_agreed(
    issue_rules,
    write,
    client,
    rex,
    ada,
    max,  # noqa: A002  his name
):
    issue_rules(Rule("Two look.", votes=2))
    posts = [write("We are hiring.", author=author) for author in (ada, max)]
    form = {"post": [f"{post.pk}:{post.revision.digest}" for post in posts]}
    client.force_login(rex)
    page = client.post("/posts/queue/clear/", form, follow=True).content.decode()
    assert "You agreed to 2 posts, which need others, too." in page
    assert "Cleared" not in page
    assert {fresh(post).state for post in posts} == {State.IN_REVIEW}
