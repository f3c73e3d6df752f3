"""The lives of a submission, of a settlement and of what lies on the shelf. What is not drawn here cannot happen.

Submission
draft, returned, lapsed ──submit──▶ in_review ──clear──▶ cleared ──publish──▶ published
draft, returned, lapsed ──pass_green──▶ cleared
                                    in_review ──send_back──▶ returned
                                    in_review ──decline──▶ declined
in_review, cleared ──revise──▶ in_review
in_review, cleared ──rescreen──▶ in_review
in_review ──hand_over──▶ in_review
declined ──appeal──▶ in_appeal ──clear──▶ cleared
in_appeal ──decline──▶ declined
in_appeal ──hand_over──▶ in_appeal
in_appeal ──rescreen──▶ in_appeal
cleared ──lapse──▶ lapsed
cleared, published ──recall──▶ recalled
in_review, returned, cleared, lapsed ──withdraw──▶ withdrawn

Settlement
stands ──lift──▶ lifted

Shelf item
on_shelf ──retire──▶ retired
"""

from functools import partial

from django.db import models
from django_fsm import FSMField, transition

from .rules import (
    is_author,
    is_clock,
    may_decide,
    may_hand_over,
    may_lift,
    may_recall,
    may_retire,
)


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    RETURNED = "returned", "Changes asked for"
    CLEARED = "cleared", "Cleared"
    PUBLISHED = "published", "Published"
    DECLINED = "declined", "Declined"
    IN_APPEAL = "in_appeal", "In appeal"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LAPSED = "lapsed", "Clearance ended"
    RECALLED = "recalled", "Recalled"


class SettlementState(models.TextChoices):
    STANDS = "stands", "Settled"
    LIFTED = "lifted", "Lifted"


class ShelfState(models.TextChoices):
    ON_SHELF = "on_shelf", "On the shelf"
    RETIRED = "retired", "Retired"


WITH_REVIEWER = [State.IN_REVIEW, State.IN_APPEAL]
UNDER_WAY = [*WITH_REVIEWER, State.CLEARED]
WITH_AUTHOR = [State.DRAFT, State.RETURNED, State.LAPSED]
by_author = partial(transition, field="state", permission=is_author)
by_reviewer = partial(transition, field="state", permission=may_decide)
by_clock = partial(transition, field="state", permission=is_clock)


class Lifecycle(models.Model):
    state = FSMField(choices=State, default=State.DRAFT)

    class Meta:
        abstract = True

    @by_author(source=WITH_AUTHOR, target=State.IN_REVIEW)
    def submit(self) -> None:
        """Hand the post over to its one reviewer."""

    @by_author(source=WITH_AUTHOR, target=State.CLEARED)
    def pass_green(self) -> None:
        """Nothing was found and a standing approval, signed before, covers it."""

    @by_reviewer(source=WITH_REVIEWER, target=State.CLEARED)
    def clear(self) -> None:
        """Stand behind exactly this text."""

    @by_reviewer(source=State.IN_REVIEW, target=State.RETURNED)
    def send_back(self) -> None:
        """Ask the author for changes."""

    @by_reviewer(source=WITH_REVIEWER, target=State.DECLINED)
    def decline(self) -> None:
        """Refuse the post, naming the provision; after an appeal that is final."""

    @by_author(source=State.DECLINED, target=State.IN_APPEAL)
    def appeal(self) -> None:
        """Ask that another person decides."""

    @by_author(source=[State.IN_REVIEW, State.CLEARED], target=State.IN_REVIEW)
    def revise(self) -> None:
        """Change the post; any clearance of the former text ends."""

    @by_clock(source=State.IN_APPEAL, target=State.IN_APPEAL)
    @by_clock(source=[State.IN_REVIEW, State.CLEARED], target=State.IN_REVIEW)
    def rescreen(self) -> None:
        """The edition or the rules changed before the post went out: look again."""

    @transition(
        field="state", source=State.IN_APPEAL, target=State.IN_APPEAL, permission=may_hand_over
    )
    @transition(
        field="state", source=State.IN_REVIEW, target=State.IN_REVIEW, permission=may_hand_over
    )
    def hand_over(self) -> None:
        """Another reviewer becomes its one owner."""

    @by_author(source=State.CLEARED, target=State.PUBLISHED)
    def publish(self) -> None:
        """Report that the cleared text has gone live."""

    @by_clock(source=State.CLEARED, target=State.LAPSED)
    def lapse(self) -> None:
        """The clearance has ended unused."""

    @transition(
        field="state",
        source=[State.CLEARED, State.PUBLISHED],
        target=State.RECALLED,
        permission=may_recall,
    )
    def recall(self) -> None:
        """Withdraw the company's word from now on, never backwards."""

    @by_author(
        source=[State.IN_REVIEW, State.RETURNED, State.CLEARED, State.LAPSED],
        target=State.WITHDRAWN,
    )
    def withdraw(self) -> None:
        """Take the post back."""


class SettlementLifecycle(models.Model):
    state = FSMField(choices=SettlementState, default=SettlementState.STANDS)

    class Meta:
        abstract = True

    @transition(
        field="state",
        source=SettlementState.STANDS,
        target=SettlementState.LIFTED,
        permission=may_lift,
    )
    def lift(self) -> None:
        """Ask again from now on."""


class ShelfLifecycle(models.Model):
    state = FSMField(choices=ShelfState, default=ShelfState.ON_SHELF)

    class Meta:
        abstract = True

    @transition(
        field="state",
        source=ShelfState.ON_SHELF,
        target=ShelfState.RETIRED,
        permission=may_retire,
    )
    def retire(self) -> None:
        """From now on a person looks again at whoever shares it."""
