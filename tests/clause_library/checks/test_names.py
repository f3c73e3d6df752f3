# ruff: noqa: RUF001 (look-alike letters are what is tested)
"""A listed name is found however it is written, and nothing else is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.checks.names import names_in
from clause_library.checks.view import View, names_of
from tests.counting import within_calls

WORDS = frozenset({"launch", "party", "we", "love", "day"})


def found(text, *names):
    view = View(text, names_of((), ()), WORDS)
    places = [view.plain_as_typed(*place) for place in names_in(view, names)]
    return [text[start:end] for start, end in places]


NAME = "Project Larkspur"
DISGUISES = {
    "upper case": NAME.upper(),
    "full width": "".join(chr(ord(c) + 0xFEE0) if c != " " else " " for c in NAME),
    "accents": "Prójèct Lärkspür",
    "decomposed": unicodedata.normalize("NFD", "Prójèct Lärkspür"),
    "zero width": "Pro\u200bject Lark\u2060spur",
    "soft hyphen": "Pro\u00adject Larkspur",
    "homoglyphs": "Prоjеct Lаrkspur",
    "mathematical": "𝐏𝐫𝐨𝐣𝐞𝐜𝐭 𝐋𝐚𝐫𝐤𝐬𝐩𝐮𝐫",
    "no-break space": "Project\u00a0Larkspur",
    "line break": "Project\r\nLarkspur",
    "emoji": "Project 🔥 Larkspur",
    "dash": "Project–Larkspur",
    "underscore": "project_larkspur",
    "CamelCase": "ProjectLarkspur",
    "within CamelCase": "OurProjectLarkspurTeam",
    "hashtag": "#ProjectLarkspur",
    "small hashtag": "#projectlarkspur",
    "hashtag of known words": "#weloveprojectlarkspurlaunchparty",
    "link": "https://acme.example/project-larkspur/plan",
    "possessive": "Project Larkspur's",
}


@pytest.mark.parametrize("text", DISGUISES.values(), ids=DISGUISES)
def test_no_disguise_hides_a_name(text):
    assert len(found(f"Look: {text} is here.", NAME)) == 1


@pytest.mark.parametrize(
    "name",
    ["Éclair", "Straße", "Łódka", "Ålesund", "Çınar", "Ñandú", "Орёл", "Ύδρα", "Արծիվ", "עיט גדול", "نسر الجبل",
     "परियोजना", "青い鷺", "독수리", "อินทรี", "Chim ưng"],
)  # fmt: skip
def test_names_of_many_languages_are_found_in_any_case_and_form(name):
    for form in (name, name.upper(), name.lower(), unicodedata.normalize("NFD", name)):
        assert len(found(f"… {form} …", name)) == 1, form


@pytest.mark.parametrize(
    "text",
    ["A larkspur is in flower.", "The project. Larkspur is a flower.", "Projects, larkspurs.", "#falconry", "",
     "Project by project, larkspur by larkspur.", "Falconer", "myfalconry", "We object: Falcons"],
)  # fmt: skip
def test_what_only_resembles_a_name_is_left_alone(text):
    assert found(text, NAME, "Falcon") == []


def test_a_place_is_the_name_as_typed_and_no_more():
    assert found("We met #BLUE-heron, hush!", "BlueHeron") == ["BLUE-heron"]


def test_of_names_within_one_another_the_longest_is_told():
    assert found("Project Larkspur Two", "Larkspur", "Project Larkspur Two") == [
        "Project Larkspur Two"
    ]


@given(st.text(max_size=80), st.lists(st.text(max_size=12), max_size=4))
def test_any_text_and_any_names_give_places_in_the_text(text, names):
    for quote in found(text, *names):
        assert quote in text


@given(st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=3, max_size=12))
def test_a_name_of_any_letters_is_found_between_spaces(name):
    assert found(f". {name} .", name) == [name]


def test_a_thousand_names_cost_no_more_than_the_length_of_the_text():
    names = tuple(f"Project Number {n}" for n in range(1000))
    text = "Project Number 7 and Project Number 99999 are not the same. " * 1600
    assert len(within_calls(60 * len(text), found, text, *names)) == 1600
