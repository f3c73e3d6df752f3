"""The diagram is the specification: these edges and no others."""

import re

import pytest

from approvals import states
from approvals.models import RouteRules, Settlement, ShelfItem, Submission

EDGES = [
    edge
    for model in (Submission, Settlement, RouteRules, ShelfItem)
    for edge in model().get_all_state_transitions()
]


def drawn(diagram):
    """Read each ``a, b ──step──▶ c ──step──▶ d`` as edges."""
    for line in diagram.splitlines():
        sources, *rest = re.split(r"\s*──(\w+)──▶\s*", line.strip())
        for step, target in zip(rest[::2], rest[1::2], strict=True):
            yield from ((source, step, target) for source in sources.split(", "))
            sources = target


def test_the_code_does_what_the_diagram_says():
    assert {(edge.source, edge.name, edge.target) for edge in EDGES} == set(drawn(states.__doc__))


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge.source}-{edge.name}")
def test_every_step_says_who_may_take_it(edge):
    assert edge.permission
