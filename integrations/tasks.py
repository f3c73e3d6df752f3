"""What leaves for receivers. A task may run twice; the second run sends nothing."""

from django_tasks import task

from . import delivering


@task()
def send_delivery(pk: str) -> None:
    delivering.send(pk)


@task()
def send_due() -> None:
    delivering.send_all()
