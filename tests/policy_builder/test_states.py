"""The diagrams are the specification: these edges and no others."""

import re

import pytest

from policy_builder import states
from policy_builder.models import Acknowledgement, Edition

MACHINES = {"Edition": Edition, "Acknowledgement": Acknowledgement}
EDGES = [
    (name, edge) for name, model in MACHINES.items() for edge in model().get_all_state_transitions()
]


def drawings(docstring):
    """The drawing of each machine, under its name on a line of its own."""
    drawing = None
    for line in docstring.splitlines():
        if line in MACHINES:
            drawing = line
        elif drawing:
            yield drawing, line


def drawn(lines):
    """Read each ``a, b ──step──▶ c ──step──▶ d`` as edges."""
    for name, line in lines:
        sources, *rest = re.split(r"\s*──(\w+)──▶\s*", line.strip())
        for step, target in zip(rest[::2], rest[1::2], strict=True):
            yield from ((name, source, step, target) for source in sources.split(", "))
            sources = target


def test_the_code_does_what_the_diagrams_say():
    coded = {(name, edge.source, edge.name, edge.target) for name, edge in EDGES}
    assert coded == set(drawn(drawings(states.__doc__)))


@pytest.mark.parametrize(("name", "edge"), EDGES, ids=lambda one: getattr(one, "name", one))
def test_every_step_says_who_may_take_it(name, edge):
    assert edge.permission
