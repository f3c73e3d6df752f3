"""Clear posts with Wagtail's workflow: ``python -m bench.wagtail_site.run HOW_MANY``, with Wagtail's own Python.

Prints, as JSON: seconds of the clock and of the processor for all of them, and the queries of one.
"""

import json
import os
import sys
import time

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.wagtail_site.settings"
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from wagtail.models import (  # noqa: E402
    GroupApprovalTask,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from .models import PostPage  # noqa: E402


def main(how_many: int) -> None:
    call_command("migrate", verbosity=0)
    workflow, author, moderator, shelf = _ready()

    def clear(number: int) -> None:
        """Save, submit and approve, each in a transaction of its own as in Wagtail's views."""
        with transaction.atomic():
            page = PostPage(
                title=f"Post {number}",
                slug=f"post-{os.getpid()}-{number}",
                text=f"We opened bike shed {number} today.",
                live=False,
                owner=author,
            )
            shelf.add_child(instance=page)
            page.save_revision(user=author)
        with transaction.atomic():
            state = workflow.start(page, author)
        with transaction.atomic():
            state.current_task_state.approve(user=moderator)

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
        "cleared": PostPage.objects.live().count() - 6,
    }
    print(json.dumps(told))


def _ready():
    """A workflow of one step, somebody who writes, somebody who approves, and where the pages go."""
    people = get_user_model().objects
    author = people.create_user("ada", "ada@acme.example", "x")
    moderator = people.create_superuser("rex", "rex@acme.example", "x")
    group = Group.objects.create(name="Reviewers")
    moderator.groups.add(group)
    task = GroupApprovalTask.objects.create(name="Review")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="Clearing")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    shelf = Page.objects.get(depth=1)
    WorkflowPage.objects.update_or_create(page=shelf, defaults={"workflow": workflow})
    return workflow, author, moderator, shelf


if __name__ == "__main__":
    main(int(sys.argv[1]))
