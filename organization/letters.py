"""Mails that carry a secret link, so that they are written when they are sent and never stored."""

import smtplib

from django.core.mail import EmailMessage
from django_tasks import task

from . import links, mail
from .models import Notice, Person


@task()
def send_reset(person_id: str) -> None:
    """Mail a link that sets a new password; a failure is tried again by the clock."""
    person = Person.objects.active().filter(pk=person_id).first()
    if person:
        _letter(person, "password_reset", links.reset_path(person)).send()


@task()
def send_invitation(person_id: str, inviter: str) -> None:
    """Mail a link that sets the first password. Whoever has chosen one by now needs no other."""
    person = Person.objects.active().filter(pk=person_id).first()
    if person and not person.has_usable_password():
        _letter(person, "invited", links.invitation_path(person), {"inviter": inviter}).send()


def send_test(person: Person) -> str:
    """Mail somebody a test while they wait; an empty string, or what went wrong."""
    try:
        _letter(person, "test_mail", "/").send()
    except (OSError, smtplib.SMTPException) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _letter(person: Person, event: str, path: str, context: dict | None = None) -> EmailMessage:
    return mail.message(Notice(person=person, event=event, path=path, context=context or {}))
