"""List the playbooks, one name a line."""

from typing import Any

from django.core.management.base import BaseCommand

from clause_library.files import playbook_names


class Command(BaseCommand):
    help = "List the names of the playbooks, one a line."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for name in playbook_names():
            self.stdout.write(name)
