"""Screen a post by the edition in force: compiled once per edition, one copy per process (invariant 6)."""

import datetime as dt
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from clause_library.checks import CheckedClause, Finding, Post, Screener, compile_checks
from organization.models import Company, Person
from policy_builder.models import Edition, Provision

from . import background, lanes
from .lists import lists_of
from .models import Channel, Clearance, ContentClass, Submission

EDITIONS_IN_MEMORY = 8


@dataclass(frozen=True)
class Screened:
    """What was found in a post, by which edition, and the lane that follows."""

    edition: Edition
    findings: tuple[
        dict, ...
    ]  # JSON values: a Finding's fields and its provision's number and title
    protected: tuple[tuple[int, int], ...]
    evaluation: lanes.Evaluation
    never_stored: frozenset[str] = frozenset()  # checks whose findings must go before we store
    earlier: Clearance | None = None  # a reviewer's, of exactly this, by which the lane went

    @property
    def is_mixed(self) -> bool:
        """A part is protected speech, and the rest needs clearance."""
        return bool(self.protected) and self.lane != lanes.NOT_OURS

    @property
    def rests_on(self) -> Clearance | None:
        """The earlier clearance, where without it a person would look."""
        return self.earlier if lanes.rests_on_earlier_clearance(self.evaluation.inputs) else None

    @property
    def unstorable(self) -> list[dict]:
        """Findings of personal data and credentials that are plain enough to block."""
        return [
            finding
            for finding in self.findings
            if finding["severity"] == "block"
            and (finding["check"] in self.never_stored or finding["category"] == "personal_data")
        ]

    @property
    def lane(self) -> str:
        return self.evaluation.lane


def screen(
    text: str,
    author: Person,
    channels: list[Channel],
    at: dt.datetime | None = None,
    submission: Submission | None = None,
) -> Screened | None:
    """Look at a post as its author would publish it; None where no policy is in force for the unit.

    Of a ``submission`` that is screened again, its own clearance does not count as an earlier one.
    """
    editions = Edition.objects.in_force(at).for_unit(author.unit).select_related("policy")
    edition = editions.defer("snapshot").first()  # 100 KB, compiled once and kept
    if edition is None:
        return None
    screener, provisions = _compiled(edition.pk)
    now = at or timezone.now()
    seen = screener.screen(_post(text, author, channels, now))
    earlier = background.cleared_before(text, author, channels, edition, now, besides=submission)
    facts = _facts(author, channels, now) | {"cleared_before": background.cleared_by(earlier)}
    return Screened(
        edition=edition,
        findings=tuple(_with_provision(finding, provisions) for finding in seen.findings),
        protected=seen.protected,
        evaluation=lanes.evaluate(lanes.Inputs.of(text, seen, **facts)),
        never_stored=screener.never_stored,
        earlier=earlier,
    )


def _facts(author: Person, channels: list[Channel], now: dt.datetime) -> dict[str, Any]:
    """What a lane depends on besides the text; see lanes.Inputs."""
    return asdict(background.record_of(author, now)) | {
        "profile": author.unit.profile,
        "country": author.unit.country,
        "content_class": ContentClass.strictest_of(channels),
        "is_official": any(channel.is_official for channel in channels),
        "networks": tuple(sorted({channel.network for channel in channels})),
        "relation": author.relation,
        "is_trained": author.trained_on is not None,
        "is_registered": bool(author.registration),
    }


def _post(text: str, author: Person, channels: list[Channel], at: dt.datetime) -> Post:
    """What the checks read, with what the company has them watch for at that time."""
    company = Company.current()
    lists = lists_of(company)
    return Post(
        text=text,
        channel=channels[0].network if channels else "",
        author_relation=author.relation,
        company=company.names,
        rivals=tuple(company.rivals),
        own_hosts=tuple(company.hosts),
        listed=lists.listed,
        quiet=lists.quiet(at),
    )


@lru_cache(maxsize=EDITIONS_IN_MEMORY)
def _compiled(edition: UUID) -> tuple[Screener, dict[str, dict[str, str]]]:
    """An issued edition never changes, so what it compiles to is kept for the process."""
    provisions = Provision.objects.filter(edition=edition).select_related("clause_version")
    clauses = [
        CheckedClause(row.anchor, row.clause_version.number, row.clause_version.checks)
        for row in provisions
    ]
    named = {
        row.anchor: {"provision": str(row.pk), "number": row.number, "title": row.title}
        for row in provisions
    }
    return compile_checks(clauses), named


def _with_provision(finding: Finding, provisions: dict[str, dict[str, str]]) -> dict:
    return asdict(finding) | provisions[finding.clause]
