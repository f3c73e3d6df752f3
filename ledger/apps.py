"""The ledger guards its own tables, and those that other apps register."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from . import guards


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = "Ledger"

    def ready(self) -> None:
        for name in ["Entry", "Effect", "Subtree", "Checkpoint"]:
            guards.freeze_rows(self.get_model(name))
        guards.freeze_rows(self.get_model("Sealed"), erasable=True)
        pre_migrate.connect(guards.make_way, sender=self)
        post_migrate.connect(guards.restore, sender=self)
