"""The lives of a submission, of a settlement, of rules of routes and of what lies on the shelf.

What is not drawn here cannot happen.

Submission
draft, returned, lapsed ──submit──▶ in_review ──clear──▶ cleared ──publish──▶ published
draft, returned, lapsed ──pass_green──▶ cleared
                                    in_review ──send_back──▶ returned
                                    in_review ──decline──▶ declined
                                    in_review ──offer──▶ offered ──accept──▶ cleared
                                    offered ──accept_for_review──▶ in_review
                                    offered ──turn_down──▶ draft
cleared, returned, declined, offered ──undo──▶ in_review
in_review ──claim──▶ in_review ──release──▶ in_review
in_review, cleared ──revise──▶ in_review
in_review, offered, cleared ──rescreen──▶ in_review
in_review ──agree──▶ in_review
in_review ──reroute──▶ in_review
in_review ──hand_over──▶ in_review
in_review ──escalate──▶ in_review
in_review ──break_glass──▶ cleared
declined ──appeal──▶ in_appeal ──clear──▶ cleared
in_appeal ──decline──▶ declined
in_appeal ──agree──▶ in_appeal
in_appeal ──claim──▶ in_appeal ──release──▶ in_appeal
in_appeal ──rescreen──▶ in_appeal
in_appeal ──reroute──▶ in_appeal
in_appeal ──hand_over──▶ in_appeal
in_appeal ──escalate──▶ in_appeal
cleared ──lapse──▶ lapsed
cleared, published ──recall──▶ recalled
draft, in_review, returned, offered, cleared, lapsed ──withdraw──▶ withdrawn

Settlement
stands ──lift──▶ lifted

Rules of routes
draft ──issue──▶ issued ──supersede──▶ superseded

Shelf item
on_shelf ──retire──▶ retired
"""

from functools import partial

from django.db import models
from django_fsm import FSMField, transition

from .rules import (
    has_claimed,
    is_author,
    is_clock,
    may_agree,
    may_break_glass,
    may_hand_over,
    may_issue_routes,
    may_lift,
    may_recall,
    may_retire,
    may_review,
    may_supersede_routes,
    may_undo,
)


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    RETURNED = "returned", "Changes asked for"
    OFFERED = "offered", "Other wording offered"
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


class RouteRulesState(models.TextChoices):
    DRAFT = "draft", "Draft"
    ISSUED = "issued", "In force"
    SUPERSEDED = "superseded", "Superseded"


class ShelfState(models.TextChoices):
    ON_SHELF = "on_shelf", "On the shelf"
    RETIRED = "retired", "Retired"


