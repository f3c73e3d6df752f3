"""The lives of an edition and of an acknowledgement. What is not drawn here cannot happen.

Edition
draft ──submit──▶ in_review ──approve──▶ approved ──issue──▶ issued ──supersede──▶ superseded
                  in_review ──send_back──▶ draft
approved ──reopen──▶ draft
issued ──withdraw──▶ withdrawn

Acknowledgement
due ──acknowledge──▶ acknowledged ──lapse──▶ lapsed
due ──close──▶ closed
"""

from functools import partial

from django.db import models
from django_fsm import FSMField, transition

from .rules import is_own, may_approve, may_draft, may_issue, may_keep_rounds, may_supersede


class EditionState(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    ISSUED = "issued", "Issued"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


class AcknowledgementState(models.TextChoices):
    DUE = "due", "Due"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    CLOSED = "closed", "Closed"
    LAPSED = "lapsed", "Lapsed"


E_ = EditionState
by_drafter = partial(transition, field="state", permission=may_draft)
by_approver = partial(transition, field="state", permission=may_approve)
by_issuer = partial(transition, field="state", permission=may_issue)
by_clock = partial(transition, field="state", permission=may_supersede)


class EditionLifecycle(models.Model):
    state = FSMField(choices=EditionState, default=EditionState.DRAFT)

    class Meta:
        abstract = True

    @by_drafter(source=E_.DRAFT, target=E_.IN_REVIEW)
    def submit(self) -> None:
        """Ask a second person to read the whole text."""

    @by_approver(source=E_.IN_REVIEW, target=E_.APPROVED)
    def approve(self) -> None:
        """Agree to exactly this text."""

    @by_approver(source=E_.IN_REVIEW, target=E_.DRAFT)
    def send_back(self) -> None:
        """Ask the drafter for changes."""

    @by_drafter(source=E_.APPROVED, target=E_.DRAFT)
    def reopen(self) -> None:
        """Take an approved text back for more changes; the approval ends."""

    @by_issuer(source=E_.APPROVED, target=E_.ISSUED)
    def issue(self) -> None:
        """Freeze it, number it, and put it in force from its date."""

    @by_clock(source=E_.ISSUED, target=E_.SUPERSEDED)
    def supersede(self) -> None:
        """A newer edition has come into force."""

    @by_approver(source=E_.ISSUED, target=E_.WITHDRAWN)
    def withdraw(self) -> None:
        """End it without a successor."""


A_ = AcknowledgementState
by_person = partial(transition, field="state", permission=is_own)
by_round_keeper = partial(transition, field="state", permission=may_keep_rounds)


class AcknowledgementLifecycle(models.Model):
    state = FSMField(choices=AcknowledgementState, default=AcknowledgementState.DUE)

    class Meta:
        abstract = True

    @by_person(source=A_.DUE, target=A_.ACKNOWLEDGED)
    def acknowledge(self) -> None:
        """Say: I have read this edition."""

    @by_round_keeper(source=A_.DUE, target=A_.CLOSED)
    def close(self) -> None:
        """The person has left, or a newer edition asks instead."""

    @by_round_keeper(source=A_.ACKNOWLEDGED, target=A_.LAPSED)
    def lapse(self) -> None:
        """A newer material edition asks again; what was acknowledged stays on record."""
