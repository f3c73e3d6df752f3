"""What an acknowledgement states, and the words that are shown for it.

The record answers six questions: who, with what intent, with what consent, to which text, kept how, and how it can be
shown again (docs/reference/evidence.md).
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from ledger import keys
from ledger.records import stamp
from organization import consent
from organization.models import Company

from .models import Acknowledgement

# The version rises with any change of the words; entries name it with the digest of what was shown.
PAGE_VERSION = "1"
BOX = "I have read this policy, or had the chance to, and I know where to ask."
BUTTON = "I acknowledge this policy"


def page() -> dict[str, str]:
    """Version and SHA-256 of the words beside the box and on the button."""
    return {
        "version": PAGE_VERSION,
        "sha256": hashlib.sha256(f"{BOX}\n{BUTTON}".encode()).hexdigest(),
    }


def contents(
    acknowledgement: Acknowledgement, at: dt.datetime, sign_in: Mapping[str, str], address: str
) -> dict[str, Any]:
    """The record of ``countersign/acknowledgement/1``."""
    edition, person = acknowledgement.edition, acknowledgement.person
    return {
        "format": "countersign/acknowledgement/1",
        "number": acknowledgement.number,
        "company": Company.current().name,
        "person": {"name": person.name, "email": person.email, "unit": person.unit.name},
        "policy": {
            "title": edition.policy.title,
            "edition": edition.number,
            "in_force_from": stamp(edition.in_force_from),
            "language": edition.content["policy"]["language"],
            "html_sha256": edition.html_id,
            "pdf_sha256": edition.pdf_id,
        },
        "acknowledged_at": stamp(at),
        "box": BOX,
        "button": BUTTON,
        "page": page(),
        "sign_in": dict(sign_in),
        "address": address,
        "consent": {
            "words": consent.WORDS,
            "given_at": stamp(person.consented_at),
        },
        "round": {
            "opened_at": stamp(acknowledgement.round.opened_at),
            "due_on": timezone.localdate(acknowledgement.round.due_at, person.zone).isoformat(),
        },
        "how": Acknowledgement.How.SIGN_IN.value,
        "check_at": f"{settings.COUNTERSIGN_URL}/.well-known/countersign-key",
    }


def signing_key() -> dict[str, str]:
    """The key that signs the ledger, as the policy prints it."""
    return {"name": settings.COUNTERSIGN_ORIGIN, "fingerprint": keys.fingerprint()}
