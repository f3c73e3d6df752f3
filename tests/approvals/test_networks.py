"""How a post will look: the fold, what is coloured, and how each network counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.likeness import likeness, shape_of
from approvals.models import Network
from approvals.networks import NETWORKS, length, look, looks

TEXTS = st.text(max_size=700) | st.lists(
    st.sampled_from(["word", "#tag", "@ada", "https://x.example/a", "\n", " ", "é", "🙂"])
).map(" ".join)


def told(pieces):
    return "".join(piece.text for piece in pieces)


def test_every_network_of_a_channel_has_a_look():
    assert set(NETWORKS) == set(Network.values)


@given(TEXTS, st.sampled_from(sorted(NETWORKS)))
def test_no_letter_is_lost_or_moved(text, network):
    seen = look(text, network)
    assert told(seen.shown) + told(seen.hidden) == text


@given(TEXTS, st.sampled_from(sorted(NETWORKS)))
def test_what_is_shown_fits_before_the_fold(text, network):
    habits, seen = NETWORKS[network], look(text, network)
    if habits.fold is None:
        assert seen.hidden == ()
    elif told(seen.hidden).strip():
        assert len(told(seen.shown).rstrip()) <= habits.fold


@pytest.mark.parametrize(
    ("network", "text", "shown"),
    [
        ("instagram", "a" * 125, "a" * 125),
        ("instagram", "a" * 126, "a" * 125),
        ("instagram", "word " * 26, ("word " * 25).rstrip()),
        ("instagram", "one\ntwo\nthree", "one\ntwo"),
        ("linkedin", "one\ntwo\nthree", "one\ntwo\nthree"),
        ("linkedin", "one\ntwo\nthree\nfour", "one\ntwo\nthree"),
        ("x", "a" * 280, "a" * 280),
        ("mastodon", "a" * 501, "a" * 501),
    ],
)
def test_where_a_phone_cuts_it(network, text, shown):
    assert told(look(text, network).shown).rstrip() == shown


def test_links_tags_and_mentions_are_told_apart():
    seen = look("Hi @ada, see https://a.example/x#y #ad and a@b.example", "x")
    marked = [piece for piece in seen.shown if piece.kind != "text"]
    assert marked == [("mention", "@ada"), ("link", "https://a.example/x#y"), ("tag", "#ad")]


@pytest.mark.parametrize(
    ("network", "text", "long"),
    [
        ("x", "See https://a.example/" + "x" * 200, 27),
        ("mastodon", "See https://a.example/" + "x" * 200, 27),
        ("x", "日本", 4),
        ("x", "🙂", 2),
        ("bluesky", "👩‍💻", 1),
        ("bluesky", "e\u0301", 1),
        ("linkedin", "🙂", 1),
    ],
)
def test_each_network_counts_its_own_way(network, text, long):
    assert length(text, NETWORKS[network].counts) == long


def test_what_is_too_long_is_said():
    assert (look("a" * 283, "x").over, look("a" * 280, "x").over) == (3, 0)
    assert look("a" * 283, "blog").over == 0


def test_each_network_is_shown_once_and_nothing_of_nothing():
    assert [one.network for one in looks("Hi", ["x", "linkedin", "x"])] == ["linkedin", "x"]
    assert looks(" ", ["x"]) == ()


@given(TEXTS, TEXTS)
def test_likeness_is_the_same_from_both_sides_and_whole_for_the_same(one, other):
    first, second = shape_of(one), shape_of(other)
    assert likeness(first, second) == likeness(second, first)
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, first) == (1 if first else 0)


def test_likeness_counts_no_case_and_no_signs():
    assert likeness(shape_of("Our SHED is open!"), shape_of("our shed is: open")) == 1
