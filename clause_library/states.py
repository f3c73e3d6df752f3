"""The life of a clause version. What is not drawn here cannot happen.

draft ──submit──▶ in_review ──approve──▶ approved ──retire──▶ retired
                  in_review ──send_back──▶ draft
draft ──adopt──▶ approved
"""

from functools import partial

from django.db import models
from django_fsm import FSMField, transition

from .rules import is_setup, may_approve, may_draft


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    RETIRED = "retired", "Retired"


by_drafter = partial(transition, field="state", permission=may_draft)
by_approver = partial(transition, field="state", permission=may_approve)


class Lifecycle(models.Model):
    state = FSMField(choices=State, default=State.DRAFT)

    class Meta:
        abstract = True

    @by_drafter(source=State.DRAFT, target=State.IN_REVIEW)
    def submit(self) -> None:
        """Ask a second person to read it."""

    @by_approver(source=State.IN_REVIEW, target=State.APPROVED)
    def approve(self) -> None:
        """Let policies use these words."""

    @by_approver(source=State.IN_REVIEW, target=State.DRAFT)
    def send_back(self) -> None:
        """Ask the drafter for changes."""

    @transition(field="state", source=State.DRAFT, target=State.APPROVED, permission=is_setup)
    def adopt(self) -> None:
        """Take over a clause that is shipped with the program."""

    @by_approver(source=State.APPROVED, target=State.RETIRED)
    def retire(self) -> None:
        """Offer it to no new policy; what is issued stays."""
