"""Which lane a screened post takes, by profile: one table, with what flips each rule."""

import copy
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.lane_rules import PROFILES, RULES
from approvals.lanes import DIGEST, TABLE, Inputs, digest_of, evaluate, lane_of, replay, rules_for
from clause_library.checks import Finding, Screening

KEPT = Path(__file__).parent / "kept/lanes-1.json"
SEVERITIES = ("advice", "fix", "review", "block")
SUBJECTS = ("disclosure", "financial_promise", "health", "material_nonpublic", "personal_data")

# profile, inputs, lane, words of the reason, and the smallest change with the lane that follows
TABLE_OF_RULES = [
    (
        "general",
        {"shelf": "retired"},
        "amber",
        "taken off",
        {"shelf": "within"},
        "green",
    ),
    (
        "general",
        {"severities": ("block", "fix")},
        "red",
        "blocks",
        {"severities": ("fix",)},
        "amber",
    ),
    (
        "general",
        {"severities": ("fix",)},
        "amber",
        "asks for a fix",
        {"severities": ("advice",)},
        "green",
    ),
    (
        "general",
        {"severities": ("review",)},
        "amber",
        "reviewer's look",
        {"severities": ()},
        "green",
    ),
    ("general", {"lane_before": "red"}, "red", "never weakens", {"lane_before": "amber"}, "green"),
    (
        "general",
        {"days_since_setback": 89, "cleared_since_setback": 2},
        "amber",
        "recalled, declined or published",
        {"cleared_since_setback": 3},
        "green",
    ),
    (
        "general",
        {"days_since_setback": 0, "cleared_since_setback": 0},
        "amber",
        "in the last 90 days",
        {"days_since_setback": 90},
        "green",
    ),
    ("general", {"is_official": True}, "amber", "company's name", {"is_official": False}, "green"),
    (
        "general",
        {"is_official": True},
        "amber",
        "no reviewer has cleared exactly this",
        {"cleared_before": "reviewer"},
        "green",
    ),
    ("general", {"relation": "partner"}, "amber", "255.1(d)", {"relation": "employee"}, "green"),
    ("general", {"protected": "whole"}, "not_ours", "protected", {"protected": "none"}, "green"),
    ("general", {"protected": "part"}, "not_ours", "Part of it", {"protected": "none"}, "green"),
    (
        "general",
        {"protected": "part", "is_official": True},
        "amber",
        "company's name",
        {"protected": "whole"},
        "not_ours",
    ),
    (
        "general",
        {"standing_approval": False},
        "amber",
        "standing",
        {"standing_approval": True},
        "green",
    ),
    ("general", {"is_trained": False, "posts_cleared": 0}, "green", "Nothing found", {}, "green"),
    (
        "general",
        {"subjects": ("health", "material_nonpublic")},
        "green",
        "Nothing found",
        {},
        "green",
    ),
    (
        "broker-dealer",
        {"subjects": ("material_nonpublic",)},
        "red",
        "78o(g)",
        {"subjects": ("style",)},
        "green",
    ),
    (
        "broker-dealer",
        {"subjects": ("financial_promise",), "is_registered": False},
        "red",
        "FINRA 1210",
        {"is_registered": True},
        "green",
    ),
    (
        "broker-dealer",
        {"content_class": "static"},
        "amber",
        "2210(b)(1)",
        {"content_class": "interactive"},
        "green",
    ),
    (
        "broker-dealer",
        {"content_class": "static", "cleared_before": "reviewer"},
        "amber",
        "registered principal",
        {"cleared_before": "principal"},
        "green",
    ),
    (
        "broker-dealer",
        {"content_class": "static", "cleared_before": "principal", "severities": ("fix",)},
        "amber",
        "asks for a fix",
        {"severities": ()},
        "green",
    ),
    ("broker-dealer", {"country": "gb"}, "amber", "FSMA 2000 s21", {"country": "us"}, "green"),
    (
        "broker-dealer",
        {"country": "gb"},
        "amber",
        "authorised person",
        {"cleared_before": "principal"},
        "green",
    ),
    ("broker-dealer", {"is_trained": False}, "amber", "10-06", {"is_trained": True}, "green"),
    ("broker-dealer", {"posts_cleared": 2}, "amber", "Fewer than 3", {"posts_cleared": 3}, "green"),
    ("broker-dealer", {"networks": ("tiktok",)}, "green", "Nothing found", {}, "green"),
    ("hospital", {"subjects": ("health",)}, "red", "164.502", {"subjects": ("style",)}, "green"),
    ("hospital", {"subjects": ("personal_data",)}, "red", "patient", {"subjects": ()}, "green"),
    (
        "hospital",
        {"networks": ("instagram", "x")},
        "amber",
        "164.514",
        {"networks": ("x",)},
        "green",
    ),
    ("hospital", {"is_trained": False}, "amber", "164.530(b)", {"is_trained": True}, "green"),
    (
        "hospital",
        {"posts_cleared": 0},
        "amber",
        "Fewer than 3",
        {"cleared_before": "reviewer"},
        "green",
    ),
    (
        "hospital",
        {"content_class": "static", "country": "gb"},
        "green",
        "Nothing found",
        {},
        "green",
    ),
    (
        "unheard-of",
        {"content_class": "static"},
        "amber",
        "2210",
        {"cleared_before": "principal"},
        "green",
    ),
    ("unheard-of", {"subjects": ("health",)}, "red", "164.502", {"subjects": ()}, "green"),
]


