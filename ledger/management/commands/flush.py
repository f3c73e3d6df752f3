"""Django's flush, which no real ledger allows. Tests use it to empty their database."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections

from ledger import testing


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        if not testing.in_tests(connection):
            raise CommandError("The ledger is never emptied. For a new start, use a new database.")
        testing.lift_guards(connection)
        super().handle(**options)  # its post_migrate signal puts the guards back
