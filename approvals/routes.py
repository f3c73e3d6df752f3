"""Whom a post asks, stage after stage, and why: the rules of `route_rules`, applied. Pure.

A route is the sum of the stages that rules ask for, so a rule can add and never take away. It is copied into the
submission with the facts and the digest of the table that gave it, and replays. Where the rules change meanwhile, the
new route is joined to the old one: each stage stays where it is, as demanding as the more demanding of the two.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import reduce
from typing import Any, Self

from clause_library.text import check_text

from . import lane_rules
from .lanes import Inputs, Replay, digest_of, needs_principal
from .route_rules import (
    CONDITIONS,
    DESK,
    FLOOR,
    NO,
    OTHERWISE,
    REGISTRATION,
    SHIPPED,
    SKILL,
    YES,
    Rule,
)

# How a table is read. Another way of reading it is another form.
FORM = "countersign/routes/1"
MOST_RULES, MOST_VOTES, LONGEST_SENTENCE, LONGEST_NAME = 40, 9, 300, 60


@dataclass(frozen=True)
class Facts:
    """All that a route depends on, as plain values; the names are those of the conditions."""

    lane: str = lane_rules.AMBER
    topic: tuple[str, ...] = ()  # categories of the findings above advice
    channel: tuple[str, ...] = ()  # keys
    network: tuple[str, ...] = ()
    is_official: str = NO
    content_class: str = "interactive"
    unit: str = ""  # a key
    profile: str = "general"
    country: str = "us"
    relation: str = "employee"
    is_trained: str = YES
    trust: str = "known"
    needs_principal: str = NO

    @classmethod
    def of(cls, inputs: Inputs, lane: str, unit: object, channels: Iterable[object]) -> Self:
        """What a screening knows already, with the keys of the unit and the channels."""
        return cls(
            lane=lane,
            topic=inputs.subjects,
            channel=tuple(sorted(str(key) for key in channels)),
            network=inputs.networks,
            is_official=_yes(inputs.is_official),
            content_class=inputs.content_class,
            unit=str(unit),
            profile=inputs.profile,
            country=inputs.country,
            relation=inputs.relation,
            is_trained=_yes(inputs.is_trained),
            trust=trust_in(inputs),
            needs_principal=_yes(needs_principal(inputs)),
        )

    def as_data(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


def _yes(fact: object) -> str:
    return YES if fact else NO


def trust_in(inputs: Inputs) -> str:
    """The author's record in a word, by the numbers of the rules of lanes."""
    since, cleared = inputs.days_since_setback, inputs.cleared_since_setback
    if since is not None and since < lane_rules.WATCHED_DAYS:
        return "known" if (cleared or 0) >= lane_rules.CLEARED_SINCE else "watched"
    is_new = inputs.posts_cleared is not None and inputs.posts_cleared < lane_rules.FIRST_POSTS
    return "new" if is_new else "known"


@dataclass(frozen=True)
class Stage:
    """Who must agree, and how many. ``votes`` of *everybody* is set when the stage begins: see `begun`."""

    of: str = DESK
    named: str = ""
    votes: int = 1
    everybody: bool = False
    again: bool = False
    because: tuple[str, ...] = ()

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(**dict(data) | {"because": tuple(data["because"])})

    @classmethod
    def by(cls, rule: Mapping[str, Any]) -> Self:
        asked = {name: rule[name] for name in ("of", "named", "votes", "everybody", "again")}
        return cls(**asked, because=(rule["says"],))

    @property
    def who(self) -> tuple[str, str]:
        return self.of, self.named.casefold()

    def joined(self, other: Self) -> Self:
        """As demanding as the more demanding of the two, for both reasons."""
        return replace(
            self,
            votes=max(self.votes, other.votes),
            everybody=self.everybody or other.everybody,
            again=self.again and other.again,
            because=tuple(dict.fromkeys(self.because + other.because)),
        )

    def asks(self, *, on_desk: bool, skills: Iterable[str], registration: str) -> bool:
        """Whether a reviewer like this is one of those asked."""
        if self.of == SKILL:
            return self.named.casefold() in {skill.casefold() for skill in skills}
        if self.of == REGISTRATION:
            holds = self.named.casefold() in registration.casefold()
            return on_desk and bool(registration) and holds
        return on_desk

    @property
    def in_words(self) -> str:
        """Who and how many: "2 reviewers with the skill “legal”"."""
        how_many = "every" if self.everybody else "one" if self.votes == 1 else str(self.votes)
        many = "" if self.everybody or self.votes == 1 else "s"
        at_least = f" (at least {self.votes})" if self.everybody and self.votes > 1 else ""
        return f"{how_many} {self.whom_in_words(many)}{at_least}"

    @property
    def sentence(self) -> str:
        """The same, as it begins a line."""
        return self.in_words[0].upper() + self.in_words[1:]

    def whom_in_words(self, many: str = "") -> str:
        if self.of == SKILL:
            return f"reviewer{many} with the skill “{self.named}”"
        if self.of == REGISTRATION:
            says = f" (“{self.named}”)" if self.named else ""
            return f"registered reviewer{many} of the desk{says}"
        return f"reviewer{many} of the desk"

    def as_data(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self) | {"because": list(self.because)}


