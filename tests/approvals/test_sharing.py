"""One press opens a network's own window with the text, or copies it."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.models import Network
from approvals.sharing import NOTHING, TEXT, WINDOWS, Window, hand_over, only_link


@pytest.mark.parametrize("network", ["x", "bluesky"])
@given(text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=280))
def test_the_whole_text_arrives_in_the_window(network, text):
    handed = hand_over(network, text)
    assert not handed.copies
    assert parse_qs(urlsplit(handed.address).query, keep_blank_values=True)["text"] == [text]


def test_mastodon_reads_the_text_from_the_fragment_which_no_server_sees():
    address = urlsplit(hand_over("mastodon", "Bikes & trams: 100 %\nYes").address)
    assert address.query == ""
    assert unquote(address.fragment) == "text=Bikes & trams: 100 %\nYes"


@pytest.mark.parametrize(("network", "most"), [("x", 280), ("bluesky", 300), ("mastodon", 500)])
def test_a_text_that_the_network_would_cut_is_copied_instead(network, most):
    assert not hand_over(network, "a" * most).copies
    handed = hand_over(network, "a" * (most + 1))
    assert handed.copies
    assert "aaa" not in handed.address


def test_facebook_takes_one_link_and_nothing_else():
    handed = hand_over("facebook", "Read (https://example.org/x?a=1).")
    assert parse_qs(urlsplit(handed.address).query) == {"u": ["https://example.org/x?a=1"]}
    assert handed.copies
    assert hand_over("facebook", "No link").address == "https://www.facebook.com/"


def test_of_two_links_nobody_knows_which_was_meant():
    assert only_link("https://a.example and https://b.example") == ""
    assert only_link("https://a.example, https://a.example") == "https://a.example"


def test_linkedin_gets_no_text_in_its_address():
    handed = hand_over("linkedin", "Hello")
    assert (handed.copies, "Hello" in handed.address) == (True, False)


def test_a_blog_has_no_window_so_its_text_is_copied():
    assert (hand_over("blog", "Hello").address, hand_over("blog", "Hello").copies) == ("", True)


def test_every_network_is_in_the_table_but_blogs():
    assert set(WINDOWS) == set(Network.values) - {"blog"}


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_every_window_is_https_and_says_what_it_takes(window: Window):
    assert window.address.startswith("https://")
    assert (window.longest > 0) == (window.takes == TEXT)
    assert ("{}" in window.address) == (window.takes != NOTHING)
