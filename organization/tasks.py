"""What leaves the request: mails. A task may run twice; the second run sends nothing."""

from django_tasks import task

from . import mail


@task()
def send_notice(notice_id: str) -> None:
    mail.send(notice_id)


@task()
def send_unsent() -> None:
    mail.send_all()