ANY_OF_THE_DESK = Stage(because=(OTHERWISE.says,))


def table_of(
    rules: Iterable[Rule], names: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, Any]:
    """The rules as they are issued, kept and digested.

    ``names`` are those of the units, channels and countries that the rules name by their keys, as they were then.
    """
    return {
        "form": FORM,
        "rules": [rule.as_data() for rule in rules],
        "floor": FLOOR.as_data(),
        "otherwise": OTHERWISE.as_data(),
        "names": {kind: dict(those) for kind, those in (names or {}).items()},
    }


SHIPPED_TABLE = table_of(SHIPPED)
SHIPPED_DIGEST = digest_of(SHIPPED_TABLE)


def rules_in(table: Mapping[str, Any]) -> list[Rule]:
    return [Rule.of_data(rule) for rule in table["rules"]]


@dataclass(frozen=True)
class Route:
    """Stages in sequence, and the evaluations that asked for them: each its facts, digest and stages."""

    stages: tuple[Stage, ...] = ()
    by: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Self:
        """As a submission keeps it; nothing is kept of a post that waits for nobody."""
        stages = tuple(Stage.of_data(stage) for stage in data.get("stages", ()))
        return cls(stages, tuple(data.get("by", ())))

    def as_data(self) -> dict[str, Any]:
        return {"stages": [stage.as_data() for stage in self.stages], "by": list(self.by)}

    @property
    def votes(self) -> int:
        """How many agreements it takes, at the least."""
        return sum(stage.votes for stage in self.stages)

    def joined(self, other: Self) -> Self:
        """Both: no stage is dropped, none moves, and none asks for less (invariant 6)."""
        stages = reduce(_added, other.stages, self.stages)
        return Route(stages, self.by + tuple(one for one in other.by if one not in self.by))

    def begun(self, number: int, people: int) -> Self:
        """Where a stage asks everybody, it takes as many agreements as there are people when it begins."""
        stage = self.stages[number]
        if not stage.everybody:
            return self
        asked = replace(stage, votes=max(stage.votes, people))
        return replace(self, stages=(*self.stages[:number], asked, *self.stages[number + 1 :]))

    def waits_at(self, votes: Mapping[int, int]) -> int | None:
        """The first stage that still needs an agreement, by the number of those given; None: all have agreed."""
        return next(
            (
                number
                for number, stage in enumerate(self.stages)
                if votes.get(number, 0) < stage.votes
            ),
            None,
        )


def _added(stages: tuple[Stage, ...], stage: Stage) -> tuple[Stage, ...]:
    if stage.who not in {one.who for one in stages}:
        return (*stages, stage)
    return tuple(one.joined(stage) if one.who == stage.who else one for one in stages)


def evaluate(facts: Facts, table: Mapping[str, Any] = SHIPPED_TABLE) -> Route:
    """The route of a post by these rules, with what gave it."""
    known = facts.as_data()
    stages = _stages(known, table)
    return Route(stages, (_evaluation(known, digest_of(table), stages),))


