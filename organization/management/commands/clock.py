"""Run what is due, for as long as this clock leads. Any number may run; one leads at a time."""

import os
import signal
import socket
import time

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from organization.clock import Rounds
from organization.models import Lease

LEASE = 30  # seconds after which another clock takes over from one that died
TICK = 2


class Command(BaseCommand):
    help = "Run what comes round by itself: reminders, hand-overs, checkpoints, unsent mails."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run everything once, then stop")

    def handle(self, *, once: bool, **_: object) -> None:
        holder = f"{socket.gethostname()}:{os.getpid()}"
        rounds = Rounds()
        try:
            tick(rounds, holder)
            if not once:
                signal.signal(signal.SIGTERM, _stop)
                run(rounds, holder)
        except KeyboardInterrupt:
            self.stderr.write("The clock stops.")
        finally:
            Lease.give_back("clock", holder)


def run(rounds: Rounds, holder: str) -> None:
    while True:
        time.sleep(TICK)
        close_old_connections()
        tick(rounds, holder)


def tick(rounds: Rounds, holder: str) -> None:
    """Run what is due, and look before each job whether this clock still leads."""
    for job in rounds.due():
        if not Lease.take("clock", holder, LEASE):
            return
        job.run()
        rounds.ran(job)


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
