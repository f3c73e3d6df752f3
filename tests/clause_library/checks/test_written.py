"""A check survives its form: whatever it holds comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.checks.kinds import KINDS
from clause_library.checks.kinds.params import SHARED, Shape
from clause_library.checks.written import TwiceError, check_of, fields_of
from clause_library.files import read_library

SHIPPED = {check["name"]: check for one in read_library().clauses.values() for check in one.checks}
FROGS = {
    "name": "no-frogs",
    "kind": "tone",
    "category": "style",
    "severity": "advice",
    "message": "No frogs.",
    "params": {"phrases": ["frog"]},
}


def again(check):
    values, rest = fields_of(check)
    return check_of(values, rest, check)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_check_comes_back_as_it_was(name):
    assert again(SHIPPED[name]) == SHIPPED[name]


@pytest.mark.parametrize("name", SHIPPED)
def test_of_a_shipped_check_only_what_is_data_is_edited_as_data(name):
    check = SHIPPED[name]
    _, rest = fields_of(check)
    takes = {**KINDS[check["kind"]].takes, **SHARED}
    as_data = {key for key in check["params"] if takes[key].shape == Shape.DATA}
    assert set(rest) <= {"params"}
    assert set(rest.get("params", {})) == as_data


TEXTS = st.text(alphabet="ab {}&␣⏎:,\n\r\t-[]'\"é", max_size=12)
VALUES = st.recursive(
    TEXTS | st.booleans() | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
PARAMS = st.dictionaries(
    st.sampled_from([*KINDS["tone"].takes, "relation", "pierces", "words", "odd"]), VALUES
)
LINES = st.lists(TEXTS, max_size=4)


@given(
    params=PARAMS,
    lines=LINES,
    pairs=st.lists(TEXTS | LINES, max_size=4),
    fix=st.dictionaries(st.sampled_from(["replace", "before", "odd"]), TEXTS, max_size=2),
    examples=st.dictionaries(
        st.sampled_from(["match", "pass", "odd"]),
        st.lists(
            TEXTS
            | st.fixed_dictionaries(
                {"text": TEXTS},
                optional={
                    "author_relation": st.sampled_from(["employee", "partner", "none", "boss"]),
                    "channel": st.sampled_from(["x", "", "my space"]),
                    "quiet": VALUES,
                },
            ),
            max_size=3,
        ),
    ),
    kind=st.sampled_from(sorted(KINDS)),
    others=st.dictionaries(st.sampled_from(["channels", "jurisdictions", "color"]), VALUES),
)
def test_any_check_comes_back_as_it_was(params, lines, pairs, fix, examples, kind, others):
    known = {"phrases": lines, "find": pairs, "fix": fix}
    check = FROGS | others | {"kind": kind, "examples": examples, "params": known | params}
    assert again(check) == check


EXAMPLES = [
    "A frog.",
    {"text": "A frog.", "author_relation": "partner"},
    {"text": "A frog.", "author_relation": "none", "channel": "x"},
    {"text": "A frog.", "channel": "x"},
    {"text": "Two\nlines.", "quiet": [{"names": [], "topics": ["deal"], "is_own": True}]},
    "on the pond: frogs",
    "{not data} frogs",
]


def test_examples_read_like_sentences_where_they_can():
    values, rest = fields_of(FROGS | {"examples": {"match": EXAMPLES}})
    assert values["must_match"].split("\n") == [
        "A frog.",
        "partner: A frog.",
        "no tie on x: A frog.",
        "on x: A frog.",
        "{quiet: [{is_own: true, names: [], topics: [deal]}]} Two⏎lines.",
        "on the pond: frogs",
        "{not data} frogs",
    ]
    assert "examples" not in rest


def test_patterns_that_belong_together_stand_on_one_line_and_edges_are_seen():
    find = ["frog ", ["frog", "pond"], ["newt"]]
    values, _ = fields_of(FROGS | {"params": {"find": find}})
    assert values["param_find"] == "frog␣\nfrog && pond\n&& newt"


def test_ticks_keep_the_order_that_they_had_and_new_ones_come_behind():
    check = FROGS | {"params": {"phrases": ["frog"], "excuses": ["warned", "asked"]}}
    values, rest = fields_of(check)
    values["param_excuses"] = ["asked", "negated", "warned"]
    assert check_of(values, rest, check)["params"]["excuses"] == ["warned", "asked", "negated"]


def test_what_stands_in_a_field_and_in_the_data_is_refused():
    values, _ = fields_of(FROGS)
    with pytest.raises(TwiceError, match="Keep one"):
        check_of(values, {"params": {"phrases": ["newt"]}}, FROGS)
