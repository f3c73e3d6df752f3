"""Screen a post by the edition in force: compiled once per edition, one copy per process (invariant 6)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from clause_library.checks import CheckedClause, Finding, Post, Screener, Screening, compile_checks
from clause_library.checks.model import Medium
from clause_library.lists import lists_of
from clause_library.models import ClauseVersion
from organization.models import Company, Person
from policy_builder.models import Edition, Provision

from . import background, beside, lanes, settling, shelf
from .findings import settle
from .models import Channel, Clearance, ContentClass, ShelfItem, Submission
from .shelf import Shared

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
    shared: Shared | None = None  # what it is of the shelf
    began_at: dt.datetime = field(default_factory=timezone.now)  # the look, for how long it took

    @property
    def is_mixed(self) -> bool:
        """A part is protected speech, and the rest needs clearance."""
        return bool(self.protected) and self.lane != lanes.NOT_OURS

    @property
    def rests_on(self) -> Clearance | None:
        """The earlier clearance: of what lies on the shelf, or without which a person would look."""
        if self.item:
            return self.item.clearance
        return self.earlier if lanes.rests_on_earlier_clearance(self.evaluation.inputs) else None

    @property
    def item(self) -> ShelfItem | None:
        """What it is shared from."""
        return self.shared.item if self.shared and self.shared.holds else None

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
    media: Sequence[Medium] = (),
) -> Screened | None:
    """Look at a post as its author would publish it; None where no policy is in force for the unit.

    Of a ``submission`` that is screened again, its own clearance does not count as an earlier one.
    """
    began_at = timezone.now()
    editions = Edition.objects.in_force(at).for_unit(author.unit).select_related("policy")
    edition = editions.defer("snapshot").first()  # 100 KB, compiled once and kept
    if edition is None:
        return None
    rules, now = _compiled(edition.pk), at or timezone.now()
    earlier = background.cleared_before(
        text, author, channels, edition, now, media=media, besides=submission
    )
    shared = shelf.shared(text, author, channels, edition, now, media=media)
    words = {background.cleared_by(earlier)}
    if shared and shared.holds:
        words.add(background.cleared_by(shared.item.clearance))
    facts = _facts(author, channels, now) | {
        "cleared_before": background.strongest(words),
        "shelf": shared.how if shared else shelf.NO,
    }
    seen = look(rules, _post(text, author, now, media), author, channels, facts)
    return Screened(
        edition=edition,
        findings=seen.findings,
        protected=seen.protected,
        evaluation=seen.evaluation,
        never_stored=rules.screener.never_stored,
        earlier=earlier,
        shared=shared,
        began_at=began_at,
    )


@dataclass(frozen=True)
class Looked:
    """What some checks make of a post, and the lane that follows."""

    findings: tuple[dict, ...]
    protected: tuple[tuple[int, int], ...]
    evaluation: lanes.Evaluation


def look(
    rules: "Rules",
    post: Post,
    author: Person,
    channels: list[Channel],
    facts: Mapping[str, Any],
    *,
    with_settlements: bool = True,
) -> Looked:
    """Screen a post by these checks; what is settled counts as advice, unless it is left out.

    ``facts`` are what is known besides the text; see lanes.Inputs.
    """
    networks = [channel.network for channel in channels]
    seen = rules.screener.screen_everywhere(post, networks)
    found_beside = beside.found_beside(rules.screener, post, networks)
    if found_beside:
        seen = _with_those_beside(seen, found_beside)
    texts = beside.texts_of(post.text, post.media)
    found = [_told(finding, rules.provisions, texts) for finding in seen.findings]
    if with_settlements:
        found = settle(found, texts, author, channels, rules.firm)
    inputs = lanes.Inputs.of(post.text, _as_it_counts(seen, found), **facts)
    return Looked(tuple(found), seen.protected, lanes.evaluate(inputs))


def _with_those_beside(seen: Screening, found: list[Finding]) -> Screening:
    """A post is not protected speech where what stands beside its text is held for something."""
    held = any(finding.severity != "advice" for finding in found)
    return Screening((*seen.findings, *found), seen.protected, seen.not_ours and not held)


def _as_it_counts(seen: Screening, found: list[dict]) -> Screening:
    """For the lane, a settled finding is advice."""
    return replace(
        seen,
        findings=tuple(
            replace(finding, severity="advice") if told.get("settled") else finding
            for finding, told in zip(seen.findings, found, strict=True)
        ),
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


def _post(text: str, author: Person, at: dt.datetime, media: Sequence[Medium]) -> Post:
    """What the checks read, with what the company has them watch for at that time."""
    return post_of(Company.current(), text, author, at, media)


def post_of(
    company: Company,
    text: str,
    author: Person,
    at: dt.datetime,
    media: Sequence[Medium] = (),
) -> Post:
    """The same of a company that is at hand."""
    lists = lists_of(company)
    return Post(
        text=text,
        author_relation=author.relation,
        company=company.names,
        rivals=tuple(company.rivals),
        media=tuple(media),
        own_hosts=tuple(company.hosts),
        listed=lists.listed,
        quiet=lists.quiet(at),
    )


@dataclass(frozen=True)
class Rules:
    """The checks of one edition, compiled; its provisions by clause; and the checks that are never settled."""

    screener: Screener
    provisions: dict[str, dict[str, str]]
    firm: frozenset[str]


@lru_cache(maxsize=EDITIONS_IN_MEMORY)
def _compiled(edition: UUID) -> Rules:
    """An issued edition never changes, so what it compiles to is kept for the process."""
    provisions = Provision.objects.filter(edition=edition).select_related("clause_version")
    return rules_of(Edition.objects.get(pk=edition).jurisdiction, provisions)


def rules_of(
    jurisdiction: str, provisions: Iterable[Provision], instead: ClauseVersion | None = None
) -> Rules:
    """The checks of these provisions, compiled; with ``instead`` in the place of its clause's version, or added.

    Checks that are made for other jurisdictions are left out.
    """
    rows = list(provisions)
    named = {
        row.anchor: {"provision": str(row.pk), "number": row.number, "title": row.title}
        for row in rows
    }
    versions = {row.anchor: row.clause_version for row in rows}
    if instead:
        name = instead.clause.name
        versions[name] = instead
        named.setdefault(name, {"provision": "", "number": "", "title": instead.title})
    clauses = [CheckedClause(name, one.number, one.checks) for name, one in versions.items()]
    screener = compile_checks(clauses, jurisdiction)
    firm = (check["name"] for one in clauses for check in one.checks if settling.is_firm(check))
    return Rules(screener, named, screener.never_stored | frozenset(firm))


def _told(
    finding: Finding, provisions: dict[str, dict[str, str]], texts: Mapping[str, str]
) -> dict:
    """A finding as it is kept and shown: with its provision, and beside the text also in words where it stands."""
    told = asdict(finding) | provisions[finding.clause]
    if finding.where:
        told |= {
            "stands_in": beside.in_words(finding.where),
            "quote": beside.quoted(told, texts),
        }
    return told
