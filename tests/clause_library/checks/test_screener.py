"""The engine: what it refuses, and what it says."""

import pytest

from clause_library.checks import (
    CheckedClause,
    CheckError,
    Post,
    TextTooLongError,
    check_examples,
    compile_checks,
)

SOUND = {
    "name": "no-frogs",
    "kind": "tone",
    "category": "style",
    "severity": "review",
    "message": "Frogs are not for us.",
    "params": {"find": ["frog*"], "unless": ["frogs? legs?"], "excuses": ["negated"]},
    "examples": {"match": ["A frog!"], "pass": ["A toad.", "No frog here."]},
}


def clause(**changes):
    return CheckedClause("ponds", 3, [SOUND | changes])


def found(text, **changes):
    return compile_checks([clause(**changes)]).screen(Post(text)).findings


def test_a_finding_names_its_check_clause_and_version():
    (one,) = found("We met two Frogs.")
    assert (one.check, one.clause, one.version, one.category) == ("no-frogs", "ponds", 3, "style")
    assert (one.start, one.end) == (11, 16)


@pytest.mark.parametrize("pattern", [r"(frog)\1", r"frog(?=s)", "frog(", "[frog", "{nobody}"])
def test_a_pattern_that_cannot_run_in_linear_time_is_refused_by_name(pattern):
    with pytest.raises(CheckError, match="Clause ponds, check no-frogs"):
        compile_checks([clause(params={"find": [pattern]})])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "magic"}, "kind is one of"),
        ({"category": "pets"}, "category is one of"),
        ({"severity": "loud"}, "severity is one of"),
        ({"params": {"find": ["x"], "excuse": []}}, "does not take excuse"),
        ({"params": {}}, "it finds nothing"),
        ({"params": {"find": ["x"], "excuses": ["luck"]}}, "there is no excuse luck"),
        ({"params": {"find": ["x"], "relation": ["boss"]}}, "relation lists some of"),
        ({"color": "red"}, "it has unknown color"),
    ],
)
def test_a_broken_check_is_refused_with_what_to_do(changes, says):
    with pytest.raises(CheckError, match=says):
        compile_checks([clause(**changes)])


def test_two_checks_of_one_name_are_refused():
    with pytest.raises(CheckError, match="Give it another"):
        compile_checks([clause(), clause()])


def test_examples_that_do_not_hold_are_told():
    wrong = clause(examples={"match": ["A toad."], "pass": ["A frog."]})
    assert len(check_examples(wrong)) == 2
    assert check_examples(clause()) == []
    assert check_examples(clause(examples={})) != []


def test_phrases_match_whole_words_only():
    params = {"phrases": ["pond scum", "lily*"]}
    assert found("Pond   scum!", params=params)
    assert found("Lilypads", params=params)
    assert not found("A pond scummer", params=params)


def test_a_check_for_a_channel_looks_only_there():
    screener = compile_checks([clause(channels=["x"])])
    assert screener.screen(Post("A frog!", "x")).findings
    assert not screener.screen(Post("A frog!", "linkedin")).findings


def test_a_check_for_another_jurisdiction_is_left_out():
    made_for_gb = [clause(jurisdictions=["gb"])]
    assert not compile_checks(made_for_gb, "us").screen(Post("A frog!")).findings
    assert compile_checks(made_for_gb).screen(Post("A frog!")).findings


def test_a_text_longer_than_any_post_is_refused():
    with pytest.raises(TextTooLongError, match="Shorten it"):
        compile_checks([clause()]).screen(Post("x" * 100_001))


def test_protected_speech_is_not_ours_whatever_the_edition_holds():
    seen = compile_checks([]).screen(Post("Union meeting on Thursday at six."))
    assert seen.not_ours
    assert seen.protected == ((0, 33),)


def test_a_threat_beside_protected_speech_is_found(screen):
    seen = screen("Our breaks are too short. I will break the manager's legs.")
    assert not seen.not_ours
    assert [one.category for one in seen.findings] == ["harassment"]


def test_a_missing_disclosure_is_put_at_the_start(screen):
    (one,) = screen("The Acme kettle is the best I ever had.").findings
    assert (one.start, one.end, one.fix) == (0, 0, "I work at Acme. ")


def test_a_missing_disclosure_speaks_the_language_of_the_post(screen):
    (one,) = screen(
        "Der Wasserkocher von Acme ist der beste, den ich je hatte.", "partner"
    ).findings
    assert one.fix == "Werbung: "


def test_who_has_no_connection_discloses_nothing(screen):
    assert screen("The Acme kettle is the best I ever had.", "none").findings == ()


def test_personal_data_is_masked_by_its_fix(screen):
    text = "Our customer Ann paid with 4111 1111 1111 1111 today."
    (one,) = screen(text).findings
    assert text[one.start : one.end] == "4111 1111 1111 1111"
    assert one.fix == "[number removed]"


def test_a_link_counts_as_23_on_x(screen):
    fits = "a" * 256 + " https://acme.example/" + "b" * 200
    assert not [one for one in screen(fits, channel="x").findings if one.check == "channel-length"]
    assert [
        one for one in screen("a" + fits, channel="x").findings if one.check == "channel-length"
    ]


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("Paid with 4111 1111 1111 1111 123 12/27.", ["4111 1111 1111 1111"]),
        ("Paid with 4111111111111111 123.", ["4111111111111111"]),
        ("12 4111-1111-1111-1111 is it.", ["4111-1111-1111-1111"]),
        ("3782 822463 10005 1234 is it.", ["3782 822463 10005"]),
        (
            "4111 1111 1111 1111 5500 0000 0000 0004",
            ["4111 1111 1111 1111", "5500 0000 0000 0004"],
        ),
        ("Order 1234 5678 9012 3456 has arrived.", []),
        ("Lots 12 345 678 90 123 456 789 0 are fine.", []),
    ],
)
def test_a_card_is_found_with_other_numbers_beside_it(text, cards):
    detect = {"detect": ["card"], "masks": {"card": "[number removed]"}}
    places = found(text, kind="personal_data", category="personal_data", params=detect)
    assert [text[one.start : one.end] for one in places] == cards
