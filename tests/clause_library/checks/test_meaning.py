"""The kind *meaning*: it adds and never takes away, explains itself by an example, and can be trained again."""

import pytest

from approvals.management.commands import score_checks
from clause_library.checks import CheckedClause, CheckError, Post, compile_checks
from clause_library.checks.meaning import shipped_model
from clause_library.checks.meaning.features import features_of
from clause_library.checks.meaning.model import POSTS, labelled_posts, sentences_of, windows
from clause_library.files import read_library
from clause_library.management.commands import train_meaning
from tests.clause_library.checks.test_scores import POSTS as HELD_OUT


def check(category="harassment", **params):
    return {
        "name": "meant",
        "kind": "meaning",
        "category": category,
        "severity": "review",
        "message": "Look again.",
        "params": params,
    }


def screener_for(*checks):
    return compile_checks([CheckedClause("meant", 1, list(checks))])


def shipped(*, with_meaning):
    return compile_checks(
        (
            CheckedClause(
                one.name,
                one.version,
                [check for check in one.checks if with_meaning or check["kind"] != "meaning"],
            )
            for one in read_library().clauses.values()
        ),
        "us",
    )


def told(screener, row):
    post = Post(row["text"], author_relation=row["author_relation"], rivals=("Globex",))
    return {
        (one.category, one.start, one.end, one.severity) for one in screener.screen(post).findings
    }


def test_it_only_ever_adds_findings():
    without, with_it = shipped(with_meaning=False), shipped(with_meaning=True)
    rows = score_checks.rows_of(str(HELD_OUT))
    added = 0
    for row in rows:
        before, after = told(without, row), told(with_it, row)
        assert before <= after, row["text"]
        added += len(after - before)
    assert added > 0


def test_it_finds_posts_on_which_it_was_never_trained():
    without, with_it = shipped(with_meaning=False), shipped(with_meaning=True)
    flagged = [row for row in score_checks.rows_of(str(HELD_OUT)) if row["expected"] == "flag"]
    found_before = sum(bool(told(without, row)) for row in flagged)
    assert sum(bool(told(with_it, row)) for row in flagged) > found_before


def test_no_post_that_measures_it_is_one_that_it_learned():
    learned = {post.text for post in labelled_posts()}
    assert not learned & {row["text"] for row in score_checks.rows_of(str(HELD_OUT))}


def test_it_shows_the_example_that_a_post_is_most_like():
    example = next(
        post.text for post in labelled_posts() if post.is_flagged and post.category == "harassment"
    )
    model = shipped_model()
    features = frozenset().union(*sentences_of(example))
    assert model.nearest(features, "harassment") == example


def test_a_finding_quotes_its_example_and_marks_a_sentence():
    held = [post for post in labelled_posts() if post.is_flagged and post.category == "harassment"]
    screener = screener_for(check(sure=50))
    found = [(post.text, one) for post in held for one in screener.screen(Post(post.text)).findings]
    assert len(found) > len(held) / 2
    for text, one in found:
        assert one.message.startswith("Look again. It reads like this example: “")
        assert text[one.start : one.end].strip()


def test_it_is_not_asked_of_protected_speech_nor_of_strangers():
    screener = screener_for(check(sure=1))
    assert screener.screen(Post("Union meeting on Thursday at six.")).findings == ()
    assert screener.screen(Post("You are all idiots.", author_relation="none")).findings == ()
    assert len(screener.screen(Post("You are all idiots.")).findings) == 1


@pytest.mark.parametrize("sure", [0, 100, "60", 0.5])
def test_how_sure_it_must_be_is_a_whole_percentage(sure):
    with pytest.raises(CheckError, match="whole number of percent"):
        screener_for(check(sure=sure))


def test_it_cannot_be_asked_for_what_it_never_learned():
    with pytest.raises(CheckError, match=r"learned for competitor, .* not for style"):
        screener_for(check(category="style"))


def test_every_sentence_is_read_with_the_two_before_it_and_with_what_changes_the_post():
    assert list(windows(range(4), frozenset())) == [(0,), (0, 1), (0, 1, 2), (1, 2, 3)]
    assert list(windows([0, 2, 3], frozenset({0, 1}))) == [(0,), (0, 2), (0, 2, 3)]


def test_features_are_words_pairs_and_stems():
    assert features_of("Paid 45 euros?".lower()) == {
        *["paid", "0", "euros", "?", "euros*"],
        *["^ paid", "paid 0", "0 euros", "euros ?", "? $"],
    }


def test_the_same_posts_give_the_same_model():
    few = labelled_posts()[::40]
    assert train_meaning.trained(few) == train_meaning.trained(few)
    assert train_meaning.trained(few) != train_meaning.trained(few[:-5])


@pytest.mark.slow
def test_the_shipped_model_comes_out_of_the_shipped_posts():
    train_meaning.Command().handle(check=True)


def test_the_posts_that_it_learns_from_are_whole():
    lines = POSTS.read_text("utf-8").splitlines()
    assert lines[0] == "expected\tcategory\ttext"
    assert all(len(line.split("\t")) == 3 for line in lines)
    posts = labelled_posts()
    assert len({post.text for post in posts}) == len(posts)


@pytest.mark.parametrize("times", [1, 6_000])
def test_a_post_that_says_one_thing_for_ever_is_judged_like_any_other(times):
    screener = shipped(with_meaning=True)
    assert not screener.screen(Post("I work at Acme. " * times)).findings
