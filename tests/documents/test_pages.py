"""Small words of a document: dates, numbers, digests, and which characters can be printed."""

import pytest

from documents.assets import FONTS, SUMS
from documents.coverage import LIST, runs_of, unprintable
from documents.management.commands.list_fonts import coverage_of
from documents.pages import canonical, day, digest, grouped, moment


def test_times_are_told_in_utc_whatever_they_came_in():
    assert moment("2026-11-23T02:15:00Z") == "23 November 2026, 02:15:00 UTC"
    assert moment("2026-11-23T02:15:00+05:30") == "22 November 2026, 20:45:00 UTC"


@pytest.mark.parametrize(
    ("place", "says"),
    [("us", "December 1, 2026"), ("gb", "1 December 2026"), ("", "1 December 2026")],
)
def test_days_are_written_as_the_place_does(place, says):
    assert day("2026-12-01", place) == says


def test_a_number_is_grouped_in_fours():
    assert grouped("3f2a9c1d04b8") == "3f2a 9c1d 04b8"


def test_canonical_bytes_are_sorted_tight_and_in_utf_8():
    assert canonical({"b": "é", "a": [1, None, True]}) == '{"a":[1,null,true],"b":"é"}'.encode()
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_runs_are_maximal():
    assert list(runs_of([1, 2, 3, 7])) == [(1, 3), (7, 7)]
    assert list(runs_of([])) == []


def test_characters_that_turn_the_line_around_count_as_unprintable():
    assert unprintable("a\u202eb☕ é 王") == ["\u202e"]


def test_the_lists_of_fonts_and_characters_are_those_of_the_shipped_fonts():
    fonts = sorted(FONTS.glob("*.ttf"))
    assert LIST.read_text() == coverage_of(fonts)
    assert [line.split()[1] for line in SUMS.read_text().splitlines()] == [
        font.name for font in fonts
    ]
