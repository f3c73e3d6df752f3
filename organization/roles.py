"""Who may do what, as one table. Roles are Django groups; people hold them, and they hold the grants.

The table in docs/reference/roles.md is compared with this one by a test. A reviewer's group is granted
``approvals.review_channel`` on single channels, a drafter's ``clause_library.draft_category`` on single shelves and a
manager sees the people who report to them: those grants are on the shelf, not on the book.
"""

from django.db import models


class Role(models.TextChoices):
    DRAFTER = "drafter", "Drafter"
    APPROVER = "approver", "Approver"
    REVIEWER = "reviewer", "Reviewer"
    MANAGER = "manager", "Manager"
    RECORDS_OFFICER = "records_officer", "Records officer"
    ADMINISTRATOR = "administrator", "Administrator"


# Permissions that hold everywhere; "app_label.codename".
GRANTS: dict[Role, frozenset[str]] = {
    Role.DRAFTER: frozenset({"clause_library.draft_clause", "policy_builder.draft_policy"}),
    Role.APPROVER: frozenset({
        "clause_library.approve_clause",
        "policy_builder.approve_edition",
        "approvals.give_standing_approval",
    }),
    Role.REVIEWER: frozenset({"approvals.decide"}),
    Role.MANAGER: frozenset({"organization.see_team"}),
    Role.RECORDS_OFFICER: frozenset({"organization.read_records", "approvals.recall"}),
    Role.ADMINISTRATOR: frozenset({
        "organization.administer",
        "policy_builder.open_round",
        "approvals.manage_channels",
    }),
}
