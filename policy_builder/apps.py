"""Policies, editions and acknowledgements."""

from django.apps import AppConfig

from ledger import guards
from organization import clock


class PolicyBuilderConfig(AppConfig):
    name = "policy_builder"
    verbose_name = "Policy builder"

    def ready(self) -> None:
        guards.guard_states(self.get_model("Edition"))
        guards.guard_states(self.get_model("Acknowledgement"), free_states=("due",))
        guards.freeze_rows(self.get_model("Provision"))
        clock.every(5, "bring editions into force", "policy_builder.duties.bring_into_force")
        clock.every(30, "keep the audiences of rounds", "policy_builder.duties.keep_audiences")
        clock.every(10, "tell people what is due", "policy_builder.duties.tell_who_is_due")
        clock.every(10, "end what ended editions asked for", "policy_builder.duties.end_requests")
        clock.every(60, "make missing documents", "policy_builder.duties.make_missing_documents")
