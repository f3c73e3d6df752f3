"""A drafter's changes: each gives new ones and leaves the old alone."""

from hypothesis import given
from hypothesis import strategies as st

from policy_builder import overrides
from policy_builder.assembly import Overrides

NAMES = ["a", "b", "c", "d"]


def test_leaving_out_forgets_own_words_and_that_it_was_added():
    changes = overrides.add({}, "a", "Rules", "We need it.")
    changes = overrides.word(changes, "a", "Our words.\r\n", "Shorter.")
    assert changes["wordings"] == {"a": {"body": "Our words.", "because": "Shorter."}}
    out = overrides.leave_out(changes, "a", "Not for us.")
    assert (out["added"], out["wordings"], out["left_out"]) == ([], {}, {"a": "Not for us."})
    assert changes["added"] != []
    assert overrides.take_in(out, "a")["left_out"] == {}


def test_adding_twice_keeps_the_last_place():
    changes = overrides.add({}, "a", "Rules", "First.")
    changes = overrides.add(changes, "a", "Start", "Second.")
    assert [item["section"] for item in changes["added"]] == ["Start"]


@given(st.sampled_from(NAMES), st.integers(-5, 5))
def test_moving_keeps_every_clause_and_the_order_of_the_others(name, by):
    order = overrides.move({}, "Rules", NAMES, name, by)["order"]["Rules"]
    assert sorted(order) == NAMES
    assert [one for one in order if one != name] == [one for one in NAMES if one != name]
    assert order.index(name) == min(max(NAMES.index(name) + by, 0), 3)


def test_all_changes_are_of_the_shape_that_assembly_reads():
    changes = overrides.word(overrides.add({}, "a", "Rules", "Why."), "b", "Words.", "Why.")
    changes = overrides.move(overrides.leave_out(changes, "c", "Why."), "Rules", NAMES, "d", -1)
    assert Overrides.read(changes).left_out == {"c": "Why."}
