"""What comes round by itself: jobs registered in `AppConfig.ready`, run by `manage.py clock`.

A job is a sweep over all that is due now: to run it late, twice, or once after a long stop comes
to the same as running it on time. So nothing is remembered, and a started clock catches up.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    seconds: int  # between two runs
    name: str
    path: str  # of a function without arguments, by its dotted path

    def run(self) -> bool:
        """Say whether it went well; one job that fails must not keep the others from running."""
        try:
            import_string(self.path)()
        except Exception:
            logger.exception("The clock could not %s. It tries again in time.", self.name)
            return False
        return True


jobs: dict[str, Job] = {}


def every(seconds: int, name: str, path: str) -> None:
    """Register a job; `name` ends the sentence "The clock could not …"."""
    jobs[name] = Job(seconds, name, path)


@dataclass
class Rounds:
    """Which jobs are due, by a clock that only goes forward."""

    now: Callable[[], float] = time.monotonic
    next_run: dict[str, float] = field(default_factory=dict)

    def due(self) -> list[Job]:
        return [job for name, job in jobs.items() if self.now() >= self.next_run.get(name, 0)]

    def ran(self, job: Job) -> None:
        self.next_run[job.name] = self.now() + job.seconds
