"""What people see of a policy: which editions they may read, and what changed between two."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from clause_library.redline import redline
from organization.models import Person

from .models import Edition, Policy
from .states import EditionState


def readable_policies(person: Person) -> QuerySet[Policy]:
    """Policies of the person's unit; all of them for who writes, approves or keeps records."""
    if not person.is_active:
        return Policy.objects.none()
    if may_see_all(person):
        return Policy.objects.all()
    return Policy.objects.filter(Q(units=person.unit) | Q(units=None)).distinct()


SEE_ALL = (
    "policy_builder.draft_policy",
    "policy_builder.approve_edition",
    "policy_builder.open_round",
    "organization.read_records",
)


def may_see_all(person: Person) -> bool:
    return person.is_active and any(person.has_perm(name) for name in SEE_ALL)


def editions_in_force(person: Person) -> QuerySet[Edition]:
    return (
        Edition.objects.in_force()
        .filter(policy__in=readable_policies(person).values("pk"))
        .select_related("policy")
        .order_by("policy__title")
    )


def editions_to_come(person: Person) -> QuerySet[Edition]:
    """Issued, and in force from a later date."""
    return (
        Edition.objects.filter(state=EditionState.ISSUED, in_force_from__gt=timezone.now())
        .filter(policy__in=readable_policies(person).values("pk"))
        .select_related("policy")
        .order_by("in_force_from")
    )


def open_drafts(person: Person) -> QuerySet[Edition]:
    """What is being written, for those who write and approve; for others none."""
    if not may_see_drafts(person):
        return Edition.objects.none()
    return Edition.objects.filter(number=None).select_related("policy", "drafted_by")


def draft_at(edition: Edition, anchor: str) -> str:
    """The address of a clause on the page of a draft."""
    return f"{reverse('policy_builder:draft', args=[edition.pk])}#{anchor}"


def may_see_drafts(person: Person) -> bool:
    return person.is_active and (
        person.has_perm("policy_builder.draft_policy")
        or person.has_perm("policy_builder.approve_edition")
    )


def changes(old: dict[str, Any] | None, new: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What differs between two snapshots, provision by provision: new, changed (with its redline), gone."""
    before, after = _by_anchor(old), _by_anchor(new)
    for anchor, provision in after.items():
        if anchor not in before:
            yield {"kind": "new", "provision": provision, "runs": redline("", provision["text"])}
        elif before[anchor]["text"] != provision["text"]:
            runs = redline(before[anchor]["text"], provision["text"])
            yield {"kind": "changed", "provision": provision, "runs": runs}
    for anchor, provision in before.items():
        if anchor not in after:
            yield {"kind": "gone", "provision": provision, "runs": redline(provision["text"], "")}


def _by_anchor(snapshot: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    return {
        provision["anchor"]: provision
        for section in (snapshot or {"sections": []})["sections"]
        for provision in section["provisions"]
    }
