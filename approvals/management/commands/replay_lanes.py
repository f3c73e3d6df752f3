"""Evaluate every kept screening again, by the rules of its time: the lane must be the same."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.evaluations import replayed_by
from approvals.models import LaneTable, Screening


class Command(BaseCommand):
    help = __doc__

    def handle(self, *_: Any, **__: Any) -> None:
        tables = LaneTable.objects.in_bulk()
        seen = wrong = 0
        for screening in Screening.objects.order_by("screened_at").iterator():
            answer = replayed_by(screening, tables.get(screening.evaluation.get("rules_digest")))
            seen += 1
            if not answer.is_same:
                wrong += 1
                self.stdout.write(f"{screening.pk}: {answer.says}")
        self.stdout.write(f"{seen - wrong} of {seen} evaluations replay to the same answer.")
        if wrong:
            raise CommandError(f"{wrong} do not. Look at those lines.")