@pytest.mark.parametrize(("profile", "facts", "lane", "because", "change", "then"), TABLE_OF_RULES)
def test_each_rule_holds_and_its_flip_lifts_it(profile, facts, lane, because, change, then):
    inputs = Inputs(profile=profile, **facts)
    evaluation = evaluate(inputs)
    assert (evaluation.lane, evaluate(replace(inputs, **change)).lane) == (lane, then)
    assert because in " ".join(evaluation.reasons)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_rule_decides_a_row_of_the_table(profile):
    rows = [row for row in TABLE_OF_RULES if row[0] == profile] + [
        row for row in TABLE_OF_RULES if row[0] == "general"
    ]
    said = {
        reason for row in rows for reason in evaluate(Inputs(profile=profile, **row[1])).reasons
    }
    silent = [
        rule.says for rule in rules_for(profile) if not any(rule.says[:-1] in one for one in said)
    ]
    assert silent == []


def test_a_person_reads_a_profile_in_a_minute():
    assert {profile: len(rules_for(profile)) for profile in PROFILES} == {
        "general": 10,
        "broker-dealer": 16,
        "hospital": 14,
    }
    assert [rule.says for rule in RULES if not rule.says.endswith(".")] == []


def screened(*findings, spans=()):
    return Screening(
        tuple(
            Finding("c", "cl", 1, "style", severity, start, end, "m")
            for severity, start, end in findings
        ),
        spans,
        not_ours=bool(spans) and not findings,
    )


@pytest.mark.parametrize(
    ("text", "seen", "lane"),
    [
        ("Union at six.", screened(spans=((0, 13),)), "not_ours"),
        ("Union at six. #fair ✊", screened(spans=((0, 13),)), "not_ours"),
        ("Union at six. Buy!", screened(spans=((0, 13),)), "not_ours"),
        ("Union at six. Buy!", screened(("fix", 14, 18), spans=((0, 13),)), "amber"),
        ("Union at six.", screened(("fix", 0, 0), spans=((0, 13),)), "not_ours"),
        ("Union or else.", screened(("block", 0, 14), spans=((0, 14),)), "red"),
        ("Buy!", screened(("block", 0, 4)), "red"),
        ("Hello", screened(), "green"),
    ],
    ids=[
        "protected alone",
        "with a tag and a sign",
        "with words that need nobody",
        "with words that need a look",
        "with something missing, which is no passage",
        "a threat in it",
        "no protected passage",
        "nothing at all",
    ],
)
def test_i13_a_post_is_not_ours_only_if_nothing_else_needs_clearance(text, seen, lane):
    assert lane_of(text, seen) == lane


