"""Make the key that signs the ledger, unless there is one; print its fingerprint."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from ledger import keys


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_: Any) -> None:
        try:
            made = keys.ensure_key()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        if made:
            self.stderr.write(f"Made {keys.key_path()}. Back it up, apart from the database.")
        self.stdout.write(keys.fingerprint())
