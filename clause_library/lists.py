"""What the company has the checks watch for, as the plain values that they take.

Read once for each stamp of the lists and kept for the process: a screening asks for the company anyway, and the
stamp is one of its fields.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from organization.models import Company, QuietPeriod, WatchedName

from .checks import QuietPeriod as Quiet

STAMPS_IN_MEMORY = 4


@dataclass(frozen=True)
class Lists:
    """The names on each list, and all quiet periods."""

    listed: Mapping[str, tuple[str, ...]]
    periods: tuple[QuietPeriod, ...]

    def quiet(self, at: dt.datetime) -> tuple[Quiet, ...]:
        """The quiet periods that are open then."""
        return tuple(
            Quiet(one.names, tuple(one.topics), one.is_own)
            for one in self.periods
            if one.is_open(at)
        )


def lists_of(company: Company) -> Lists:
    return _read(company.lists_stamp)


@lru_cache(maxsize=STAMPS_IN_MEMORY)
def _read(_stamp: UUID) -> Lists:
    names: dict[str, list[str]] = defaultdict(list)
    for which, name in WatchedName.objects.watched().values_list("list", "name"):
        names[which].append(name)
    return Lists(
        {which: tuple(found) for which, found in names.items()}, tuple(QuietPeriod.objects.all())
    )
