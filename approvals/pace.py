"""How long a post waits, told from its steps in order: for its first touch, for an answer, until it is cleared. Pure.

One wait is one stage of one round. A round begins when a post is put forward (or looked at again after it was cleared)
and ends when nobody looks at it any more. What a step is called does not matter for that, only the state that it leads
to; so new steps count as soon as they exist.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self

from .routing import FEWEST_WAITS, in_words

WAITING = frozenset({"in_review", "in_appeal"})  # states in which a post waits for a person
ANSWERS = frozenset({"clear", "send_back", "decline", "offer"})  # what a person tells the author
HUMAN_ANSWERS = ANSWERS | {"agree"}  # with a yes that is not the last one
GREEN_STEP = "pass_green"
CLEARING = frozenset({"clear", "accept", GREEN_STEP})
TOUCHES = ANSWERS | {"agree", "hand_over", "escalate", "undo"}  # handled; to claim is only to look
PASSED_ON = frozenset({"hand_over", "escalate"})
PUT_FORWARD = frozenset(
    {"submit", "revise"}
)  # by a press of the author's, which began a moment before

A_MINUTE, AN_HOUR, A_DAY = 60, 3_600, 86_400
# Up to so many seconds a time is kept in steps of so many. Each promise stands on an edge of its steps, so whether it
# was kept is exact; and a period has few different values, however many posts.
STEPS = (
    (2 * A_MINUTE, 1),
    (4 * AN_HOUR, A_MINUTE),
    (2 * A_DAY, 10 * A_MINUTE),
    (30 * A_DAY, AN_HOUR),
)


def kept_seconds(wait: dt.timedelta) -> int:
    """A wait in seconds, rounded up to its step: never shorter than it was."""
    seconds = -(-wait // dt.timedelta(seconds=1))
    step = next((step for limit, step in STEPS if seconds <= limit), A_DAY)
    return max(0, -(-seconds // step) * step)


@dataclass(frozen=True)
class Act:
    """One step of one post."""

    step: str
    state: str  # that it led to
    at: dt.datetime
    asked_at: (
        dt.datetime
    )  # when it was put forward, where the step does that; the same moment otherwise
    by_another: bool  # a person, and not the author
    lane: str
    stage: int = 0


@dataclass(frozen=True)
class Wait:
    """One stage of one round."""

    since_at: dt.datetime  # when the post was first put forward, in this run up to a clearance
    asked_at: dt.datetime  # when this round began
    began_at: dt.datetime  # when this stage began
    lane: str
    stage: int = 0
    touches: int = 0
    run_touches: int = 0  # with those of the rounds before, in this run
    passed_on: int = 0
    first_touch_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    outcome: str = ""  # the step that ended it
    cleared_at: dt.datetime | None = None
    lapsed_at: dt.datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def is_first(self) -> bool:
        """Whether it is the first stage of its round."""
        return self.began_at == self.asked_at


def follow(last: Wait | None, act: Act) -> tuple[Wait | None, Wait | None]:
    """What a step makes of the post's last wait, and the new wait that begins with it, if one does."""
    if last and last.is_open:
        return _while_waiting(last, act)
    if last and act.step == "undo" and act.state in WAITING:
        reopened = replace(last, ended_at=None, outcome="", cleared_at=None)
        return _touched(reopened, act), None
    if act.state in WAITING:
        return last, _begun(last, act)
    if act.step == GREEN_STEP:
        begun = _begun(last, act)
        return last, replace(begun, ended_at=act.at, outcome=act.step, cleared_at=act.at)
    return last and _afterwards(last, act), None


def _afterwards(last: Wait, act: Act) -> Wait:
    """What becomes of a post that nobody looks at any more."""
    if act.step in CLEARING:
        return replace(last, cleared_at=act.at)
    return replace(last, lapsed_at=act.at) if act.step == "lapse" else last


