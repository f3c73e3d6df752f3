"""Who is asked about a post now: the route that its rules give, the stage in which it stands, and its one owner."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse

from organization import notices
from organization.models import Person, Unit
from organization.roles import Role

from . import desks, lanes, routes
from .models import Channel, Lane, Review, Revision, RouteTable, Submission
from .route_rules import SKILL
from .routed import standing_at, table_in_force
from .routes import Facts, Route, Stage
from .states import WITH_REVIEWER, State


@dataclass(frozen=True)
class Agreed:
    """Who has agreed to a revision, in which stage; what a clearance has used up is left out."""

    by_stage: Mapping[int, frozenset[UUID]] = field(default_factory=dict)

    @classmethod
    def to(cls, submission: Submission) -> "Agreed":
        found: dict[int, set[UUID]] = {}
        counting = Review.objects.counting_for(submission).values_list("stage", "reviewer")
        for stage, reviewer in counting:
            found.setdefault(stage, set()).add(reviewer)
        return cls({stage: frozenset(people) for stage, people in found.items()})

    def also(self, stage: int, person: Person) -> "Agreed":
        return Agreed(dict(self.by_stage) | {stage: self.in_stage(stage) | {person.pk}})

    def in_stage(self, number: int) -> frozenset[UUID]:
        return self.by_stage.get(number, frozenset())

    def barred_from(self, number: int, stage: Stage) -> frozenset[UUID]:
        """Who counts no more there: nobody counts twice, unless the rule says so."""
        if stage.again:
            return self.in_stage(number)
        return frozenset().union(*self.by_stage.values())

    @property
    def votes(self) -> dict[int, int]:
        return {stage: len(people) for stage, people in self.by_stage.items()}


NOBODY = Agreed()


def facts_of(
    evaluation: lanes.Evaluation, lane: str, unit: Unit, channels: Sequence[Channel]
) -> Facts:
    return Facts.of(evaluation.inputs, lane, unit.pk, [channel.pk for channel in channels])


def route_of(facts: Facts) -> tuple[Route, dict[str, str]]:
    """The route by the rules in force, and the columns that say which these are."""
    table = table_in_force()
    return routes.evaluate(facts, table), {"route_rules": RouteTable.keep(table).digest}


def owners_of(
    route: Route, channels: Sequence[Channel], now: dt.datetime
) -> list[tuple[Person | None, int]]:
    """Of a made-up post: who would be asked first in each stage, and how many others could be."""
    found, taken = [], set()
    for stage in route.stages:
        able = desks.able(stage, channels, now, agreed=set() if stage.again else taken)
        taken |= {person.pk for person in able[: stage.votes]}
        found.append((next(iter(able), None), len(able)))
    return found


def first_owner(
    facts: Facts, channels: Sequence[Channel], now: dt.datetime, author: Person | None = None
) -> Person | None:
    """Who would be asked first, of a post that is not put forward yet, or made up."""
    stage = routes.evaluate(facts, table_in_force()).stages[0]
    writers = {author.pk} if author else set()
    return next(iter(desks.able(stage, channels, now, author=author, writers=writers)), None)


def put_forward(
    submission: Submission,
    revision: Revision,
    facts: Facts,
    channels: Sequence[Channel],
    now: dt.datetime,
    writers: Collection[Person] = (),
    prefer: Person | None = None,
) -> dict[str, Any]:
    """What a post that is submitted or changed takes on. Nobody has agreed to its new words yet.

    Changed under way, it is asked about by the rules that it went by, too: they never weaken (invariant 6). Its
    co-authors are ``writers``; a reviewer whom one would ``prefer`` is asked first, if able and at work.
    """
    route, columns = route_of(facts)
    if submission.state in {State.IN_REVIEW, State.CLEARED}:
        former = RouteTable.objects.filter(digest=submission.route_rules).first()
        if former:
            route = routes.evaluate(facts, former.checked).joined(route)
    wrote = frozenset({revision.created_by_id, *(person.pk for person in writers)})
    return columns | Place(submission, facts.lane, wrote, channels, NOBODY, now, prefer).at(route)


def taken(
    submission: Submission,
    offer: Review,
    facts: Facts,
    channels: Sequence[Channel],
    now: dt.datetime,
    *,
    counts: bool,
) -> dict[str, Any] | None:
    """What a post takes on once its author takes the wording of a reviewer; None: nobody else is needed.

    ``counts``: whether who offered it has agreed by that, or is a co-author whose word counts no more.
    """
    route, columns = route_of(facts)
    route = submission.way.joined(route)
    agreed = NOBODY.also(offer.stage, offer.reviewer) if counts else NOBODY
    if counts and route.waits_at(agreed.votes) is None:
        return None
    wrote = {offer.reviewer_id, *submission.co_authors.values_list("pk", flat=True)}
    place = Place(submission, facts.lane, frozenset(wrote), channels, agreed, now)
    return columns | place.at(route)


def asked_again(
    submission: Submission, facts: Facts, channels: Sequence[Channel], now: dt.datetime
) -> dict[str, Any]:
    """What a post under way takes on when it is looked at again: all that it needed, and what is new (invariant 6).

    A clearance has used up the agreements that made it, so a post that comes back is asked about from the start.
    """
    route, columns = route_of(facts)
    route = submission.way.joined(route)
    agreed = NOBODY
    if submission.state == State.CLEARED:
        columns |= {"votes_after": submission.entry_id}
    else:
        agreed = Agreed.to(submission)
    place = _place(submission, facts.lane, channels, agreed, now)
    return columns | place.at(route, owner=submission.owner)


def appealed(
    submission: Submission, channels: Sequence[Channel], now: dt.datetime
) -> dict[str, Any]:
    """What a declined post takes on once its author appeals: the stage that it is in asks again, but for whoever
    declined; promised as amber is.
    """
    owner = next_owner(submission, channels, now, without=())
    return {"owner": owner} | desks.clock(submission.unit, Lane.AMBER, now, owner)


def agreed_by(
    submission: Submission, actor: Person, channels: Sequence[Channel], now: dt.datetime
) -> dict[str, Any] | None:
    """What the post takes on once this person agrees; None: nobody else is needed, and it is cleared."""
    agreed = Agreed.to(submission).also(submission.stage, actor)
    if submission.way.waits_at(agreed.votes) is None:
        return None
    place = _place(submission, submission.lane, channels, agreed, now)
    return place.at(submission.way, begun=submission.stage)


def in_entry(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the ledger holds of a route, plainly: the rules' digest, and of each stage whom it asks and how many."""
    if "route" not in asked:
        return {}
    stages = Route.of_data(asked["route"]).stages
    return {
        "route_rules": asked["route_rules"],
        "stages": [[stage.of, stage.named, stage.votes] for stage in stages],
    }


