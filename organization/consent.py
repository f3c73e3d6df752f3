"""Consent to electronic form: what a person agrees to once, before a first acknowledgement, and may take back.

The words follow 15 U.S.C. 7001(c)(1): that paper is to be had, how to withdraw and what follows from
it, what the consent covers, and what is needed to read and keep the records. A change of the words
is a new version; entries name the version and the digest of what was shown.
"""

import hashlib

from django.db import transaction
from django.utils import timezone

from ledger.records import record, subject_of

from .models import Person

VERSION = "1"
TITLE = "Signing on screen instead of on paper"
WORDS = (
    "We would like to give you policies, and keep what you say about them, in electronic form. "
    "This covers the social media policy, its later editions and your acknowledgements of them. "
    "You may have any of them on paper instead, free of charge: ask your manager or an administrator, "
    "and sign by hand. You may take this consent back at any time under Preferences. "
    "From then on you get paper; what you acknowledged before stays valid, and nothing bad follows for you. "
    "You need a browser, and a program that opens PDF files, to read and keep them. "
    "Notices go to the e-mail address of your account; an administrator can change it for you."
)
BOX = "I have read this and agree to electronic form. I can read PDF files on this device."
PAPER = "Ask your manager or an administrator for paper copies, and sign by hand."


def digest() -> str:
    """SHA-256 of the words and the box, as shown; hex."""
    return hashlib.sha256(f"{WORDS}\n{BOX}".encode()).hexdigest()


@transaction.atomic
def give_consent(person: Person) -> Person:
    """From now on this person is asked on screen. Given twice, the first time counts."""
    person = _locked(person)
    if person.consented_at is None:
        person.consented_at = timezone.now()
        person.save(update_fields=["consented_at"])
        _record("person.consent_given", person)
    return person


@transaction.atomic
def withdraw_consent(person: Person) -> Person:
    """From now on this person gets paper; what they acknowledged before stays."""
    person = _locked(person)
    if person.consented_at is not None:
        person.consented_at = None
        person.save(update_fields=["consented_at"])
        _record("person.consent_withdrawn", person)
    return person


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)


def _record(type_: str, person: Person) -> None:
    words = {"version": VERSION, "sha256": digest()}
    record(type_, actor=person, subject=subject_of(person), data=words)
