"""How a post climbs while nobody decides: to another reviewer, to the deputy, to the manager. Pure.

Silence never clears (invariant 8): all that time does is to ask somebody else.
"""

import datetime as dt
from enum import IntEnum

from organization.calendars import Calendar


class Rung(IntEnum):
    """Who has been asked so far."""

    FIRST = 0  # whom routing chose
    OTHER = 1  # another reviewer, at half of the promised time
    DEPUTY = 2  # the deputy of the desk, at the end of it
    MANAGER = 3  # a manager, half of it later; then whoever is left


GRACE = 4  # whoever gets a post has at least a fourth of the promised time for it
TRY_AGAIN = dt.timedelta(minutes=5)  # where nobody was found


def first_look(calendar: Calendar, promised: int, now: dt.datetime) -> dt.datetime:
    """When a new post goes on to somebody else: at half of the promised working minutes."""
    return calendar.add(now, promised / 2)


def rung_at(
    calendar: Calendar, promised: int, due_at: dt.datetime, reached: int, at: dt.datetime
) -> Rung:
    """The rung whose moment has come; after a stop those in between are left out, and no rung is taken twice."""
    if reached >= Rung.DEPUTY or at >= _manager_at(calendar, promised, due_at):
        return Rung.MANAGER
    if reached >= Rung.OTHER or at >= due_at:
        return Rung.DEPUTY
    return Rung.OTHER


def next_look(
    calendar: Calendar, promised: int, due_at: dt.datetime, reached: int, at: dt.datetime
) -> dt.datetime:
    """When the rung after the reached one is due; never before whoever has it now had time for it."""
    soonest = calendar.add(at, promised / GRACE)
    match reached:
        case Rung.FIRST:
            left = calendar.between(at, due_at) if at < due_at else dt.timedelta()
            return max(calendar.add(at, left / dt.timedelta(minutes=2)), soonest)
        case Rung.OTHER:
            return max(due_at, soonest)
        case Rung.DEPUTY:
            return max(_manager_at(calendar, promised, due_at), soonest)
    return calendar.add(at, promised / 2)


def _manager_at(calendar: Calendar, promised: int, due_at: dt.datetime) -> dt.datetime:
    return calendar.add(due_at, promised / 2)
