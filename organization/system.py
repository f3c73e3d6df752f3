"""Machines that act by themselves, each under its own name in the ledger; never a person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SystemActor:
    name: str

    def ledger_identity(self) -> dict[str, str]:
        return {"kind": "system", "id": self.name}


SETUP = SystemActor("setup")  # loads the starter library, makes the first administrator
CLOCK = SystemActor("clock")  # lapses, escalations, checkpoints
WORKER = SystemActor("worker")  # issues records and receipts that a person's act has called for


def is_system(actor: object) -> bool:
    return isinstance(actor, SystemActor)
