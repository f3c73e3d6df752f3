"""That each part of the bench runs, on tiny sizes. Timing decides no test."""

import pytest

from bench import endpoint, library, linear, memory, numbers, phrases
from bench.__main__ import PARTS
from bench.hostile import PIECES, hostile
from bench.posts import LENGTH, calm_posts, posts_with, telling_posts
from bench.posts import phrases as all_phrases
from bench.table import as_table


@pytest.mark.parametrize("part", [phrases, library, memory, linear], ids=lambda part: part.PART)
def test_a_part_measures_and_fills_its_rows_of_the_table(part):
    rows = list(part.measure(quick=True))
    assert {row.part for row in rows} == {part.PART}
    assert as_table(rows).count("\n") == len(rows) + 1


@pytest.mark.slow
def test_the_page_of_numbers_is_measured_in_processes_of_their_own():
    page, queries, usual = numbers.measure(quick=True)
    assert {row.part for row in (page, queries, usual)} == {"numbers"}
    assert queries.holds


def test_the_command_knows_every_part():
    parts = ["phrases", "library", "memory", "linear", "clearing", "endpoint", "numbers"]
    assert list(PARTS) == parts


def test_the_posts_are_as_long_as_they_are_said_to_be_and_the_same_each_time():
    for made in (calm_posts(20), telling_posts(20), posts_with(all_phrases(), 20)):
        assert {len(post) for post in made} == {LENGTH}
    assert calm_posts(20) == calm_posts(20)


def test_there_are_5000_phrases_and_a_post_with_hits_has_one():
    said = all_phrases()
    assert len(set(said)) == 5000
    assert all(any(phrase in post for phrase in said) for post in posts_with(said, 20))


@pytest.mark.parametrize("name", PIECES)
def test_a_hostile_text_has_the_length_that_is_asked_for(name):
    assert len(hostile(name, 1000)) == 1000


def test_texts_are_posts_as_far_as_they_are_typed():
    texts = endpoint.typed(20)
    assert len(texts) == 20
    assert all(20 <= len(text) <= LENGTH for text in texts)
