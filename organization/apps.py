"""People, business units, roles; and the work that comes round by the clock."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate

from . import clock, roles, sign_in

HOUR = 60 * 60


class OrganizationConfig(AppConfig):
    name = "organization"
    verbose_name = "Organization"

    def ready(self) -> None:
        post_migrate.connect(roles.sync, dispatch_uid="roles")
        user_logged_in.connect(sign_in.note, dispatch_uid="sign-in")
        clock.every(30, "send what is unsent", "organization.chores.send_unsent")
        clock.every(60, "put back what dead workers held", "organization.chores.put_back")
        clock.every(60, "try failed tasks again", "organization.chores.try_again")
        clock.every(10, "sign a checkpoint", "organization.chores.sign_checkpoint")
        clock.every(HOUR, "forget what is over", "organization.chores.forget")
