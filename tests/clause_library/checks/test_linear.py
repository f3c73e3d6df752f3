"""Four times the text takes four times the work, whatever the text: counted in calls, never in seconds."""

import pytest

from approvals.management.commands.screen import shipped_screener
from bench.hostile import PIECES, hostile
from clause_library.checks import CheckedClause, Post, QuietPeriod, compile_checks
from clause_library.checks.screener import MOST_READ, MOST_TRIED
from clause_library.checks.view import View, names_of
from tests.counting import calls_of

SHORT, LONG = 2_500, 10_000
MOST = 5.0  # four times the text, and some room for what begins with the second sentence


def posted(text):
    return Post(
        text,
        "x",
        company=("Acme", "Blue Lantern"),
        rivals=("Globex",),
        own_hosts=("acme.example",),
        listed={
            "project_names": ("Project Falcon",),
            "unannounced_customers": ("Initrode",),
            "denied_hosts": ("bit.ly",),
        },
        quiet=(QuietPeriod(("Acme",), ("results", "deals", "shares"), is_own=True),),
    )


def calls(text):
    return calls_of(shipped_screener().screen, posted(text))


@pytest.mark.parametrize("name", PIECES)
def test_work_grows_with_the_text_and_no_faster(name):
    shipped_screener().screen(posted(hostile(name, SHORT)))  # fills what is kept for the process
    assert calls(hostile(name, LONG)) <= MOST * calls(hostile(name, SHORT))


@pytest.mark.parametrize("sign", ["-", ".", "+", "%"])
def test_names_in_a_run_without_spaces_are_read_as_everywhere(sign):
    """RE2 would read on from each of them to the end of the run, so in a long run they are found another way."""
    names = names_of(("Acme",), ("Globex",))
    for times in (1, 500):
        words = View(f"acme{sign}globex{sign}" * times, names).words
        assert (words.count("zqcompany"), words.count("zqrival")) == (times, times)


def test_a_long_post_has_few_fixes_tried_one_by_one():
    """Each trial is a screening, so that a post of 1,000 fixes would be screened 1,000 times."""
    clause = CheckedClause(
        "no-hype",
        1,
        [
            {
                "name": "hype",
                "kind": "tone",
                "category": "style",
                "severity": "advice",
                "message": "Say it plainly.",
                "params": {"find": ["hype"], "fix": {"replace": "much hype"}},
            }
        ],
    )
    screener = compile_checks([clause])
    seen = []
    screen = screener._screen
    screener._screen = lambda reading: seen.append(reading.post) or screen(reading)
    screener.screen(Post("So much hype! " * 1_000))
    assert sum(len(post.text) for post in seen) < 3 * MOST_READ
    seen.clear()
    screener.screen(Post("So much hype! " * 50))
    assert len(seen) == MOST_TRIED + 2


def test_a_post_for_four_networks_is_read_once():
    post = posted("We opened a bike shed in the yard today. Come and see it.")
    screener = shipped_screener()
    on_one = calls_of(screener.screen, post)
    assert (
        calls_of(screener.screen_everywhere, post, ["x", "linkedin", "bluesky", "blog"])
        <= 2 * on_one
    )
