"""Sending a notice as a mail: claimed by one sender at a time, tried again until it is sent."""

import logging
import smtplib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from .models import Company, Notice

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)  # longer than any mail server may keep us waiting
PATIENCE = timedelta(seconds=30)  # before the clock looks after a notice
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ERROR = 300
PERMANENT = 500  # RFC 5321 4.2.1: from here on the same request must not be repeated


def send_all(at: datetime | None = None) -> None:
    """Send all that wait and may be tried now."""
    waiting = Notice.objects.unsent().filter(try_after__lte=at or timezone.now())
    for pk in waiting.values_list("pk", flat=True):
        send(str(pk), at=at)


def send(notice_id: str, at: datetime | None = None) -> None:
    """Send one notice, unless it is sent, or somebody is sending it now.

    The claim is one conditional update, so no lock is held while a mail server makes us wait. Who
    dies in between leaves a claim that ends by itself; the mail then goes out again under the same
    Message-ID.
    """
    now = at or timezone.now()
    mine = Notice.objects.unsent().filter(pk=notice_id, try_after__lte=now)
    if not mine.update(try_after=now + CLAIM, attempts=F("attempts") + 1):
        return
    notice = Notice.objects.select_related("person__unit").get(pk=notice_id)
    if reason := why_not(notice):
        _settle(notice, last_error=reason)
        return
    try:
        message(notice).send()
    except smtplib.SMTPRecipientsRefused as refusal:
        _recipient_refused(notice, refusal, now)
    except (OSError, smtplib.SMTPException) as error:
        _try_later(notice, error, now)
    else:
        _settle(notice, sent_at=timezone.now(), last_error="")


def why_not(notice: Notice) -> str:
    """The reason, today, to send no mail; empty when there is none."""
    if not notice.person.is_active:
        return "Not mailed: the person is no longer active."
    if not notice.person.mail_notices:
        return "Not mailed: the person reads notices here only."
    return ""


def message(notice: Notice) -> EmailMultiAlternatives:
    """The mail in the reader's language and time zone. The text's first line is its subject."""
    context = notice.context | {
        "person": notice.person,
        "company_name": Company.current().name,
        "link": settings.COUNTERSIGN_URL + notice.path,
    }
    with translation.override(notice.person.language), timezone.override(notice.person.zone):
        text = render_to_string(f"emails/{notice.event}.txt", context)
        html = render_to_string(f"emails/{notice.event}.html", context)
    subject, _, body = text.lstrip().partition("\n")
    host = urlsplit(settings.COUNTERSIGN_URL).hostname
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=body.lstrip(),
        to=[notice.person.email],
        headers={"Message-ID": f"<{notice.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(html, "text/html")
    return mail


def _settle(notice: Notice, **values: object) -> None:
    """No mail of this notice goes out any more."""
    Notice.objects.filter(pk=notice.pk, sent_at=None).update(try_after=None, **values)


def _recipient_refused(
    notice: Notice, refusal: smtplib.SMTPRecipientsRefused, now: datetime
) -> None:
    """An address that is refused for good (5xx) is not tried again."""
    code, words = next(iter(refusal.recipients.values()))
    says = f"The mail server refused the address: {code} {words.decode(errors='replace')}"
    if code >= PERMANENT:
        _settle(notice, last_error=says[:LONGEST_ERROR])
    else:
        _try_later(notice, OSError(says), now)


def _try_later(notice: Notice, error: Exception, now: datetime) -> None:
    """Wait 1, 2, 4 … minutes, an hour at most."""
    wait = min(timedelta(minutes=2 ** min(notice.attempts - 1, 10)), LONGEST_WAIT)
    says = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    unsent = Notice.objects.filter(pk=notice.pk, sent_at=None)
    unsent.update(try_after=now + wait, last_error=says)
    logger.warning("Notice %s was not mailed and waits %s: %s", notice.pk, wait, says)
