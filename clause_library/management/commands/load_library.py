"""Load the starter library. Safe to run again."""

from django.core.management.base import BaseCommand, CommandError

from clause_library import actions
from clause_library.errors import LibraryError
from clause_library.files import read_library


class Command(BaseCommand):
    help = "Load the starter library of clauses. Safe to run again."

    def handle(self, **_: object) -> None:
        try:
            done = actions.load_library(read_library())
        except LibraryError as error:
            raise CommandError(str(error)) from error
        if done["new"] or done["changed"]:
            self.stdout.write(
                f"{done['new']} clauses are new, {done['changed']} have a new version."
            )