def why_not(submission: Submission, actor: Person) -> str:
    """Why this person's agreement does not count now, and who is asked."""
    if submission.is_in_appeal and submission.was_declined_by(actor):
        return "You declined this post. On its appeal another person decides."
    if actor.pk in frozenset().union(*Agreed.to(submission).by_stage.values()):
        return "You have agreed to this post already. Now it is for others to look."
    if actor.manager_id == submission.author_id:
        return "Its author is your manager, and nobody decides on a post of their manager's."
    return f"Now it is for {submission.asked.in_words} to agree."


def goes_by_former_rules(submission: Submission) -> bool:
    return submission.route_rules != routes.digest_of(table_in_force())


def next_owner(
    submission: Submission, channels: Sequence[Channel], now: dt.datetime, without: Collection[UUID]
) -> Person | None:
    """Who is asked next, but for those ``without``, by their keys."""
    place = _place(submission, submission.lane, channels, Agreed.to(submission), now)
    able = place.able(submission.stage, submission.asked)
    return next((one for one in able if one.pk not in without), None)


@dataclass(frozen=True)
class Place:
    """Where a post stands on a route: its stage, its owner and the time by which the owner answers."""

    submission: Submission
    lane: str
    wrote: frozenset[
        UUID
    ]  # the revision that stands, or a part of it, or declined it; besides the author
    channels: Sequence[Channel]
    agreed: Agreed
    now: dt.datetime
    prefer: Person | None = None

    def at(
        self, route: Route, owner: Person | None = None, begun: int | None = None
    ) -> dict[str, Any]:
        """The fields to set; an ``owner`` who is able still keeps it, and the time that was promised.

        In the stage that has ``begun`` whoever is to agree has been counted.
        """
        number = route.waits_at(self.agreed.votes)
        if number is None:  # all have agreed; the last of them still has to press
            number = len(route.stages) - 1
        stage = route.stages[number]
        able = self.able(number, stage)
        if number != begun:
            route = route.begun(number, len(self.agreed.in_stage(number)) + len(able))
        if owner is not None and owner in able:
            return standing_at(route, number) | {"owner": owner} | self._clock_of(owner)
        owner = self._first_of(able)
        return standing_at(route, number) | {"owner": owner} | self._clock(owner)

    def _first_of(self, able: Sequence[Person]) -> Person | None:
        if self.prefer in able and desks.calendar_of(self.prefer.unit).is_open(self.now):
            return self.prefer
        return next(iter(able), None)

    def able(self, number: int, stage: Stage) -> list[Person]:
        return desks.able(
            stage,
            self.channels,
            self.now,
            author=self.submission.author,
            writers={self.submission.author_id, *self.wrote},
            agreed=self.agreed.barred_from(number, stage),
        )

    def _clock_of(self, owner: Person) -> dict[str, Any]:
        """Of one who keeps it: what was promised stays, where it waits already."""
        return {} if self.submission.state in WITH_REVIEWER else self._clock(owner)

    def _clock(self, owner: Person | None) -> dict[str, Any]:
        lane = self.submission.promised_lane if self.submission.is_in_appeal else self.lane
        return desks.clock(self.submission.unit, lane, self.now, owner)


