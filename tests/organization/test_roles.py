"""The groups hold exactly the grants of the table."""

import pytest
from django.contrib.auth.models import Group, Permission

from organization import roles
from organization.roles import GRANTS, Role


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_grants_and_no_other(db, role):
    held = Group.objects.get(name=role.value).permissions.values_list(
        "content_type__app_label", "codename"
    )
    assert {".".join(pair) for pair in held} == GRANTS[role]


def test_a_grant_that_is_not_in_the_table_is_taken_back(db):
    group = Group.objects.get(name=Role.REVIEWER)
    group.permissions.add(Permission.objects.get(codename="administer"))
    roles.sync()
    assert not group.permissions.filter(codename="administer").exists()


def test_whoever_holds_a_role_has_its_permissions(lea):
    assert lea.has_perm("policy_builder.draft_policy")
    assert not lea.has_perm("policy_builder.approve_edition")
    assert roles.permission_names({"drafter"}) == GRANTS[Role.DRAFTER]
