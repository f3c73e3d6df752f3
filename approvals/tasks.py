"""Work that can wait: it may run twice, and a row written with the act says what is still to do (invariant 11)."""

from uuid import UUID

from django_tasks import task

from . import backing, forecasting, replay


@task(priority=50)  # somebody waits to post
def issue_backing_record(clearance: str) -> None:
    """Make the PDF and JSON that the author keeps."""
    backing.issue(UUID(clearance))


@task()
def run_replay(pk: str) -> None:
    """Screen the last decided posts without a clause version and with it."""
    replay.run(UUID(pk))


@task()
def run_forecast(pk: str) -> None:
    """Simulate the next weeks from the last ones."""
    forecasting.run(UUID(pk))
