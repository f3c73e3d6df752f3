"""Every check of the shipped library does what its own examples say."""

import pytest

from clause_library.checks import CheckedClause, check_examples
from clause_library.files import read_library

CHECKED = [clause for clause in read_library().clauses.values() if clause.checks]


@pytest.mark.parametrize("clause", CHECKED, ids=lambda clause: clause.name)
def test_examples_of_each_clause_hold(clause):
    assert check_examples(CheckedClause(clause.name, clause.version, clause.checks)) == []