def _evaluation(facts: Mapping[str, Any], digest: str, stages: Iterable[Stage]) -> dict[str, Any]:
    return {"facts": facts, "rules": digest, "stages": [stage.as_data() for stage in stages]}


def _stages(facts: Mapping[str, Any], table: Mapping[str, Any]) -> tuple[Stage, ...]:
    held = [Stage.by(rule) for rule in table["rules"] if _holds(rule, facts)]
    floor = table["floor"]
    if _holds(floor, facts) and floor["of"] not in {stage.of for stage in held}:
        held.append(Stage.by(floor))
    return reduce(_added, held or [Stage.by(table["otherwise"])], ())


def _holds(rule: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    return all(_is(facts.get(name), wanted) for name, wanted in rule["when"].items())


def _is(fact: Any, wanted: Iterable[str]) -> bool:
    return not set(fact if isinstance(fact, list) else [fact]).isdisjoint(wanted)


def replay(route: Route, tables: Mapping[str, Mapping[str, Any]]) -> Replay:
    """Evaluate again all that a kept route rests on, by the very tables; it must ask for all of it, and nothing else.

    ``tables`` by their digest.
    """
    again: Route = Route()
    for one in route.by:
        table = tables.get(one["rules"])
        if table is None or digest_of(table) != one["rules"]:
            return Replay(is_same=False, says="The rules that it was evaluated with are not kept.")
        if table["form"] != FORM:
            return Replay(
                is_same=False,
                says=f"These rules are of the form {table['form']}, which we cannot read.",
            )
        stages = _stages(one["facts"], table)
        if [stage.as_data() for stage in stages] != one["stages"]:
            return Replay(is_same=False, says="Replayed, its rules ask for other stages.")
        again = again.joined(Route(stages))
    pairs = zip(route.stages, again.stages, strict=False)
    if len(route.stages) != len(again.stages) or not all(_is_same(*pair) for pair in pairs):
        return Replay(is_same=False, says="Replayed, its rules ask for other stages.")
    return Replay(is_same=True, says="It replays to the same answer.")


def _is_same(kept: Stage, stage: Stage) -> bool:
    """A stage that asks everybody has counted them since."""
    if stage.everybody and kept.votes > stage.votes:
        return replace(kept, votes=stage.votes) == stage
    return kept == stage


def problems_of(rules: Iterable[Rule]) -> list[str]:
    """What stands against issuing them, in words; empty when nothing does."""
    rows = list(rules)
    if len(rows) > MOST_RULES:
        return [f"{len(rows)} rules are more than anybody reads. Keep them to {MOST_RULES}."]
    found = [
        f"Rule {number}: {says}" for number, rule in enumerate(rows, 1) for says in _wrong(rule)
    ]
    asked = [replace(rule, says="").as_data() for rule in rows]
    found += [
        f"Rule {number} is the same as rule {asked.index(one) + 1}. Remove one of them."
        for number, one in enumerate(asked, 1)
        if one in asked[: number - 1]
    ]
    return found


def _wrong(rule: Rule) -> Iterable[str]:
    if not rule.says.strip():
        yield "Say in one sentence why; the author and the reviewers read it."
    yield from check_text(rule.says, longest=LONGEST_SENTENCE)
    yield from check_text(rule.named, longest=LONGEST_NAME)
    if rule.of not in {DESK, SKILL, REGISTRATION}:
        yield "Choose who is asked."
    if rule.of == SKILL and not rule.named:
        yield "Choose the skill that is asked for."
    if not 1 <= rule.votes <= MOST_VOTES:
        yield f"Ask for 1 to {MOST_VOTES} people."
    for name, values in rule.when.items():
        if name not in CONDITIONS:
            yield f"There is no condition “{name}”."
        elif not values:
            yield f"Choose at least one value where it says “{CONDITIONS[name]}”."


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[list[Rule], list[Rule]]:
    """Which rules a table gains, and which it loses; a rule that changed is lost and gained."""
    old, new = before["rules"], after["rules"]
    return (
        [Rule.of_data(rule) for rule in new if rule not in old],
        [Rule.of_data(rule) for rule in old if rule not in new],
    )
