"""Submissions, screening, lanes, reviews, clearances and backing records."""

from django.apps import AppConfig

from ledger import guards


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        guards.guard_states(self.get_model("Submission"))
        for name in ["Revision", "Screening", "Review"]:
            guards.freeze_rows(self.get_model(name))
