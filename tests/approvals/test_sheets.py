"""CSV that no spreadsheet takes for formulas (ASVS 1.2.10)."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.sheets import STARTS_A_FORMULA, as_csv, cell


@pytest.mark.parametrize(
    "hostile",
    [
        "=1+1",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
        " =1",
        "\ufeff=cmd|'/c calc'!A1",
    ],
)
def test_a_text_that_would_be_calculated_is_told_as_text(hostile):
    assert cell(hostile).startswith("'")
    assert "\0" not in cell(hostile)


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1), min_size=1)
)
def test_every_sheet_reads_back_as_rows_of_harmless_cells(rows):
    read = list(csv.reader(io.StringIO(as_csv(rows), newline="")))
    assert [len(row) for row in read if row] == [len(row) for row in rows]
    assert not any(one.startswith(STARTS_A_FORMULA) for row in read for one in row)


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell():
    assert as_csv([("Marketing", -3, None, 2.5)]) == "Marketing,-3,,2.5\r\n"
