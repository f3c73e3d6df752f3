"""The two documents that a person keeps: the backing record and the receipt, each waiting for its evidence."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from .evidence_pdf import Base, base_pdf
from .pages import digest, page
from .render import Attachment


def backing_record_pdf(
    record: dict, *, paper: str = "a4", thumbnails: Mapping[str, bytes] = MappingProxyType({})
) -> Base:
    """The page of a ``countersign/backing-record/1``; ``thumbnails`` are JPEGs by the digest of their file."""
    small = {
        file: f"data:image/jpeg;base64,{b64encode(one).decode()}"
        for file, one in thumbnails.items()
    }
    html = page("backing_record.html", record=record, digest=digest(record), thumbnails=small)
    at = datetime.fromisoformat(record["cleared_at"])
    return base_pdf(html, looks=["print", "backing_record", paper], at=at)


def acknowledgement_pdf(record: dict, policy_pdf: bytes, *, paper: str = "a4") -> Base:
    """The page of a ``countersign/acknowledgement/1``, with the exact policy inside."""
    html = page("acknowledgement.html", record=record, digest=digest(record))
    at = datetime.fromisoformat(record["acknowledged_at"])
    policy = Attachment("policy.pdf", policy_pdf, "Source", "The policy, byte for byte", at)
    return base_pdf(html, looks=["print", "acknowledgement", paper], at=at, attachments=[policy])
