"""Documents that people keep: a page with its proof inside, as PDF and as JSON (docs/reference/evidence.md).

Made in two steps, so that a lost task goes on where it stopped: first the entry with the page as rendered
(`base`), then, once a checkpoint covers the entry, the finished files.
"""

import uuid
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from documents.evidence_pdf import Base, with_evidence
from documents.models import StoredFile, store
from ledger.evidence import evidence
from ledger.models import Entry
from ledger.records import record, subject_of

from .system import WORKER


class KeptDocument(models.Model):
    """The evidence of one act. ``document`` says where the proof goes inside ``base``; the entry has it too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    base = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    document = models.JSONField()
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    evidence = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def is_ready(self) -> bool:
        return self.pdf_id is not None

    def open(self, base: Base, entry_type: str, contents: dict[str, Any], **data: Any) -> None:
        """Record the page as rendered and what it states. Call inside a transaction, once."""
        self.base = store(base.pdf, "application/pdf")
        self.document = base.document
        self.entry = record(
            entry_type,
            actor=WORKER,
            subject=subject_of(self),
            data=data | {"document": base.document},
            sealed={"record": contents},
        )
        self.save(force_insert=True)

    def finish(self, kind: str) -> None:
        """Add the proof; waits for a checkpoint, so never inside a transaction that has to be quick."""
        proof = evidence(self.entry, kind, document=self.document)
        pdf = with_evidence(self.base.read(), self.document, proof)
        with transaction.atomic():
            self.pdf = store(pdf, "application/pdf")
            self.evidence = store(proof, "application/json")
            self.save(update_fields=["pdf", "evidence"])
