"""Write the whole ledger as evidence: a zip, or a folder, that anyone can check."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from ledger import evidence
from ledger.checkpoints import HistoryChangedError


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.zip|FOLDER")

    def handle(self, *, out: Path, **_: Any) -> None:
        try:
            checkpoint = evidence.export(out)
        except (evidence.ExportError, HistoryChangedError, ImproperlyConfigured, OSError) as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"Wrote {checkpoint.size} entries to {out}. Check them: verify.py {out}")
