"""The rules of routes are issued like policy: one drafts, another issues, and what is issued stays as it is."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django_fsm import TransitionNotAllowed

from approvals import lanes, route_drafting, routed, routes
from approvals.models import RouteRules, RouteTable
from approvals.route_drafting import UnfitRulesError
from approvals.route_rules import DESK, SHIPPED, SKILL, Rule
from approvals.states import RouteRulesState
from ledger.frozen import FrozenRowsError
from ledger.models import Entry
from organization.models import Notice, Unit
from organization.roles import Role
from organization.steps import ChangedMeanwhileError
from tests.conftest import hire

pytestmark = pytest.mark.django_db
TWO = Rule("Two look at what is red.", {"lane": ("red",)}, votes=2)


@pytest.fixture
def draft(lea):
    return route_drafting.start(actor=lea)


def with_rule(draft, lea, rule=TWO, **extra):
    return route_drafting.keep_rule(draft, rule, actor=lea, seen=draft.digest, **extra)


def issue(draft, quinn):
    return route_drafting.issue(draft, actor=quinn, seen=draft.digest)


def test_a_draft_starts_from_the_rules_in_force_and_there_is_one(draft, quinn):
    assert (draft.number, draft.state) == (1, RouteRulesState.DRAFT)
    assert routes.rules_in(draft.table) == list(SHIPPED)
    assert route_drafting.start(actor=quinn).pk == draft.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        RouteRules.objects.create(
            number=2, table={}, digest="", drafted_by=quinn, entry=draft.entry
        )


def test_issued_rules_are_in_force_and_the_former_ones_are_not(draft, lea, quinn):
    assert routed.table_in_force() == routes.SHIPPED_TABLE
    first = issue(with_rule(draft, lea), quinn)
    assert routed.table_in_force() == first.table
    second = route_drafting.start(actor=lea)
    assert second.number == 2
    issue(with_rule(second, lea, Rule("One more.", of=DESK, named="")), quinn)
    states = list(RouteRules.objects.order_by("number").values_list("state", flat=True))
    assert states == [RouteRulesState.SUPERSEDED, RouteRulesState.ISSUED]
    types = Entry.objects.filter(type__startswith="routerules.").order_by("index")
    assert list(types.values_list("type", flat=True)) == [
        "routerules.begin",
        "routerules.issue",
        "routerules.begin",
        "routerules.supersede",
        "routerules.issue",
    ]


@pytest.mark.parametrize("who", ["lea", "amin", "rex", "max", "rita", "ada", "zoe"])
def test_who_may_not_issue(who, request, draft, lea):
    written = with_rule(draft, lea)
    with pytest.raises(PermissionDenied):
        issue(written, request.getfixturevalue(who))
    assert not RouteTable.objects.exists()
    assert Entry.objects.filter(type="routerules.issue").count() == 0


@pytest.mark.parametrize("who", ["amin", "rex", "max", "rita", "ada", "zoe"])
def test_who_may_not_draft(who, request, draft):
    person = request.getfixturevalue(who)
    for act in (
        lambda: route_drafting.start(actor=person),
        lambda: with_rule(draft, person),
        lambda: route_drafting.remove_rule(draft, actor=person, seen=draft.digest, at=0),
        lambda: route_drafting.ask_to_issue(draft, actor=person, seen=draft.digest),
    ):
        with pytest.raises(PermissionDenied):
            act()
    draft.refresh_from_db()
    assert routes.rules_in(draft.table) == list(SHIPPED)


def test_an_approver_who_wrote_in_them_does_not_issue_them(draft, lea, quinn):
    written = with_rule(draft, quinn)
    with pytest.raises(PermissionDenied):
        issue(with_rule(written, lea, Rule("One more.", {"lane": ("amber",)})), quinn)


def test_a_superuser_does_not_issue_what_they_wrote(draft, lea):
    lea.is_superuser = True
    lea.save()
    with pytest.raises(PermissionDenied):
        issue(draft, lea)


@pytest.mark.parametrize("act", ["keep_rule", "remove_rule", "move_rule_up", "issue", "ask"])
def test_a_draft_that_has_changed_since_is_left_alone(act, draft, lea, quinn):
    seen = draft.digest
    written = with_rule(draft, lea)
    acts = {
        "keep_rule": lambda: route_drafting.keep_rule(draft, TWO, actor=lea, seen=seen),
        "remove_rule": lambda: route_drafting.remove_rule(draft, actor=lea, seen=seen, at=0),
        "move_rule_up": lambda: route_drafting.move_rule_up(draft, actor=lea, seen=seen, at=0),
        "issue": lambda: route_drafting.issue(draft, actor=quinn, seen=seen),
        "ask": lambda: route_drafting.ask_to_issue(draft, actor=lea, seen=seen),
    }
    with pytest.raises(ChangedMeanwhileError):
        acts[act]()
    draft.refresh_from_db()
    assert (draft.digest, draft.state) == (written.digest, RouteRulesState.DRAFT)


def test_rules_are_replaced_moved_and_removed(draft, lea):
    draft = with_rule(draft, lea)
    draft = with_rule(draft, lea, Rule("Three.", votes=3), at=0)
    draft = route_drafting.move_rule_up(draft, actor=lea, seen=draft.digest, at=1)
    assert [rule.says for rule in routes.rules_in(draft.table)] == [TWO.says, "Three."]
    draft = route_drafting.move_rule_up(draft, actor=lea, seen=draft.digest, at=0)
    draft = route_drafting.remove_rule(draft, actor=lea, seen=draft.digest, at=0)
    assert [rule.says for rule in routes.rules_in(draft.table)] == ["Three."]
    assert draft.digest == lanes.digest_of(draft.table)


def test_an_unfit_rule_is_not_kept(draft, lea):
    with pytest.raises(UnfitRulesError, match="1 to 9"):
        with_rule(draft, lea, Rule("Many.", votes=99))
    draft.refresh_from_db()
    assert routes.rules_in(draft.table) == list(SHIPPED)


def test_what_nobody_could_meet_is_not_issued(draft, lea, quinn, unit):
    draft = with_rule(draft, lea, Rule("Legal.", of=SKILL, named="legal", votes=2))
    assert "no reviewers have it" in route_drafting.problems_of(draft)[0]
    hire("Nora", unit, Role.REVIEWER, skills=["Legal"])
    hire("Otto", unit, skills=["legal"])  # reviews nothing
    with pytest.raises(UnfitRulesError, match="1 reviewer has it"):
        issue(draft, quinn)
    assert not RouteRules.objects.in_force().exists()
    hire("Nils", unit, Role.REVIEWER, skills=["legal"])
    assert issue(draft, quinn).is_in_force


def test_issued_rules_cannot_be_written_in(draft, lea, quinn):
    issued = issue(with_rule(draft, lea), quinn)
    with pytest.raises(ChangedMeanwhileError):
        with_rule(issued, lea)
    with pytest.raises(TransitionNotAllowed):
        issue(issued, quinn)


def test_issued_rules_are_frozen_in_the_database(draft, lea, quinn):
    issued = issue(with_rule(draft, lea), quinn)
    kept = RouteTable.objects.get(pk=issued.digest)
    kept.table = routes.SHIPPED_TABLE
    with pytest.raises(FrozenRowsError):
        kept.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        from_sql(kept)
    RouteRules.objects.filter(pk=issued.pk).update(table=routes.SHIPPED_TABLE)
    assert routes.rules_in(routed.table_in_force())[1] == TWO  # the draft's column says nothing
    with pytest.raises(DatabaseError), transaction.atomic():
        RouteRules.objects.filter(pk=issued.pk).update(state="draft")


def from_sql(kept):
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(f"UPDATE {kept._meta.db_table} SET digest = '0'")  # noqa: S608  our own name


def test_a_table_that_is_not_what_its_digest_names_is_refused():
    with pytest.raises(routed.DamagedRulesError):
        _ = RouteTable(digest="0" * 64, table=routes.SHIPPED_TABLE).checked


def test_names_are_kept_as_they_were(draft, lea, unit):
    draft = with_rule(draft, lea, Rule("Ours.", {"unit": (str(unit.pk),), "country": ("gb",)}))
    Unit.objects.update(name="Renamed")
    draft.refresh_from_db()
    assert draft.table["names"]["unit"] == {str(unit.pk): "Marketing"}
    assert draft.table["names"]["country"] == {"gb": "United Kingdom"}


def test_the_approvers_who_may_issue_are_asked_once(draft, lea, quinn, unit):
    draft = with_rule(draft, lea)
    writer = hire("Vic", unit, Role.APPROVER)
    draft = with_rule(draft, writer, Rule("One more.", {"lane": ("amber",)}))
    for _ in range(2):
        assert route_drafting.ask_to_issue(draft, actor=lea, seen=draft.digest) == 1
    assert Notice.objects.get(event="routes_for_issue").person == quinn
