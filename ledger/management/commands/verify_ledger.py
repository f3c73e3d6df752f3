"""Check entries, tree, checkpoints, seals, states and guards; print what is wrong."""

from typing import Any

from django.core.management.base import BaseCommand

from ledger import audit
from ledger.models import Head


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_: Any) -> None:
        found = 0
        for problem in audit.problems():
            found += 1
            self.stdout.write(problem)
        if found:
            raise SystemExit(1)
        size = Head.objects.values_list("size", flat=True).first() or 0
        self.stdout.write(f"All {size} entries are as they were recorded, and guarded.")
