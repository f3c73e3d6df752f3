"""Which lane a screened post takes, by profile: one table."""

import pytest

from approvals.lanes import Context, evaluate, lane_of, rules_digest
from clause_library.checks import Finding, Screening


def screened(*severities, not_ours=False):
    findings = tuple(Finding("c", "cl", 1, "style", severity, 0, 1, "m") for severity in severities)
    return Screening(findings, (), not_ours)


STATIC = Context("broker-dealer", "static")
TABLE = [
    (screened(), Context(), "green"),
    (screened("advice"), Context(), "green"),
    (screened("fix"), Context(), "amber"),
    (screened("advice", "review"), Context(), "amber"),
    (screened("review", "block"), Context(), "red"),
    (screened(not_ours=True), Context(), "not_ours"),
    (screened(), Context(trained=False), "green"),
    (screened(), Context("hospital", trained=False), "amber"),
    (screened(), Context("broker-dealer", "interactive"), "green"),
    (screened(), Context("broker-dealer", trained=False), "amber"),
    (screened(), STATIC, "amber"),
    (screened("block"), STATIC, "red"),
    (screened(not_ours=True), STATIC, "not_ours"),
    (screened(), Context("broker-dealer", "static", principal_cleared_unedited=True), "green"),
    (screened("fix"), Context("broker-dealer", "static", principal_cleared_unedited=True), "amber"),
    (screened(), Context("unheard-of", "static"), "amber"),
]


@pytest.mark.parametrize(("screening", "context", "lane"), TABLE)
def test_each_case_takes_its_lane(screening, context, lane):
    assert lane_of(screening, context) == lane


@pytest.mark.parametrize(("screening", "context", "lane"), TABLE)
def test_an_evaluation_replays_to_the_same_answer(screening, context, lane):
    first, second = evaluate(screening, context), evaluate(screening, context)
    assert first == second
    assert first.reasons
    assert first.rules_digest == rules_digest()
