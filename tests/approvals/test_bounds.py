"""What may be changed in a post from the shelf; any other edit is another text."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from approvals.bounds import (
    LONGEST_CITY,
    LONGEST_SENTENCE,
    Bounds,
    Fit,
    fill,
    fit,
    is_city,
    is_sentence,
    problem,
    values_of,
)

TEXT = "Meet Ada at our stand in Denver. See you in Denver!"
TEMPLATE = "Meet {name} at our stand in {city}. See you in {city}!"
BOUNDS = Bounds(TEXT, TEMPLATE, longest_sentence=80)
NAMES = ("Bo Berg", "Bo")
CITIES = st.sampled_from(["Denver", "São Paulo", "Stratford-upon-Avon", "Val-d'Or", "St. Louis"])
SENTENCES = st.sampled_from(["My first fair!", "I cannot wait to see you.", "Who comes along?"])
ANY = st.characters(codec="utf-8")


def fits(text, bounds=BOUNDS, profile="general"):
    return fit(bounds, text, names=NAMES, profile=profile)


def test_unedited_is_decided_by_the_bytes_alone():
    assert fits(TEXT) == Fit(unedited=True)


@given(st.sampled_from(NAMES), CITIES, st.none() | SENTENCES, st.sampled_from([" ", "\n", "\n\n"]))
def test_names_places_and_one_sentence_are_within_bounds(name, city, sentence, apart):
    text = fill(BOUNDS, name=name, city=city)
    if sentence:
        text = sentence + apart + text
    assert fits(text) == Fit(unedited=False, city=city, sentence=sentence or "")


@given(st.data())
def test_any_other_edit_is_another_text(data):
    """One code point changed, put in or taken out anywhere outside of the slots."""
    text = fill(BOUNDS, name="Bo", city="Denver")
    at = data.draw(st.integers(0, len(text)))
    sign = data.draw(st.just("") | ANY)
    cut = data.draw(st.integers(0, 1))
    other = text[:at] + sign + text[at + cut :]
    assume(other not in {text, TEXT})
    found = fits(other)
    assert found is None or other == fill(BOUNDS, name="Bo", city=found.city)


@given(st.text(ANY, min_size=1, max_size=12))
def test_nothing_can_be_appended(tail):
    assert fits(TEXT + tail) is None
    assert fits(fill(BOUNDS, name="Bo", city="Denver") + tail) is None


@given(st.text(ANY, min_size=1, max_size=40))
def test_what_stands_before_is_one_plain_sentence_or_nothing(head):
    found = fits(head + fill(BOUNDS, name="Bo", city="Denver"))
    assert found is None or is_sentence(found.sentence, 80)


@pytest.mark.parametrize(
    "text",
    [
        "Meet Bo at our stand in Denver. See you in Berlin!",  # two places
        "Meet Rex at our stand in Denver. See you in Denver!",  # another's name
        "Meet B\u043e at our stand in Denver. See you in Denver!",  # a look-alike
        "Meet Bo\u200b at our stand in Denver. See you in Denver!",
        "Meet Bo at our stand in D\u0435nver. See you in D\u0435nver!",  # two scripts
        "Meet Bo at our stand in \uff24enver. See you in \uff24enver!",  # full width
        "Meet Bo at our stand in Den\u00adver. See you in Den\u00adver!",
        "Meet Bo at our stand in Denver and buy. See you in Denver and buy!",
        "Meet Bo at our stand in Denver2. See you in Denver2!",
        "meet Bo at our stand in Denver. See you in Denver!",
        "Meet Bo at our stand in Denver.  See you in Denver!",
        "Meet {name} at our stand in Denver. See you in Denver!",
        " Meet Bo at our stand in Denver. See you in Denver!",
        "First one. And another. Meet Bo at our stand in Denver. See you in Denver!",
        "No end Meet Bo at our stand in Denver. See you in Denver!",
        "See https://evil.example. Meet Bo at our stand in Denver. See you in Denver!",
        "Ask me\u200b! Meet Bo at our stand in Denver. See you in Denver!",
        "",
    ],
)
def test_what_looks_like_it_and_is_not_falls_out(text):
    assert fits(text) is None


def test_without_the_curators_leave_there_is_no_sentence_of_ones_own():
    strict = Bounds(TEXT, TEMPLATE)
    text = fill(BOUNDS, name="Bo", city="Denver")
    assert fits(text, strict) is not None
    assert fits(f"My first fair! {text}", strict) is None


@given(st.sampled_from(NAMES), CITIES, st.none() | SENTENCES)
def test_a_broker_dealer_shares_unedited_only(name, city, sentence):
    """FINRA 2210(b)(1): what a principal has approved is used as it is."""
    text = f"{sentence} " * bool(sentence) + fill(BOUNDS, name=name, city=city)
    assert fits(text, profile="broker-dealer") is None
    assert fits(TEXT, profile="broker-dealer") == Fit(unedited=True)


@given(st.text(ANY, max_size=50))
def test_a_place_has_letters_people_see_and_is_short(value):
    if is_city(value):
        assert 0 < len(value) <= LONGEST_CITY
        assert not any(unicodedata.category(sign)[0] in "CNS" for sign in value)
        assert unicodedata.normalize("NFKC", value) == unicodedata.normalize("NFC", value)


@pytest.mark.parametrize("value", ["", " ", "a", "de Haan", "\u3164", "Den\nver", "A" * 41, "-X"])
def test_what_is_no_place(value):
    assert not is_city(value)


@pytest.mark.parametrize(
    "value",
    [
        "a\u3164b!",
        "So\u2800good!",
        "\u202eSo!",
        "So\tgood!",
        "Write to @rex!",
        "a/b!",
        "Hm",
        "!",
        "x" * 90 + "!",
    ],
)
def test_what_is_no_plain_sentence(value):
    assert not is_sentence(value, 80)


def test_a_curator_marks_places_and_changes_nothing_else():
    assert problem(BOUNDS) == ""
    assert problem(Bounds(TEXT, TEXT)) == ""
    assert values_of(BOUNDS) == {"name": "Ada", "city": "Denver"}
    assert "not the cleared text" in problem(Bounds(TEXT, TEMPLATE.replace("Meet", "See")))
    assert "not the cleared text" in problem(Bounds(TEXT, "{name}"))
    assert "Only" in problem(Bounds(TEXT, TEXT.replace("Ada", "{who}")))
    assert "at most" in problem(Bounds(TEXT, TEMPLATE, LONGEST_SENTENCE + 1))
