"""Pictures are judged by what their author declares of them."""

import pytest

from clause_library.checks import CheckedClause, CheckError, Medium, Post, compile_checks

FINE = Medium(alt_text="A red bike.", licence="own", minors="none")


def check(*looks):
    return {
        "name": "pictures",
        "kind": "media",
        "category": "style",
        "severity": "fix",
        "message": "Look at the picture.",
        "params": {"looks": list(looks)},
    }


def found(look, *media):
    screener = compile_checks([CheckedClause("pictures", 1, [check(look)])])
    return [(one.start, one.end) for one in screener.screen(Post("Hello", media=media)).findings]


@pytest.mark.parametrize(
    ("look", "medium"),
    [
        ("alt_text", Medium("  ", "own")),
        ("licence", Medium("A red bike.", "unknown")),
        ("minors", Medium("A girl.", "own", "without_consent")),
    ],
)
def test_what_a_picture_lacks_is_one_finding_behind_the_text(look, medium):
    assert found(look, FINE, medium, medium) == [(5, 5)]
    assert found(look, FINE) == []
    assert found(look) == []


def test_a_check_of_media_says_what_it_looks_for():
    with pytest.raises(CheckError, match="looks lists some of alt_text, licence, minors"):
        compile_checks([CheckedClause("pictures", 1, [check("colour")])])