inputs_of_all_kinds = st.builds(
    Inputs,
    profile=st.sampled_from([*PROFILES, "unheard-of"]),
    country=st.sampled_from(["us", "gb", "de"]),
    severities=st.lists(st.sampled_from(SEVERITIES), unique=True).map(tuple),
    subjects=st.lists(st.sampled_from(SUBJECTS), unique=True).map(tuple),
    protected=st.sampled_from(["none", "part", "whole"]),
    content_class=st.sampled_from(["static", "interactive"]),
    is_official=st.booleans(),
    networks=st.lists(st.sampled_from(["x", "tiktok", "blog"]), unique=True).map(tuple),
    relation=st.sampled_from(["employee", "partner"]),
    is_trained=st.booleans(),
    is_registered=st.booleans(),
    posts_cleared=st.none() | st.integers(0, 9),
    days_since_setback=st.none() | st.integers(0, 200),
    shelf=st.sampled_from(["no", "unedited", "within", "retired"]),
    cleared_since_setback=st.none() | st.integers(0, 9),
    cleared_before=st.sampled_from(["no", "reviewer", "principal"]),
    lane_before=st.sampled_from(["", "green", "amber", "red"]),
    standing_approval=st.none() | st.booleans(),
)


@given(inputs_of_all_kinds)
def test_an_evaluation_replays_from_what_is_kept(inputs):
    kept = json.loads(json.dumps(evaluate(inputs).as_data()))
    assert replay(kept).is_same
    assert kept["reasons"]


@given(inputs_of_all_kinds)
def test_a_broker_dealers_static_content_is_green_only_where_a_principal_cleared_it(inputs):
    inputs = replace(inputs, profile="broker-dealer", content_class="static")
    if evaluate(inputs).lane == "green":
        assert inputs.cleared_before == "principal"


@given(inputs_of_all_kinds)
def test_no_profile_is_looser_than_the_general_one(inputs):
    order = ["not_ours", "green", "amber", "red"]
    general = evaluate(replace(inputs, profile="general")).lane
    if general != "not_ours":
        for profile in [*PROFILES, "unheard-of"]:
            lane = evaluate(replace(inputs, profile=profile)).lane
            assert order.index(lane) >= order.index(general)


@given(inputs_of_all_kinds, st.sampled_from(["green", "amber", "red"]))
def test_i06_a_later_look_at_a_post_under_way_never_weakens(inputs, before):
    order = ["green", "amber", "red"]
    after = evaluate(inputs).under_way(before).lane
    assert order.index(after) >= max(order.index(before), order.index("amber"))


def test_a_kept_evaluation_that_was_changed_does_not_replay():
    kept = evaluate(Inputs(severities=("block",))).as_data()
    answer = replay(kept | {"lane": "green"})
    assert (answer.is_same, answer.says) == (False, "It was green; replayed it is red.")


def test_other_rules_are_refused():
    kept = evaluate(Inputs()).as_data() | {"rules_digest": "0" * 64}
    answer = replay(kept)
    assert not answer.is_same
    assert answer.says == "These are not the rules that it was evaluated with."


@pytest.mark.parametrize("number", range(len(RULES)))
def test_no_condition_changes_without_the_digest(number):
    table = copy.deepcopy(TABLE)
    name, wanted = next(iter(table["rules"][number]["when"].items()))
    table["rules"][number]["when"][name] = (
        [*wanted, "another"] if isinstance(wanted, list) else {"below": 7}
    )
    assert digest_of(table) != DIGEST == digest_of(TABLE)


def test_evaluations_of_long_ago_replay_by_the_rules_of_their_time():
    """Kept since the first rules: it fails where the reading of a table changes without a new form."""
    kept = json.loads(KEPT.read_text("utf-8"))
    assert len(kept["evaluations"]) == 33
    wrong = [one for one in kept["evaluations"] if not replay(one, kept["table"]).is_same]
    assert wrong == []
