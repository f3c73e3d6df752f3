"""Clauses, their versions, checks and playbooks."""

from django.apps import AppConfig

from ledger import guards


class ClauseLibraryConfig(AppConfig):
    name = "clause_library"
    verbose_name = "Clause library"

    def ready(self) -> None:
        guards.guard_states(self.get_model("ClauseVersion"))
