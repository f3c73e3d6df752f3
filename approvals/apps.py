"""Submissions, screening, lanes, reviews, clearances and backing records."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from ledger import guards
from organization import clock, signals


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        guards.guard_states(self.get_model("Submission"))
        guards.guard_states(self.get_model("Settlement"))
        guards.guard_states(self.get_model("RouteRules"))
        guards.guard_states(self.get_model("ShelfItem"))
        written_once = ["Revision", "Screening", "LaneTable", "Review", "Hit", "FindingVerdict"]
        kept = ["Miss", "HandOver", "RouteTable", "Undoing", "Publication", "Appeal"]
        for name in [*written_once, *kept, "MediaFile", "RevisionMedium"]:
            guards.freeze_rows(self.get_model(name))
        taken, note = map(import_string, ["organization.steps.taken", "approvals.timekeeping.note"])
        taken.connect(note, self.get_model("Submission"), dispatch_uid="keep time")
        clock.every(5, "end clearances that have ended", "approvals.duties.lapse_ended")
        clock.every(10, "keep posts moving", "approvals.duties.keep_moving")
        clock.every(30, "tell of blackouts", "approvals.duties.tell_of_blackouts")
        clock.every(15, "ask by new routes", "approvals.duties.reroute_after_change")
        clock.every(
            15, "look again after a change of policy", "approvals.duties.rescreen_after_change"
        )
        clock.every(15, "look again with new lists", "approvals.duties.rescreen_for_lists")
        clock.every(
            15, "look again without what was lifted", "approvals.duties.rescreen_after_lifting"
        )
        clock.every(5, "write what reviewers said", "approvals.duties.take_effect")
        clock.every(600, "forget files that nobody submitted", "approvals.uploads.forget")
        clock.every(60, "make missing records", "approvals.duties.make_missing_records")
        clock.every(60, "remind authors of cleared posts", "approvals.duties.remind_authors")
        clock.every(60, "remind of recalls", "approvals.duties.remind_of_recalls")
        hand_over_from = import_string("approvals.duties.hand_over_from")  # needs the models
        signals.went_away.connect(hand_over_from, dispatch_uid="posts of those who are gone")
