"""What of the shelf a post is, if anything: found by its words, its pictures and its channels, not by a promise."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from clause_library.checks.model import Medium
from organization.models import Person
from policy_builder.models import Edition

from . import background, bounds
from .models import Channel, ShelfItem
from .states import ShelfState

NO, UNEDITED, WITHIN, RETIRED = "no", "unedited", "within", "retired"  # lanes.Inputs.shelf


@dataclass(frozen=True)
class Shared:
    """The item that a post comes from, and how."""

    item: ShelfItem
    how: str  # UNEDITED, WITHIN or RETIRED

    @property
    def holds(self) -> bool:
        return self.how != RETIRED


def shared(
    text: str,
    author: Person,
    channels: Sequence[Channel],
    edition: Edition,
    now: dt.datetime,
    *,
    media: Sequence[Medium] = (),
) -> Shared | None:
    """The item on the shelf that covers this post for all these channels; else one that was retired; one query.

    Nobody is covered by what they decided or put on the shelf themselves (invariant 3), a partner not by words of
    an employee; a principal's word comes first. Files are compared by their digests; without one nothing is covered.
    """
    if not channels:
        return None
    declared = [asdict(medium) for medium in media]
    items = (
        ShelfItem.objects.filter(clearance__revision__submission__channels__in=channels)
        .select_related("clearance__review", "clearance__revision__submission__author")
        .distinct()
    )
    found = []
    for item in items:
        fit = bounds.fit(item.bounds, text, names=names_of(author), profile=author.unit.profile)
        if fit is None or item.clearance.revision.media != declared:
            continue
        if item.state == ShelfState.RETIRED or item.clearance.recalled_at:
            found.append(Shared(item, RETIRED))
        elif not background.lacks_files(media) and _covers(item, author, channels, edition, now):
            found.append(Shared(item, UNEDITED if fit.unedited else WITHIN))
    return max(found, key=_weight, default=None)


def _weight(one: Shared) -> tuple[bool, bool]:
    return one.holds, bool(one.item.clearance.review.registration)


def _covers(
    item: ShelfItem,
    author: Person,
    channels: Sequence[Channel],
    edition: Edition,
    now: dt.datetime,
) -> bool:
    clearance = item.clearance
    cleared_for = {one["id"] for one in clearance.revision.channels}
    return (
        clearance.is_valid(now)
        and clearance.edition_id == edition.pk
        and author.pk not in {clearance.review.reviewer_id, item.put_by_id}
        and clearance.revision.submission.author.relation == author.relation
        and {str(channel.pk) for channel in channels} <= cleared_for
    )


def names_of(person: Person) -> tuple[str, ...]:
    """What {name} may become."""
    return tuple(dict.fromkeys([person.name, person.first_name]))


def hold(item: ShelfItem) -> bool:
    """Until the transaction ends nobody retires it; whether it is still on the shelf."""
    return (
        ShelfItem.objects.select_for_update().filter(pk=item.pk, state=ShelfState.ON_SHELF).exists()
    )