WITH_REVIEWER = [State.IN_REVIEW, State.IN_APPEAL]
WITH_AUTHOR = [State.DRAFT, State.RETURNED, State.LAPSED]
UNDER_WAY = [*WITH_REVIEWER, State.OFFERED, State.CLEARED]  # looked at again when rules change
DECIDED = [State.CLEARED, State.RETURNED, State.DECLINED, State.OFFERED]  # by a reviewer's press
by_author = partial(transition, field="state", permission=is_author)
by_reviewer = partial(transition, field="state", permission=may_review)
by_asked = partial(transition, field="state", permission=may_agree)
by_claimant = partial(transition, field="state", permission=has_claimed)
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

    @by_asked(source=State.IN_APPEAL, target=State.IN_APPEAL)
    @by_asked(source=State.IN_REVIEW, target=State.IN_REVIEW)
    def agree(self) -> None:
        """Stand behind exactly this text, where its route needs others who do, too."""

    @by_asked(source=WITH_REVIEWER, target=State.CLEARED)
    def clear(self) -> None:
        """The last who was needed: stand behind exactly this text."""

    @by_reviewer(source=State.IN_REVIEW, target=State.RETURNED)
    def send_back(self) -> None:
        """Ask the author for changes."""

    @by_reviewer(source=WITH_REVIEWER, target=State.DECLINED)
    def decline(self) -> None:
        """Refuse the post, naming the provision; after an appeal that is final."""

    @by_author(source=State.DECLINED, target=State.IN_APPEAL)
    def appeal(self) -> None:
        """Ask that another person decides."""

    @by_reviewer(source=State.IN_REVIEW, target=State.OFFERED)
    def offer(self) -> None:
        """Clear the post with another wording, if its author takes it."""

    @by_author(source=State.OFFERED, target=State.CLEARED)
    def accept(self) -> None:
        """Take the wording: the offer's review clears exactly that."""

    @by_author(source=State.OFFERED, target=State.IN_REVIEW)
    def accept_for_review(self) -> None:
        """Take the wording where a second person decides: who offered it is a co-author now."""

    @by_author(source=State.OFFERED, target=State.DRAFT)
    def turn_down(self) -> None:
        """Leave the wording; the post is the author's own again."""

    @transition(field="state", source=DECIDED, target=State.IN_REVIEW, permission=may_undo)
    def undo(self) -> None:
        """Take back one's own verdict before it has had any effect."""

    @by_reviewer(source=State.IN_APPEAL, target=State.IN_APPEAL)
    @by_reviewer(source=State.IN_REVIEW, target=State.IN_REVIEW)
    def claim(self) -> None:
        """Say that one is looking at it now."""

    @by_claimant(source=State.IN_APPEAL, target=State.IN_APPEAL)
    @by_claimant(source=State.IN_REVIEW, target=State.IN_REVIEW)
    def release(self) -> None:
        """Leave it to others again."""

    @by_author(source=[State.IN_REVIEW, State.CLEARED], target=State.IN_REVIEW)
    def revise(self) -> None:
        """Change the post; any clearance of the former text ends."""

    @by_clock(source=State.IN_APPEAL, target=State.IN_APPEAL)
    @by_clock(source=[State.IN_REVIEW, State.OFFERED, State.CLEARED], target=State.IN_REVIEW)
    def rescreen(self) -> None:
        """The edition or the rules changed before the post went out: look again."""

    @by_clock(source=State.IN_APPEAL, target=State.IN_APPEAL)
    @by_clock(source=State.IN_REVIEW, target=State.IN_REVIEW)
    def reroute(self) -> None:
        """The rules of routes changed before the decision: ask by both."""

    @transition(
        field="state", source=State.IN_APPEAL, target=State.IN_APPEAL, permission=may_hand_over
    )
    @transition(
        field="state", source=State.IN_REVIEW, target=State.IN_REVIEW, permission=may_hand_over
    )
    def hand_over(self) -> None:
        """Another reviewer becomes its one owner."""

    @by_clock(source=State.IN_APPEAL, target=State.IN_APPEAL)
    @by_clock(source=State.IN_REVIEW, target=State.IN_REVIEW)
    def escalate(self) -> None:
        """The promised time is up: it goes to the deputy, then to the manager."""

    @transition(
        field="state", source=State.IN_REVIEW, target=State.CLEARED, permission=may_break_glass
    )
    def break_glass(self) -> None:
        """Clear it past its desk, with a reason that everybody who answers for it is told at once."""

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
        source=[*WITH_AUTHOR, State.IN_REVIEW, State.OFFERED, State.CLEARED],
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


class RouteRulesLifecycle(models.Model):
    state = FSMField(choices=RouteRulesState, default=RouteRulesState.DRAFT)

    class Meta:
        abstract = True

    @transition(
        field="state",
        source=RouteRulesState.DRAFT,
        target=RouteRulesState.ISSUED,
        permission=may_issue_routes,
    )
    def issue(self) -> None:
        """Freeze them, and have posts go by them from now on."""

    @transition(
        field="state",
        source=RouteRulesState.ISSUED,
        target=RouteRulesState.SUPERSEDED,
        permission=may_supersede_routes,
    )
    def supersede(self) -> None:
        """Newer rules have come into force."""


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
