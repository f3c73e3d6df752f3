"""Make the demonstration company: 200 people, two policies in force, a round half done, 40 posts."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo import company, people
from documents import render
from ledger import keys


class Command(BaseCommand):
    help = "Make the demonstration company. Safe to run again: it is made once."

    def handle(self, **_: object) -> None:
        if company.is_there():
            self.stderr.write("There is a company already; nothing was changed.")
            return
        if settings.COUNTERSIGN_PRODUCTION:
            raise CommandError(
                "This installation is open to others (COUNTERSIGN_ALLOWED_HOSTS is set). "
                "The demonstration has known people in it: make it on a machine of your own."
            )
        keys.ensure_key()
        try:
            passwords = company.make()
        finally:
            render.stop()
        lines = [
            f"{people.email_of(login.name)}  {passwords[people.email_of(login.name)]}  {login.does}"
            for login in people.LOGINS
        ]
        for line in lines:
            self.stdout.write(line)
