"""What the page for writing begins with: a link's text, an old post, one to correct, or one from the shelf."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from organization.models import Person

from . import bounds, uploads
from .forms import media_fields
from .models import Channel, Publication, Revision, ShelfItem, Submission
from .states import ShelfState, State

LONGEST_START = 5_000  # code points that a link may bring


@dataclass(frozen=True)
class Start:
    """The fields of the form as it opens, and what they come from."""

    fields: dict = field(default_factory=dict)
    corrects: Submission | None = None
    item: ShelfItem | None = None
    files_left: int = 0  # pictures or videos whose files do not come along


def correctable(person: Person) -> QuerySet[Submission]:
    """One's own posts that are out, or were."""
    return person.submissions.filter(state__in=[State.PUBLISHED, State.RECALLED])


def of(person: Person, asked: Mapping[str, str]) -> Start:
    """By the query of the link; what is not there, or not theirs, is passed over."""
    if key := _key(asked.get("item")):
        return _from_shelf(person, key, asked.get("city", ""))
    if key := _key(asked.get("corrects")):
        return _correction(person, key)
    if key := _key(asked.get("copy")):
        return _copy(person, key)
    return Start({"text": asked.get("text", "")[:LONGEST_START]})


def fields_of(revision: Revision, person: Person) -> dict:
    """A post's words, places and pictures, to start another from; its dates and notes were its own.

    A file comes along only where it is this person's.
    """
    return {
        "text": revision.text,
        "channels": [channel["id"] for channel in revision.channels],
        **media_fields(uploads.described(revision.declared, person)),
    }


def _files_left(revision: Revision, person: Person) -> int:
    return sum(not medium.file for medium in uploads.described(revision.declared, person))


def _copy(person: Person, key: uuid.UUID) -> Start:
    found = person.submissions.select_related("revision").filter(pk=key).first()
    if found is None:
        return Start()
    revision = found.revision
    return Start(fields_of(revision, person), files_left=_files_left(revision, person))


def _key(value: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(value or "")
    except ValueError:
        return None


def _correction(person: Person, key: uuid.UUID) -> Start:
    """From what stands there now, where the author has shown it; else from what was cleared."""
    found = correctable(person).select_related("revision").filter(pk=key).first()
    if found is None:
        return Start()
    shown = Publication.objects.filter(clearance__revision=found.revision).exclude(text="").last()
    return Start(
        fields_of(found.revision, person)
        | {"text": shown.text if shown else found.revision.text, "corrects": found.pk},
        corrects=found,
        files_left=_files_left(found.revision, person),
    )


def _from_shelf(person: Person, key: uuid.UUID, city: str) -> Start:
    items = ShelfItem.objects.filter(state=ShelfState.ON_SHELF)
    item = items.select_related("clearance__revision").filter(pk=key).first()
    if item is None:
        return Start()
    revision = item.clearance.revision
    text = revision.text
    if person.unit.profile not in bounds.UNBOUNDED:
        stood = bounds.values_of(item.bounds) or {}
        name = person.name if " " in stood.get("name", "") else person.first_name
        city = " ".join(city.split())[: bounds.LONGEST_CITY] or stood.get("city", "")
        text = bounds.fill(item.bounds, name=name, city=city)
    fields = {"text": text, "channels": _own_first(revision.channels)}
    return Start(
        fields_of(revision, person) | fields, item=item, files_left=_files_left(revision, person)
    )


def _own_first(snapshots: list[dict[str, str]]) -> list[int]:
    """A colleague shares on an account of their own; those of the company are theirs to tick."""
    channels = Channel.objects.in_use().filter(pk__in=[one["id"] for one in snapshots])
    kept = dict(channels.values_list("pk", "is_official"))
    return [pk for pk, is_official in kept.items() if not is_official] or list(kept)