def _while_waiting(last: Wait, act: Act) -> tuple[Wait, Wait | None]:
    last = _touched(last, act)
    if act.state not in WAITING:
        cleared_at = act.at if act.step in CLEARING else None
        return replace(last, ended_at=act.at, outcome=act.step, cleared_at=cleared_at), None
    if act.step in PUT_FORWARD:
        return replace(last, ended_at=act.at, outcome=act.step), _begun(last, act)
    if act.stage != last.stage:
        begun = replace(_begun(last, act), asked_at=last.asked_at, began_at=act.at)
        return replace(last, ended_at=act.at, outcome=act.step), begun
    return replace(last, lane=act.lane), None


def _touched(last: Wait, act: Act) -> Wait:
    passed_on = last.passed_on + (act.step in PASSED_ON)
    if not act.by_another:
        return replace(last, passed_on=passed_on)
    touches = act.step in TOUCHES
    return replace(
        last,
        touches=last.touches + touches,
        run_touches=last.run_touches + touches,
        passed_on=passed_on,
        first_touch_at=last.first_touch_at or act.at,
    )


def _begun(last: Wait | None, act: Act) -> Wait:
    """A run goes on until the post is cleared: a post that was sent back has waited since it was first put forward."""
    if last is None or last.cleared_at:
        return Wait(act.asked_at, act.asked_at, act.asked_at, act.lane, act.stage)
    return Wait(
        last.since_at, act.asked_at, act.asked_at, act.lane, act.stage, run_touches=last.run_touches
    )


@dataclass(frozen=True)
class Spread:
    """How long waits were: seconds, as kept, and how many were so long."""

    counts: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, spreads: Iterable[Self]) -> Self:
        """All of them together."""
        return cls(sum((one.counts for one in spreads), Counter()))

    def __len__(self) -> int:
        return self.counts.total()

    @property
    def is_telling(self) -> bool:
        """Fewer say nothing about the next post, and too much about one reviewer."""
        return len(self) >= FEWEST_WAITS

    def at(self, percent: int) -> int | None:
        """The shortest time within which so many of a hundred were (nearest rank); None of too few."""
        if not self.is_telling:
            return None
        wanted, seen = -(-len(self) * percent // 100), 0
        for seconds in sorted(self.counts):
            seen += self.counts[seconds]
            if seen >= wanted:
                break
        return seconds

    def within(self, seconds: int) -> int:
        """How many took no longer than this."""
        return sum(count for one, count in self.counts.items() if one <= seconds)


@dataclass(frozen=True)
class Promise:
    """What the company says of a lane: so many of a hundred within so long."""

    lane: str
    percent: int
    seconds: int
    is_business: bool
    says: str


PROMISES = (
    Promise("green", 95, 2, is_business=False, says="cleared within 2 seconds"),
    Promise("amber", 50, 15 * A_MINUTE, is_business=False, says="answered within 15 minutes"),
    Promise("amber", 95, 2 * AN_HOUR, is_business=True, says="answered within 2 business hours"),
    Promise(
        "red", 95, AN_HOUR, is_business=True, says="a first human answer within 1 business hour"
    ),
)


@dataclass(frozen=True)
class Kept:
    """A promise beside what came of it."""

    promise: Promise
    waits: Spread

    @property
    def is_kept(self) -> bool | None:
        """None where there are too few to say."""
        if not self.waits.is_telling:
            return None
        return self.waits.within(self.promise.seconds) * 100 >= self.promise.percent * len(
            self.waits
        )

    @property
    def share(self) -> int:
        """How many of a hundred, rounded down: nothing is called kept that was not."""
        return self.waits.within(self.promise.seconds) * 100 // max(len(self.waits), 1)


def told(seconds: float | None) -> str:
    """A time as people say it; empty where there is none to tell."""
    if seconds is None:
        return ""
    if seconds <= 2 * A_MINUTE and seconds % A_MINUTE:
        return "a second" if seconds <= 1 else f"{seconds:.0f} seconds"
    return in_words(dt.timedelta(seconds=seconds))