def _place(
    submission: Submission,
    lane: str,
    channels: Sequence[Channel],
    agreed: Agreed,
    now: dt.datetime,
) -> Place:
    """Whoever declined the post as it stands is left out as if they had written it: that is for others now."""
    co_authors = submission.co_authors.values_list("pk", flat=True)
    declined = Review.objects.declining(submission).values_list("reviewer", flat=True)
    wrote = frozenset({submission.revision.created_by_id, *co_authors, *declined})
    return Place(submission, lane, wrote, channels, agreed, now)


def tell_that_nobody_is_able(submission: Submission) -> None:
    """Instead of waiting in silence: administrators can give somebody the skill, or a seat at the desk."""
    stage = submission.asked
    page = "organization:people" if stage.of == SKILL else "approvals:channels"
    channels = ", ".join(channel["name"] for channel in submission.revision.channels)
    context = {"author": submission.author.name, "channels": channels, "asked": stage.in_words}
    for administrator in Person.objects.holding(Role.ADMINISTRATOR):
        notices.tell(
            administrator,
            "nobody_able",
            f"nobody_able:{submission.revision_id}:{submission.stage}",
            context,
            path=reverse(page),
        )


@dataclass(frozen=True)
class Step:
    """One stage of a post's way, for its page."""

    stage: Stage
    agreed: tuple[Review, ...]
    is_done: bool
    is_now: bool

    @property
    def wanting(self) -> int:
        return max(self.stage.votes - len(self.agreed), 0)


def steps_of(submission: Submission) -> list[Step]:
    """Its stages as they stand; one query."""
    route = submission.way
    counting = list(Review.objects.counting_for(submission).select_related("reviewer"))
    by_stage = [
        tuple(review for review in counting if review.stage == number)
        for number, _ in enumerate(route.stages)
    ]
    return [
        Step(
            stage=stage,
            agreed=by_stage[number],
            is_done=len(by_stage[number]) >= stage.votes,
            is_now=submission.state in WITH_REVIEWER and number == submission.stage,
        )
        for number, stage in enumerate(route.stages)
    ]


def replayed(submission: Submission) -> lanes.Replay:
    """Whether the route that is kept still follows from the rules and facts that are kept with it."""
    route = submission.way
    kept = RouteTable.objects.filter(digest__in={one["rules"] for one in route.by})
    return routes.replay(route, {one.digest: one.table for one in kept})
