"""Drafting the rules of routes, and issuing them: one person writes, another puts them in force (four eyes)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from organization import notices, steps
from organization.forms import countries
from organization.models import Person, Unit
from organization.roles import Role

from . import desks, routes, rules
from .lanes import digest_of
from .models import Channel, RouteRules, RouteTable
from .route_rules import SKILL, Rule
from .routed import table_in_force
from .routes import Stage
from .states import RouteRulesState

CHANGED = "These rules have changed since you opened them. Nothing was saved. Open them again."


class UnfitRulesError(ValueError):
    """The rules cannot be kept, or issued, as they are; ``problems`` say why, each with the way out."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


@transaction.atomic
def start(*, actor: Person) -> RouteRules:
    """A draft with the rules in force; the open one, where there is one."""
    if not actor.has_perm("approvals.draft_routes"):
        raise PermissionDenied("Only a drafter or an approver changes the rules of routes.")
    newest = RouteRules.objects.select_for_update().first()
    if newest and newest.state == RouteRulesState.DRAFT:
        return newest
    table = _named(routes.rules_in(table_in_force()))
    draft = RouteRules(
        number=newest.number + 1 if newest else 1,
        table=table,
        digest=digest_of(table),
        drafted_by=actor,
        writers=[str(actor.pk)],
    )
    try:
        with transaction.atomic():
            steps.begin(draft, actor=actor, data=_facts(draft))
    except IntegrityError:  # somebody pressed at the same moment
        return RouteRules.objects.draft()
    return draft


@transaction.atomic
def keep_rule(
    draft: RouteRules, rule: Rule, *, actor: Person, seen: str, at: int | None = None
) -> RouteRules:
    """Write a rule into a draft: in the place of the one ``at`` an index, or after the last one."""

    def write(rows: list[Rule]) -> list[Rule]:
        return [*rows, rule] if at is None else [*rows[:at], rule, *rows[at + 1 :]]

    return _write(draft, write, actor=actor, seen=seen)


@transaction.atomic
def remove_rule(draft: RouteRules, *, actor: Person, seen: str, at: int) -> RouteRules:
    return _write(draft, lambda rows: rows[:at] + rows[at + 1 :], actor=actor, seen=seen)


@transaction.atomic
def move_rule_up(draft: RouteRules, *, actor: Person, seen: str, at: int) -> RouteRules:
    """Its stage then comes before that of the rule above it. The first stays where it is."""

    def move(rows: list[Rule]) -> list[Rule]:
        return rows if at == 0 else [*rows[: at - 1], rows[at], rows[at - 1], *rows[at + 1 :]]

    return _write(draft, move, actor=actor, seen=seen)


def _write(
    draft: RouteRules,
    change: Callable[[list[Rule]], list[Rule]],
    *,
    actor: Person,
    seen: str,
) -> RouteRules:
    """Change a draft's rules; bound to what was on the screen. Raises UnfitRulesError."""
    draft = _locked(draft, seen)
    if not rules.may_draft_routes(draft, actor):
        raise PermissionDenied("Only a drafter or an approver changes the rules of routes.")
    if draft.state != RouteRulesState.DRAFT:
        raise steps.ChangedMeanwhileError(CHANGED)
    rows = change(routes.rules_in(draft.table))
    if problems := routes.problems_of(rows):
        raise UnfitRulesError(problems)
    draft.table = _named(rows)
    draft.digest = digest_of(draft.table)
    draft.writers = sorted({*draft.writers, str(actor.pk)})
    draft.drafted_by = actor
    draft.save(update_fields=["table", "digest", "writers", "drafted_by"])
    return draft


@transaction.atomic
def ask_to_issue(draft: RouteRules, *, actor: Person, seen: str) -> int:
    """Tell those who may issue exactly these rules; how many they are."""
    draft = _locked(draft, seen)
    if not rules.may_draft_routes(draft, actor):
        raise PermissionDenied("Only a drafter or an approver changes the rules of routes.")
    issuers = [
        person
        for person in Person.objects.holding(Role.APPROVER)
        if str(person.pk) not in draft.writers
    ]
    for person in issuers:
        key = f"routes_for_issue:{draft.pk}:{draft.digest[:16]}"
        notices.tell(
            person, "routes_for_issue", key, {"drafter": actor.name}, path="/routes/draft/"
        )
    return len(issuers)


@transaction.atomic
def issue(draft: RouteRules, *, actor: Person, seen: str) -> RouteRules:
    """Put exactly the rules on the issuer's screen in force; the former ones end. Raises UnfitRulesError.

    Posts that wait are asked about by them, too, within seconds; see duties.reroute_after_change.
    """
    former = [steps.locked(one) for one in RouteRules.objects.in_force()]
    draft = _locked(draft, seen)
    if rules.may_issue_routes(draft, actor) and (problems := problems_of(draft)):
        raise UnfitRulesError(problems)
    for one in former:
        steps.take("supersede", one, actor=actor, data=_facts(one))
    steps.take(
        "issue",
        draft,
        actor=actor,
        data=_facts(draft),
        changes={
            "kept": RouteTable.keep(draft.table),
            "issued_by": actor,
            "issued_at": timezone.now(),
        },
    )
    return draft


def problems_of(draft: RouteRules) -> list[str]:
    """What stands against issuing a draft; rules that nobody could meet among it."""
    rows = routes.rules_in(draft.table)
    found = routes.problems_of(rows)
    for number, rule in enumerate(rows, 1):
        if rule.of == SKILL and (short := _wanting(rule)):
            found.append(f"Rule {number}: {short}")
    return found


def _wanting(rule: Rule) -> str:
    stage = Stage.by(rule.as_data())
    people = len(desks.able(stage, [], timezone.now()))
    if people >= stage.votes:
        return ""
    who = f"{people or 'no'} reviewer{'' if people == 1 else 's'}"
    have = "has" if people == 1 else "have"
    return f"It asks for {stage.in_words}, and {who} {have} it. Give it to more people, or ask for fewer."


def _named(rows: list[Rule]) -> dict[str, Any]:
    """The table, with the names that its keys have today."""

    def keys(name: str) -> set[str]:
        return {key for rule in rows for key in rule.when.get(name, ())}

    every = dict(countries())
    return routes.table_of(
        rows,
        {
            "unit": _names(Unit.objects.filter(pk__in=keys("unit"))),
            "channel": _names(Channel.objects.filter(pk__in=keys("channel"))),
            "country": {code: every.get(code, code) for code in sorted(keys("country"))},
        },
    )


def _names(rows) -> Mapping[str, str]:
    return {str(row.pk): row.name for row in rows.order_by("pk")}


def _facts(one: RouteRules) -> dict[str, Any]:
    return {"number": one.number, "digest": one.digest}


def _locked(draft: RouteRules, seen: str) -> RouteRules:
    draft = steps.locked(draft, "kept", "drafted_by")
    if draft.digest != seen:
        raise steps.ChangedMeanwhileError(CHANGED)
    return draft
