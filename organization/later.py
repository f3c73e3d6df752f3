"""Tasks that must not run before a time, on every task backend."""

import datetime as dt
from typing import Any

from django_tasks.base import Task


def enqueue(task: Task, *args: Any, at: dt.datetime | None = None) -> None:
    """Queue a task for a time; where the backend cannot wait, it is left to the clock's sweep.

    So each task that is given a time has a sweep of the clock beside it, and asks itself whether its time has come.
    """
    if at is None:
        task.enqueue(*args)
    elif task.get_backend().supports_defer:
        task.using(run_after=at).enqueue(*args)
