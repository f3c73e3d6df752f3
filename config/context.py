"""What every page knows: who reads it, where they may go, and whose company this is."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from organization.models import Company, Person
from organization.roles import permission_names


class Destination(NamedTuple):
    label: str
    url_name: str
    permissions: frozenset[str] = frozenset()  # any one of them opens it; none: everybody


@dataclass(frozen=True)
class Place:
    """A destination, as the frame of a page shows it."""

    label: str
    path: str
    current: bool = False


NUMBERS = frozenset(
    {
        "approvals.decide",
        "organization.see_team",
        "organization.read_records",
        "organization.administer",
    }
)
LIBRARY = frozenset({"clause_library.draft_clause", "clause_library.approve_clause"})
DESTINATIONS = [
    Destination("Your posts", "approvals:mine"),
    Destination("To review", "approvals:queue", frozenset({"approvals.decide"})),
    Destination("Shelf", "shelf:shelf"),
    Destination("To read", "policy_builder:due"),
    Destination("Policies", "policy_builder:policies"),
    Destination("Lanes", "lanes"),
    Destination("Routes", "routes:rules", frozenset({"approvals.draft_routes"})),
    Destination("Library", "clause_library:list", LIBRARY),
    Destination("Checks", "checks:list", LIBRARY | {"approvals.decide"}),
    Destination("Numbers", "numbers:page", NUMBERS),
    Destination("What we watch for", "organization:watch", frozenset({"organization.keep_lists"})),
    Destination(
        "Recalls", "approvals:recalls", frozenset({"approvals.recall", "approvals.decide"})
    ),
    Destination("Your team", "policy_builder:team", frozenset({"organization.see_team"})),
    Destination("Channels", "approvals:channels", frozenset({"approvals.manage_channels"})),
    Destination(
        "Standing approvals",
        "approvals:standing_approvals",
        frozenset({"approvals.give_standing_approval"}),
    ),
    Destination("Blackouts", "approvals:blackouts", frozenset({"approvals.keep_blackouts"})),
    Destination(
        "Break-glass",
        "approvals:broken_glass",
        frozenset({"approvals.break_glass", "organization.read_records"}),
    ),
    Destination("People", "organization:people", frozenset({"organization.administer"})),
]


def navigation(request: HttpRequest) -> dict[str, object]:
    """Two queries, once for each request: the roles that the person holds, and the company."""
    if not hasattr(request, "navigation"):
        request.navigation = _navigation(request)
    return request.navigation


def _navigation(request: HttpRequest) -> dict[str, object]:
    person = getattr(request, "user", None)  # none yet where a request was refused early
    if person is None or not person.is_authenticated:
        return {"person": None, "nav": [], "company_name": Company.current().name}
    return {
        "person": person,
        "nav": places(person, request.path),
        "company_name": Company.current().name,
    }


def places(person: Person, path: str) -> list[Place]:
    """Where this person may go; the one that holds the page is current."""
    may = permission_names(set(person.groups.values_list("name", flat=True)))
    found = [
        Place(destination.label, reverse(destination.url_name))
        for destination in DESTINATIONS
        if not destination.permissions or destination.permissions & may
    ]
    inside = [place for place in found if path.startswith(place.path)]
    here = max(inside, key=lambda place: len(place.path), default=None)
    return [replace(place, current=place == here) for place in found]
