"""Clear posts with our own actions: ``python -m bench.clear_here HOW_MANY``; the folder is COUNTERSIGN_DATA.

Prints, as JSON: seconds of the clock and of the processor for all of them, and the queries of one.
"""

import json
import os
import sys
import time
import uuid

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from guardian.shortcuts import assign_perm  # noqa: E402

from approvals import actions  # noqa: E402
from approvals.models import Channel, Submission  # noqa: E402
from approvals.states import State  # noqa: E402
from ledger import keys  # noqa: E402
from organization.models import Company, Person, Unit  # noqa: E402
from organization.roles import Role  # noqa: E402
from tests.approvals.small_policy import issue_small_policy  # noqa: E402


def main(how_many: int) -> None:
    call_command("migrate", verbosity=0)
    keys.ensure_key()
    author, reviewer, channel = _ready()

    def clear(number: int) -> None:
        """Screen, submit and decide; the backing record is queued."""
        post = actions.submit(
            actor=author,
            key=uuid.uuid4(),
            text=f"We opened bike shed {number} today.",
            channels=[channel],
        )
        actions.decide(post, actor=reviewer, verdict="clear", seen=post.revision.digest)

    for number in range(5):
        clear(number)
    with CaptureQueriesContext(connection) as queries:
        clear(5)
    clock, processor = time.perf_counter(), time.process_time()
    for number in range(6, 6 + how_many):
        clear(number)
    told = {
        "clock": time.perf_counter() - clock,
        "processor": time.process_time() - processor,
        "queries": len(queries),
        "cleared": Submission.objects.filter(state=State.CLEARED).count() - 6,
    }
    print(json.dumps(told))


def _ready() -> tuple[Person, Person, Channel]:
    """A policy in force, somebody who writes, somebody who reviews, and the channel."""
    Company.objects.create(pk=1, name="Acme", set_up_at=timezone.now())
    unit = Unit.objects.create(name="Marketing")
    ada, rex, lea, quinn = (
        Person.objects.create_user(f"{name.lower()}@acme.example", name, unit)
        for name in ("Ada", "Rex", "Lea", "Quinn")
    )
    rex.give(Role.REVIEWER)
    issue_small_policy(drafter=lea, approver=quinn)
    channel = Channel.objects.create(name="Own LinkedIn", network="linkedin")
    assign_perm("approvals.review_channel", rex, channel)
    return ada, rex, channel


if __name__ == "__main__":
    main(int(sys.argv[1]))
