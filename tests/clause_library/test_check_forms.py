"""The editor of a check loses nothing, and says beside the field what cannot run."""

import pytest
from django.http import QueryDict

from clause_library.check_forms import CheckForm
from clause_library.files import read_library

SHIPPED = {check["name"]: check for one in read_library().clauses.values() for check in one.checks}
FROGS = {
    "name": "no-frogs",
    "kind": "tone",
    "category": "style",
    "severity": "advice",
    "message": "No frogs.",
    "params": {"phrases": ["frog"]},
    "examples": {"match": ["A frog."], "pass": ["A newt."]},
}


def sent(form, **changes):
    """What a browser sends back for a form as it was shown."""
    data = QueryDict(mutable=True)
    for bound in form:
        value = changes.pop(bound.name, bound.field.prepare_value(bound.initial))
        if isinstance(value, list):
            data.setlist(bound.name, value)
        elif value is True:
            data[bound.name] = "on"
        elif value is not False:
            data[bound.name] = str("" if value is None else value).replace("\n", "\r\n")
    for name, value in changes.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def edited(check=FROGS, others=(), **changes):
    shown = CheckForm(before=check, clause="ponds", seen="0" * 64)
    form = CheckForm(sent(shown, **changes), before=check, clause="ponds", others=others)
    form.is_valid()
    return form


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_check_survives_its_form(name):
    form = edited(SHIPPED[name])
    assert form.errors == {}
    assert form.check == SHIPPED[name]


def test_a_check_written_from_nothing():
    form = edited(
        {"kind": "tone", "severity": "review", "category": "style"},
        name="no-toads",
        message="No toads, please.",
        param_phrases="toad\r\ncane toads",
        must_match="A toad.\r\npartner on x: Two toads.",
        must_pass="A newt.",
        param_fix="newt",
        param_fix_how="replace",
        jurisdictions="GB, us",
        channels=["x"],
    )
    assert form.errors == {}
    assert form.check == {
        "name": "no-toads",
        "kind": "tone",
        "category": "style",
        "severity": "review",
        "message": "No toads, please.",
        "params": {"phrases": ["toad", "cane toads"], "fix": {"replace": "newt"}},
        "examples": {
            "match": [
                "A toad.",
                {"text": "Two toads.", "author_relation": "partner", "channel": "x"},
            ],
            "pass": ["A newt."],
        },
        "jurisdictions": ["gb", "us"],
        "channels": ["x"],
    }


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("param_find", "frog\n(a{1000}){1000}", "The pattern '(a{1000}){1000}' cannot run"),
        ("param_find", "pond && frog(?=s)", "The pattern 'frog(?=s)' cannot run"),
        ("param_unless", "{frogkin}", "Nobody has defined the words {frogkin}"),
        ("param_phrases", "?!", "The phrase '?!' has no letters"),
        ("name", "No Frogs", "small letters, digits and hyphens"),
        ("name", "no-newts", "Another check of this clause has that name"),
        ("jurisdictions", "the moon", "codes of countries"),
        ("relation", [], "required"),
        ("rest", "params: [a", "This is not YAML"),
        ("rest", "- a", "key: value"),
        ("rest", "params: {phrases: [newt]}", ""),
        ("rest", "params: {color: red}", ""),
        ("must_match", "x" * 60_001, "at most 60000 characters"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(field, value, says):
    form = edited(others=["no-newts"], **{field: value})
    assert form.errors
    if says:
        assert says in " ".join(form.errors[field])


def test_what_stands_twice_and_what_nobody_knows_is_named():
    assert "Keep one" in str(edited(rest="params: {phrases: [newt]}").errors["param_phrases"])
    [says] = edited(rest="params: {color: red}").errors["__all__"]
    assert says.startswith("Check no-frogs: “Tone” does not take color; it takes excuses, find")


def test_another_kind_keeps_what_it_does_not_take_until_it_is_cleared():
    form = edited(kind="links")
    assert "“Links” does not take this" in str(form.errors["param_phrases"])
    assert form["param_phrases"].value() == "frog"
    cleared = edited(kind="links", param_phrases="", param_looks=["shortener"])
    assert cleared.errors == {}
    assert cleared.check["params"] == {"looks": ["shortener"]}


def test_wordings_of_one_sort_may_change_their_kind_at_once():
    form = edited(kind="respect")
    assert form.errors == {}
    assert form.check == FROGS | {"kind": "respect"}


def test_a_long_list_is_refused():
    form = edited(param_phrases="\n".join(f"frog {n}" for n in range(1001)))
    assert "at most 1000" in str(form.errors["__all__"])
