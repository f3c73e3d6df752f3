"""A library of three clauses, loaded as set-up loads the shipped one."""

import pytest

from clause_library import actions
from clause_library.models import Clause
from tests.clause_library.small_library import small_library


@pytest.fixture
def library(db):
    """Shelves and clauses, each in its first version."""
    actions.load_library(small_library())


@pytest.fixture
def giveaways(library):
    """A clause that Lea will rewrite."""
    return Clause.objects.get(name="giveaways")
