"""Routes: the same facts give the same stages, rules add and never take away, and what is kept replays."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals import lanes, routes
from approvals.route_rules import (
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
from approvals.routes import Facts, Route, Stage, evaluate, problems_of, replay, table_of

VALUES = {
    "lane": ["green", "amber", "red"],
    "topic": ["health", "financial_promise"],
    "channel": ["1", "2"],
    "network": ["x", "linkedin"],
    "is_official": [YES, NO],
    "content_class": ["static", "interactive"],
    "unit": ["1", "2"],
    "profile": ["general", "broker-dealer"],
    "country": ["us", "gb"],
    "relation": ["employee", "partner"],
    "is_trained": [YES, NO],
    "trust": ["known", "new", "watched"],
    "needs_principal": [YES, NO],
}
MANY = {"topic", "channel", "network"}


def some(values):
    return st.lists(st.sampled_from(values), unique=True, min_size=1).map(sorted).map(tuple)


conditions = st.fixed_dictionaries({}, optional={name: some(of) for name, of in VALUES.items()})
rules = st.builds(
    Rule,
    says=st.sampled_from(["Legal reads it.", "The desk looks.", "Because of the law."]),
    when=conditions,
    of=st.sampled_from([DESK, SKILL, REGISTRATION]),
    named=st.sampled_from(["legal", "Legal", "investor relations"]),
    votes=st.integers(1, 4),
    everybody=st.booleans(),
    again=st.booleans(),
)
tables = st.lists(rules, max_size=6).map(table_of)
facts = st.builds(
    Facts,
    **{name: some(of) if name in MANY else st.sampled_from(of) for name, of in VALUES.items()},
)


def demands(route):
    """Of each stage whom it asks, how many, and whether all."""
    return {stage.who: (stage.votes, stage.everybody) for stage in route.stages}


def test_conditions_are_facts():
    assert set(CONDITIONS) == set(VALUES) == set(Facts().as_data())


@given(facts, tables)
def test_the_same_facts_and_rules_give_the_same_route(known, table):
    assert evaluate(known, table) == evaluate(replace(known), dict(table))


@given(facts, tables)
def test_every_rule_that_holds_has_its_stage_and_no_post_is_cleared_without_a_person(known, table):
    route = evaluate(known, table)
    assert route.votes >= 1
    asked = demands(route)
    for rule in table["rules"]:
        if all(_has(known, name, values) for name, values in rule["when"].items()):
            votes, everybody = asked[Stage.by(rule).who]
            assert votes >= rule["votes"]
            assert everybody or not rule["everybody"]
            assert any(rule["says"] in stage.because for stage in route.stages)


def _has(known, name, values):
    fact = known.as_data()[name]
    return bool(set(fact if isinstance(fact, list) else [fact]) & set(values))


@given(facts, tables, rules)
def test_a_further_rule_only_adds(known, table, rule):
    before = demands(evaluate(known, table))
    after = demands(evaluate(known, table | {"rules": [*table["rules"], rule.as_data()]}))
    ours = [Stage.by(one) for one in table["rules"]]
    for who, (votes, everybody) in before.items():
        if who in {stage.who for stage in ours}:
            assert after[who][0] >= votes
            assert after[who][1] or not everybody


@given(facts)
def test_where_the_law_asks_for_a_principal_no_rules_take_that_away(known):
    route = evaluate(replace(known, needs_principal=YES), table_of([Rule("Anybody.", {})]))
    assert REGISTRATION in {stage.of for stage in route.stages}


@given(facts, facts, tables, tables)
def test_i06_joined_routes_ask_for_no_less_than_either_and_move_no_stage(one, other, old, new):
    before, after = evaluate(one, old), evaluate(other, new)
    joined = before.joined(after)
    assert joined.votes >= max(before.votes, after.votes)
    assert [stage.who for stage in joined.stages][: len(before.stages)] == [
        stage.who for stage in before.stages
    ]
    for route in (before, after):
        for stage, now in zip(
            route.stages,
            [next(one for one in joined.stages if one.who == stage.who) for stage in route.stages],
            strict=True,
        ):
            assert now.votes >= stage.votes
            assert now.everybody or not stage.everybody
            assert stage.again or not now.again
            assert set(stage.because) <= set(now.because)


@given(facts, tables, facts, tables)
def test_joining_again_changes_nothing(one, old, other, new):
    joined = evaluate(one, old).joined(evaluate(other, new))
    assert joined.joined(evaluate(other, new)) == joined
    assert Route.of_data(joined.as_data()) == joined


@given(facts, tables, facts, tables, st.integers(0, 9))
def test_what_is_kept_replays_and_a_stage_left_out_does_not(one, old, other, new, people):
    joined = evaluate(one, old).joined(evaluate(other, new)).begun(0, people)
    kept = {lanes.digest_of(table): table for table in (old, new)}
    assert replay(joined, kept).is_same
    assert not replay(replace(joined, stages=joined.stages[1:]), kept).is_same
    weaker = (replace(joined.stages[0], votes=joined.stages[0].votes + 1), *joined.stages[1:])
    assert replay(replace(joined, stages=weaker), kept).is_same == joined.stages[0].everybody
    assert "not kept" in replay(joined, {}).says


@given(st.lists(rules, min_size=1, max_size=4), st.data())
def test_the_digest_changes_with_any_change_of_a_rule(rows, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    rule = rows[at]
    change = data.draw(
        st.sampled_from(
            [
                {"says": rule.says + "!"},
                {"of": SKILL if rule.of != SKILL else DESK},
                {"named": rule.named + "x"},
                {"votes": rule.votes + 1},
                {"everybody": not rule.everybody},
                {"again": not rule.again},
                {"when": dict(rule.when) | {"unit": ("77",)}},
            ]
        )
    )
    changed = [*rows[:at], replace(rule, **change), *rows[at + 1 :]]
    assert lanes.digest_of(table_of(changed)) != lanes.digest_of(table_of(rows))
    assert lanes.digest_of(table_of(rows, {"unit": {"1": "Sales"}})) != lanes.digest_of(
        table_of(rows)
    )


@given(rules)
def test_a_rule_survives_being_kept(rule):
    kept = Rule.of_data(rule.as_data())
    assert kept.as_data() == rule.as_data()


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({}, [(DESK, 1)]),
        ({"lane": "red"}, [(DESK, 1)]),
        ({"needs_principal": YES}, [(REGISTRATION, 1)]),
    ],
    ids=["amber", "red", "where a principal is needed"],
)
def test_the_shipped_rules_ask_one_person(known, asked):
    """FINRA 2210(b)(1) for the principal."""
    route = evaluate(Facts(**known))
    assert [(stage.of, stage.votes) for stage in route.stages] == asked


def test_without_any_rule_the_desk_looks():
    (stage,) = evaluate(Facts(), table_of([])).stages
    assert (stage.of, stage.votes, stage.because) == (DESK, 1, (OTHERWISE.says,))


def test_a_registration_that_a_rule_asks_for_is_the_principal_of_the_law():
    table = table_of([Rule("Series 24 only.", {}, REGISTRATION, "Series 24")])
    (stage,) = evaluate(Facts(needs_principal=YES), table).stages
    assert (stage.named, stage.because) == ("Series 24", ("Series 24 only.",))


def test_everybody_is_counted_when_their_stage_begins_and_never_down():
    route = Route((Stage(everybody=True), Stage(votes=2)))
    assert [stage.votes for stage in route.begun(0, 5).stages] == [5, 2]
    assert [stage.votes for stage in route.begun(0, 5).begun(0, 3).stages] == [5, 2]
    assert [stage.votes for stage in route.begun(0, 0).begun(1, 9).stages] == [1, 2]


def test_a_route_waits_at_the_first_stage_that_needs_somebody():
    route = Route((Stage(votes=2), Stage(SKILL, "legal")))
    assert [
        route.waits_at(votes) for votes in ({}, {0: 1}, {0: 2}, {0: 1, 1: 1}, {0: 2, 1: 1})
    ] == [
        0,
        0,
        1,
        0,
        None,
    ]


@pytest.mark.parametrize(
    ("facts", "trust"),
    [
        ({"posts_cleared": 3}, "known"),
        ({"posts_cleared": 2}, "new"),
        ({"posts_cleared": None}, "known"),
        ({"posts_cleared": 9, "days_since_setback": 89, "cleared_since_setback": 2}, "watched"),
        ({"posts_cleared": 9, "days_since_setback": 89, "cleared_since_setback": 3}, "known"),
        ({"posts_cleared": 9, "days_since_setback": 90, "cleared_since_setback": 0}, "known"),
    ],
)
def test_trust_is_the_record_by_the_numbers_of_the_lanes(facts, trust):
    assert routes.trust_in(lanes.Inputs(**facts)) == trust


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (Rule(""), "Say in one sentence why"),
        (Rule("x" * 301), "300"),
        (Rule("a\x00"), "character"),
        (Rule("x", of=SKILL), "Choose the skill"),
        (Rule("x", of="crowd"), "Choose who is asked"),
        (Rule("x", votes=0), "1 to 9"),
        (Rule("x", votes=10), "1 to 9"),
        (Rule("x", {"weather": ("rain",)}), "no condition “weather”"),
        (Rule("x", {"lane": ()}), "Choose at least one value"),
    ],
)
def test_a_rule_that_is_wrong_says_what_to_do(rule, says):
    (problem,) = problems_of([rule])
    assert problem.startswith("Rule 1: ")
    assert says in problem


def test_rules_are_bounded_and_none_stands_twice():
    assert problems_of(SHIPPED) == []
    assert "the same as rule 1" in problems_of([Rule("a"), Rule("b")])[0]
    assert "41 rules" in problems_of([Rule("a", {"unit": (str(n),)}) for n in range(41)])[0]


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (Stage(), "one reviewer of the desk"),
        (Stage(votes=2), "2 reviewers of the desk"),
        (Stage(everybody=True), "every reviewer of the desk"),
        (Stage(SKILL, "legal", votes=3), "3 reviewers with the skill “legal”"),
        (Stage(SKILL, "legal", votes=2, everybody=True), "every reviewer with the skill “legal” (at least 2)"),
        (Stage(REGISTRATION), "one registered reviewer of the desk"),
        (Stage(REGISTRATION, "Series 24"), "one registered reviewer of the desk (“Series 24”)"),
    ],
)  # fmt: skip
def test_a_stage_is_told_in_words(stage, words):
    assert stage.in_words == words


def test_the_floor_is_the_law_s():
    assert (FLOOR.of, FLOOR.when) == (REGISTRATION, {"needs_principal": (YES,)})
    assert "FINRA 2210(b)(1)" in FLOOR.says
