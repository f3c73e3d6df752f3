"""Findings from where they are noticed to what people said of them: settled, noted as hits, shown with verdicts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from organization.models import Person

from .beside import texts_of
from .models import Channel, FindingVerdict, Hit, Screening, Settlement
from .settling import channel_kind, phrase_digest

Finding = dict[str, Any]


def settle(
    found: Sequence[Finding],
    texts: Mapping[str, str],
    author: Person,
    channels: Collection[Channel],
    firm: Collection[str] = (),
) -> list[Finding]:
    """The findings, each with ``may_settle`` and with the settlement that it relies on, or None.

    ``texts`` are those of the post by where they stand, see `approvals.beside`. ``firm`` names the checks that ask
    every time. One query, and none where nothing can be settled.
    """
    phrases = {
        number: phrase_digest(one, texts[one["where"]])
        for number, one in enumerate(found)
        if one["check"] not in firm
    }
    standing = _standing(set(phrases.values()), author, channels)
    return [
        one
        | {
            "may_settle": number in phrases,
            "settled": _told(standing.get((phrases.get(number, ""), one["version"]))),
        }
        for number, one in enumerate(found)
    ]


def _standing(
    phrases: Collection[str], author: Person, channels: Collection[Channel]
) -> Mapping[tuple[str, int], Settlement]:
    if not phrases or not channels:
        return {}
    held = Settlement.objects.holding_for(author, channel_kind(channels)).filter(phrase__in=phrases)
    rows = held.select_related("settled_by").order_by("-settled_at")  # of several the oldest
    return {(one.phrase, one.version): one for one in rows}


def _told(settlement: Settlement | None) -> dict[str, str] | None:
    """Who settled it, when and why: kept with the screening as it was told."""
    return settlement and {
        "settlement": str(settlement.pk),
        "by": settlement.settled_by.name,
        "on": settlement.settled_at.date().isoformat(),
        "because": settlement.because,
    }


def note_hits(screening: Screening) -> None:
    """Write a hit for each finding that this revision has none of yet; the submission is locked."""
    revision = screening.revision
    texts = texts_of(revision.text, revision.declared)
    known = {hit.key for hit in revision.hits.all()}
    new = [one for one in screening.findings if _key(one) not in known]
    Hit.objects.bulk_create(
        Hit(
            revision=revision,
            clause_name=one["clause"],
            check_name=one["check"],
            version=one["version"],
            category=one["category"],
            severity=one["severity"],
            start=one["start"],
            end=one["end"],
            where=one["where"],
            phrase=phrase_digest(one, texts[one["where"]]),
            may_settle=one["may_settle"],
            settlement_id=one["settled"] and one["settled"]["settlement"],
        )
        for one in new
    )


def _key(finding: Finding) -> tuple:
    place = tuple(finding[name] for name in ("clause", "check", "version", "start", "end"))
    return (*place, finding["where"]) if finding.get("where") else place


@dataclass(frozen=True)
class Judged:
    """A finding with its hit, and what a reviewer said of it."""

    finding: Finding
    hit: Hit
    verdict: FindingVerdict | None

    @property
    def may_be_judged(self) -> bool:
        """Advice asks for nothing, and what was judged stays so."""
        return self.verdict is None and self.finding["severity"] != "advice"

    @property
    def asks(self) -> bool:
        """Whether it wants a reviewer's word: it may be judged, and is not settled already."""
        return self.may_be_judged and self.finding["settled"] is None


def judged(screening: Screening) -> list[Judged]:
    """All findings of a screening with what was said of them; one query."""
    hits = {
        hit.key: hit
        for hit in Hit.objects.filter(revision=screening.revision_id).select_related(
            "verdict__reviewer"
        )
    }
    return [
        Judged(one, hits[_key(one)], getattr(hits[_key(one)], "verdict", None))
        for one in screening.findings
    ]
