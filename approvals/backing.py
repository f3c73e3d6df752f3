"""The backing record: what it says, and how it is made (design section 6)."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone

from documents.editions import paper
from documents.records import backing_record_pdf
from organization import notices
from organization.models import Company

from . import effects
from .beside import quoted, texts_of
from .findings import Judged, judged
from .models import BackingRecord, Clearance, FindingVerdict, Network, Review, Revision, Verdict
from .revisions import stamp

# The clauses that the record quotes; legal owns their words.
STATEMENT, GOOD_FAITH, WHAT_ENDS_IT = "backing-statement", "good-faith", "what-ends-the-backing"
WANTED = (
    "revision__submission__author",
    "revision__submission__unit",
    "edition__policy",
    "review__reviewer",
    "standing_approval__officer",
    "rests_on__review__reviewer",
    "entry",
)


def issue(pk: UUID) -> None:
    """Make the record of one clearance. Safe to call again at any point: it goes on where it stopped."""
    clearance = Clearance.objects.select_related(*WANTED).get(pk=pk)
    if clearance.never_began or not _is_in_effect(clearance):
        return
    backing = BackingRecord.objects.filter(clearance=clearance).first() or _open(clearance)
    if not backing.is_ready:
        backing.finish("backing-record")
        _tell(clearance, backing)


def _is_in_effect(clearance: Clearance) -> bool:
    """Its reviewer can no longer take it back; what was said of the findings is then written first."""
    review = clearance.review
    if review is None or review.effective_at is None:
        return True
    effects.take(review.pk)
    return review.effective_at <= timezone.now()


def _open(clearance: Clearance) -> BackingRecord:
    """Render the page and write its entry; the first of two tasks to get here wins."""
    record = contents(clearance)
    base = backing_record_pdf(
        record,
        paper=paper(clearance.revision.submission.unit.country),
        thumbnails=thumbnails(clearance.revision),
    )
    with transaction.atomic():
        locked = Clearance.objects.select_for_update().get(pk=clearance.pk)
        backing = BackingRecord.objects.filter(clearance=locked).first()
        if backing is None:
            backing = BackingRecord(clearance=clearance)
            backing.open(base, "backing_record.issued", record, clearance=clearance.number)
    return backing


def thumbnails(revision: Revision) -> dict[str, bytes]:
    """Of each of its files, by digest."""
    media = revision.has_media.select_related("file")
    return {one.file_id: one.file.picture(0) for one in media}


def _tell(clearance: Clearance, backing: BackingRecord) -> None:
    if clearance.came_late:
        return  # "publish before …" would be no help; what to do was said with the decision
    submission = clearance.revision.submission
    notices.tell(
        submission.author,
        "cleared",
        f"cleared:{backing.entry_id}",
        {"until": stamp(clearance.ends_at), "number": clearance.number},
        path=f"/posts/{submission.pk}/",
    )


def contents(clearance: Clearance) -> dict:
    """What the company stands behind, as plain values; the record's format is in docs/reference/evidence.md."""
    revision, submission = clearance.revision, clearance.revision.submission
    edition = clearance.edition
    provisions = _provisions(edition.content)
    screening = revision.screenings.latest("screened_at")
    cited = {finding["clause"] for finding in screening.findings}
    return {
        "format": "countersign/backing-record/1",
        "number": clearance.number,
        "company": Company.current().name,
        "author": {
            "name": submission.author.name,
            "unit": submission.unit.name,
            "relation": submission.author.get_relation_display(),
        },
        "text": revision.text,
        "text_digest": {"exact": revision.exact_digest, "folded": revision.folded_digest},
        "media": revision.media_in_words,
        "channels": [
            {"name": channel["name"], "network": Network(channel["network"]).label}
            for channel in revision.channels
        ],
        "window": {"from": stamp(clearance.starts_at), "until": stamp(clearance.ends_at)},
        "cleared_at": stamp(clearance.entry.created_at),
        "revision": revision.number,
        "edition": {
            "policy": edition.policy.title,
            "number": edition.number,
            "digest": edition.digest,
            "in_force_from": stamp(edition.in_force_from),
        },
        "provisions": [
            _quoted(provision) for name, provision in provisions.items() if name in cited
        ],
        "findings": [_settled(one, clearance) for one in judged(screening)],
        "reviewers": _reviewers(clearance),
        "statement": {
            "clause": STATEMENT,
            "version": provisions[STATEMENT]["version"],
            "words": provisions[STATEMENT]["text"],
        },
        "good_faith": provisions[GOOD_FAITH]["text"] if GOOD_FAITH in provisions else "",
        "voids": [provisions[WHAT_ENDS_IT]["text"]] if WHAT_ENDS_IT in provisions else [],
        "recall": "not recalled",
        "check_at": settings.COUNTERSIGN_URL + reverse("check_number", args=[clearance.number]),
        "clearance_entry": clearance.entry_id,
    }


