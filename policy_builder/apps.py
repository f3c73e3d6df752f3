"""Policies, editions and acknowledgements."""

from django.apps import AppConfig

from ledger import guards


class PolicyBuilderConfig(AppConfig):
    name = "policy_builder"
    verbose_name = "Policy builder"

    def ready(self) -> None:
        guards.guard_states(self.get_model("Edition"))
        guards.guard_states(self.get_model("Acknowledgement"), free_states=("due",))
        guards.freeze_rows(self.get_model("Provision"))
