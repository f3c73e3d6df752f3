"""Submissions, screening, lanes, reviews, clearances and backing records."""

from django.apps import AppConfig

from ledger import guards
from organization import clock


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        guards.guard_states(self.get_model("Submission"))
        guards.guard_states(self.get_model("Settlement"))
        written_once = ["Revision", "Screening", "LaneTable", "Review", "Hit", "FindingVerdict"]
        for name in [*written_once, "Miss", "MediaFile", "RevisionMedium"]:
            guards.freeze_rows(self.get_model(name))
        clock.every(5, "end clearances that have ended", "approvals.duties.lapse_ended")
        clock.every(30, "hand over late posts", "approvals.duties.hand_over_late")
        clock.every(
            15, "look again after a change of policy", "approvals.duties.rescreen_after_change"
        )
        clock.every(15, "look again with new lists", "approvals.duties.rescreen_for_lists")
        clock.every(
            15, "look again without what was lifted", "approvals.duties.rescreen_after_lifting"
        )
        clock.every(600, "forget files that nobody submitted", "approvals.uploads.forget")
        clock.every(60, "make missing records", "approvals.duties.make_missing_records")
