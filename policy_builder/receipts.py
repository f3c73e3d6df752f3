"""Documents made after the act: an edition's page and PDF, and the receipt of an acknowledgement."""

from uuid import UUID

from django.db import transaction

from documents.editions import edition_html, edition_pdf, paper
from documents.models import store
from documents.records import acknowledgement_pdf
from ledger.records import record, subject_of
from organization import notices
from organization.system import WORKER

from .models import Acknowledgement, Edition, Receipt


def render_edition(pk: UUID) -> None:
    """Make the stand-alone page and the PDF from the frozen snapshot, once, and record their digests."""
    edition = Edition.objects.get(pk=pk)
    if edition.pdf_id:
        return
    html = store(edition_html(edition.content).encode(), "text/html; charset=utf-8")
    pdf = store(edition_pdf(edition.content), "application/pdf")
    with transaction.atomic():
        edition = Edition.objects.select_for_update().get(pk=pk)
        if edition.pdf_id:
            return
        record(
            "edition.rendered",
            actor=WORKER,
            subject=subject_of(edition),
            data={"digest": edition.digest, "html": html.digest, "pdf": pdf.digest},
        )
        edition.html, edition.pdf = html, pdf
        edition.save(update_fields=["html", "pdf"])


def issue_receipt(pk: UUID) -> None:
    """Make the receipt of one acknowledgement. Safe to call again: it goes on where it stopped."""
    acknowledgement = Acknowledgement.objects.select_related(
        "edition__policy", "edition__pdf", "person", "entry"
    ).get(pk=pk)
    receipt = Receipt.objects.filter(acknowledgement=acknowledgement).first() or _open(
        acknowledgement
    )
    if receipt.is_ready:
        return
    receipt.finish("acknowledgement")
    edition = acknowledgement.edition
    notices.tell(
        acknowledgement.person,
        "receipt_ready",
        f"receipt_ready:{receipt.entry_id}",
        {"policy_title": edition.policy.title, "edition": edition.number},
        path=f"/policies/receipts/{acknowledgement.number}/",
    )


def _open(acknowledgement: Acknowledgement) -> Receipt:
    _key, contents = acknowledgement.entry.opened("record")
    edition = acknowledgement.edition
    base = acknowledgement_pdf(
        contents, edition.pdf.read(), paper=paper(edition.content["policy"]["jurisdiction"])
    )
    with transaction.atomic():
        locked = Acknowledgement.objects.select_for_update().get(pk=acknowledgement.pk)
        receipt = Receipt.objects.filter(acknowledgement=locked).first()
        if receipt is None:
            receipt = Receipt(acknowledgement=acknowledgement)
            receipt.open(base, "receipt.issued", contents, acknowledgement=acknowledgement.number)
    return receipt
