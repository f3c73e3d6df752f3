"""What makes two findings the same, and which may be settled."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.settling import channel_kind, is_firm, phrase_digest, phrase_of

CHECK = {"kind": "claims", "category": "financial_promise", "severity": "review"}


@pytest.mark.parametrize(
    ("changed", "firm"),
    [
        ({}, False),
        ({"severity": "fix"}, False),
        ({"severity": "block"}, True),
        ({"severity": "advice"}, True),
        ({"kind": "personal_data"}, True),
        ({"kind": "credentials"}, True),
        ({"kind": "listed_names"}, True),
        ({"kind": "quiet_period"}, True),
        ({"kind": "inside_information"}, True),
        ({"kind": "media"}, True),
        ({"category": "personal_data"}, True),
        ({"category": "health"}, True),
        ({"category": "material_nonpublic"}, True),
    ],
    ids=str,
)
def test_which_checks_ask_every_time(changed, firm):
    assert is_firm(CHECK | changed) == firm


@pytest.mark.parametrize(
    ("text", "found", "phrase"),
    [
        ("No. It is the best. Yes.", "best", "it is the best"),
        ("It is the best", "best", "it is the best"),
        ("One two three four five six seven.", "two three four five six seven", None),
        ("First line\nThe best\nlast line", "best", "the best"),
        ("Nothing found here.", "", "nothing found here."),
    ],
    ids=["a sentence", "no full stop", "enough words", "a line", "something missing"],
)
def test_a_phrase_is_what_was_found_or_its_sentence(text, found, phrase):
    start = text.find(found) if found else 0
    assert phrase_of(text, start, start + len(found)) == (phrase or found)


def test_the_same_words_for_another_check_are_another_phrase():
    finding = {"clause": "a", "check": "b", "start": 0, "end": 3}
    digests = {
        phrase_digest(finding | changed, "Wow. Yes.")
        for changed in ({}, {"check": "c"}, {"clause": "c"}, {"start": 5, "end": 8})
    }
    assert len(digests) == 4


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_a_phrase_can_be_made_of_any_text(text, one, other):
    start, end = sorted(min(place, len(text)) for place in (one, other))
    assert isinstance(phrase_of(text, start, end), str)


@pytest.mark.parametrize(
    ("accounts", "kind"),
    [
        ([], ""),
        ([(False, "interactive")], "own, interactive"),
        ([(False, "interactive"), (True, "interactive")], "official, interactive"),
        ([(True, "interactive"), (False, "static")], "official, static"),
    ],
    ids=["none", "own", "one is official", "the strictest of each"],
)
def test_the_kind_of_channels_is_that_of_the_strictest(accounts, kind):
    channels = [SimpleNamespace(is_official=one, content_class=other) for one, other in accounts]
    assert channel_kind(channels) == kind
