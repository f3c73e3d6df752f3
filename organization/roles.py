"""Who may do what, as one table. Roles are Django groups; people hold roles, roles hold grants.

The table in docs/reference/roles.md is compared with this one by a test. On which channels a reviewer decides is
granted channel by channel, to the channel's desk: the grant is on the shelf, not on the book.
"""

from django.apps import apps
from django.db import models
from django.db.models import Q


class Role(models.TextChoices):
    DRAFTER = "drafter", "Drafter"
    APPROVER = "approver", "Approver"
    REVIEWER = "reviewer", "Reviewer"
    MANAGER = "manager", "Manager"
    RECORDS_OFFICER = "records_officer", "Records officer"
    ADMINISTRATOR = "administrator", "Administrator"


# Permissions that hold everywhere; "app_label.codename".
GRANTS: dict[Role, frozenset[str]] = {
    Role.DRAFTER: frozenset(
        {
            "clause_library.draft_clause",
            "organization.keep_lists",
            "policy_builder.draft_policy",
            "approvals.draft_routes",
        }
    ),
    Role.APPROVER: frozenset(
        {
            "clause_library.approve_clause",
            "organization.keep_lists",
            "policy_builder.approve_edition",
            "approvals.give_standing_approval",
            "approvals.lift_settlement",
            "approvals.keep_blackouts",
            "approvals.break_glass",
            "approvals.draft_routes",
            "approvals.issue_routes",
        }
    ),
    Role.REVIEWER: frozenset(
        {"approvals.decide", "approvals.lift_settlement", "approvals.keep_blackouts"}
    ),
    Role.MANAGER: frozenset({"organization.see_team"}),
    Role.RECORDS_OFFICER: frozenset({"organization.read_records", "approvals.recall"}),
    Role.ADMINISTRATOR: frozenset(
        {
            "organization.administer",
            "policy_builder.open_round",
            "approvals.manage_channels",
        }
    ),
}


def permission_names(roles: set[str]) -> set[str]:
    """What holding these roles permits everywhere."""
    return {name for role in roles & set(GRANTS) for name in GRANTS[Role(role)]}


def sync(using: str = "default", **_: object) -> None:
    """Make the groups and give each exactly its grants, as far as their permissions exist yet.

    Runs after the migration of each app, because permissions come into being there, app by app.
    """
    groups = apps.get_model("auth", "Group").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for role, names in GRANTS.items():
        wanted = Q(pk=None)
        for name in names:
            label, codename = name.split(".")
            wanted |= Q(content_type__app_label=label, codename=codename)
        group, _is_new = groups.get_or_create(name=role.value)
        group.permissions.set(permissions.filter(wanted))