def _provisions(snapshot: dict) -> dict[str, dict]:
    return {
        provision["clause"]: provision
        for section in snapshot["sections"]
        for provision in section["provisions"]
    }


def _quoted(provision: dict) -> dict:
    return {
        "number": provision["number"],
        "title": provision["title"],
        "clause": provision["clause"],
        "version": provision["version"],
        "words": provision["text"],
    }


def _settled(one: Judged, clearance: Clearance) -> dict:
    """A finding and how it was settled."""
    finding, revision = one.finding, clearance.revision
    return {
        "provision": finding["number"],
        "category": finding["category"],
        "severity": finding["severity"],
        "quote": quoted(finding, texts_of(revision.text, revision.declared)),
        "stands_in": finding.get("stands_in", ""),
        "message": finding["message"],
        "settled": _how_settled(one, clearance),
    }


def _how_settled(one: Judged, clearance: Clearance) -> str:
    """By a reviewer's verdict, by one given earlier on the same words, or by being read by whoever cleared."""
    verdict, earlier = one.verdict, one.finding["settled"]
    if verdict and verdict.outcome == FindingVerdict.Outcome.OVERRULED:
        return f"Fine here, said {verdict.reviewer.name}: {verdict.reason}"
    if earlier and (verdict is None or clearance.review is None):
        return (
            f"The same words were settled by {earlier['by']} on {earlier['on']}: "
            f"{earlier['because']}"
        )
    if one.finding["severity"] == "advice":
        return "Advice only"
    settled = f"Read and cleared by {clearance.review.reviewer.name}"
    if verdict:
        settled = f"Rightly asked; read and cleared by {clearance.review.reviewer.name}"
    if clearance.review.reason:
        settled += f": {clearance.review.reason}"
    return settled


def _reviewers(clearance: Clearance) -> list[dict]:
    """Who cleared it; before a standing approval, the reviewer on whose word a copy rests (FINRA 2210(b)(4))."""
    own, earlier = _reviewer(clearance), clearance.rests_on
    if earlier is None:
        return [*map(_of_agreement, _agreed_before(clearance)), own]
    return [
        _reviewer(earlier) | {"verdict": f"Cleared exactly this, as number {earlier.number},"},
        own,
    ]


def _agreed_before(clearance: Clearance) -> QuerySet[Review]:
    """Those who agreed to the same words on its route, since an earlier clearance of them used up the others'.

    A clearance that was undone has used up nothing.
    """
    former = clearance.revision.clearances.filter(
        entry__lt=clearance.entry_id, review__undoing=None
    )
    agreed = clearance.revision.reviews.agreements().filter(
        entry__gt=former.aggregate(at=Max("entry"))["at"] or 0, entry__lt=clearance.entry_id
    )
    return agreed.exclude(pk=clearance.review_id).order_by("entry").select_related("reviewer")


def _of_review(review: Review) -> dict:
    return {
        "name": review.reviewer.name,
        "role": review.role,
        "authority": review.authority,
        "verdict": _verdict(review),
        "at": stamp(review.decided_at),
    }


def _of_agreement(review: Review) -> dict:
    offered = ", with this wording of theirs, which the author took,"
    words = "Agreed" + (offered if review.verdict == Verdict.OFFER else "")
    return _of_review(review) | {"verdict": words}


def _verdict(review: Review) -> str:
    if review.verdict == Verdict.OFFER:
        return "Cleared with this wording of theirs, which the author took,"
    return "Cleared by break-glass" if review.is_break_glass else "Cleared"


def _reviewer(clearance: Clearance) -> dict:
    if clearance.review:
        return _of_review(clearance.review)
    standing = clearance.standing_approval
    return {
        "name": standing.officer.name,
        "role": standing.officer.job_title or "Officer",
        "authority": standing.statement,
        "verdict": "Cleared in advance by a standing approval",
        "at": stamp(standing.starts_at),
    }
