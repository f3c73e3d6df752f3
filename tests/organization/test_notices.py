"""A notice is written once, mailed once, and outlives a mail server that is down."""

from datetime import timedelta
from email.parser import BytesParser
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as live_settings
from django.utils import timezone

from organization import chores, mail, notices
from organization.models import Notice
from tests.living import free_port

SENT_BACK = ("sent_back", "sent_back:7", {"reviewer": "Rex", "reason": "Name your employer."})


class Letterbox:
    """Takes every mail, except for addresses that it refuses."""

    def __init__(self):
        self.letters, self.refused = [], {}

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.letters.append(BytesParser(policy=default).parsebytes(envelope.content))
        return "250 OK"


class MailServer:
    """Down until it is started."""

    def __init__(self, port):
        self.port, self.handler, self.controller = port, Letterbox(), None

    def start(self):
        self.controller = Controller(self.handler, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        if self.controller:
            self.controller.stop()


@pytest.fixture
def smtp(settings):
    """Mail goes by SMTP to a port on which nobody listens until the server is started."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    server = MailServer(settings.EMAIL_PORT)
    yield server
    server.stop()


@pytest.fixture
def tell(ada, django_capture_on_commit_callbacks):
    def tell(*words, **extra):
        with django_capture_on_commit_callbacks(execute=True):
            return notices.tell(ada, *(words or SENT_BACK), **extra)

    return tell


def test_a_notice_is_mailed_in_plain_words_and_as_html(tell, run_tasks, mailoutbox):
    notice = tell(path="/posts/1/")
    run_tasks()
    (letter,) = mailoutbox
    assert letter.subject == "Your post needs a change"
    assert letter.to == ["ada@acme.example"]
    assert letter.body.startswith("Hello Ada,\n\nRex has read your post")
    assert f"{live_settings.COUNTERSIGN_URL}/posts/1/" in letter.body
    assert "<blockquote>Name your employer.</blockquote>" in letter.alternatives[0].content
    assert letter.message()["Message-ID"] == f"<{notice.pk}@127.0.0.1>"
    notice.refresh_from_db()
    assert notice.sent_at
    assert notice.try_after is None


def test_the_same_matter_is_told_once(tell, run_tasks, mailoutbox):
    assert tell() == tell()
    run_tasks()
    assert len(mailoutbox) == 1


def test_i11_a_task_that_runs_twice_sends_one_mail(tell, mailoutbox):
    notice = tell()
    mail.send(str(notice.pk))
    mail.send(str(notice.pk))
    assert len(mailoutbox) == 1


def test_who_sends_now_keeps_others_from_sending_the_same(tell, mailoutbox):
    notice = tell()
    Notice.objects.update(try_after=timezone.now() + mail.CLAIM)
    mail.send(str(notice.pk))
    assert mailoutbox == []


@pytest.mark.parametrize("field", ["is_active", "mail_notices"])
def test_whoever_left_or_wants_no_mail_gets_none(field, ada, tell, run_tasks, mailoutbox):
    notice = tell()
    setattr(ada, field, False)
    ada.save()
    run_tasks()
    notice.refresh_from_db()
    assert mailoutbox == []
    assert notice.last_error.startswith("Not mailed:")
    assert (notice.sent_at, notice.try_after) == (None, None)


def test_the_mail_goes_to_the_address_of_the_day(ada, tell, run_tasks, mailoutbox):
    tell()
    ada.email = "ada.lovelace@acme.example"
    ada.save()
    run_tasks()
    assert mailoutbox[0].to == ["ada.lovelace@acme.example"]


def test_a_line_break_in_a_name_adds_no_header(tell, run_tasks, mailoutbox):
    tell("review_wanted", "k", {"author": "Eve\r\nBcc: all@acme.example", "channels": "X"})
    run_tasks()
    message = mailoutbox[0].message()
    assert message["Subject"] == "Eve"
    assert message["Bcc"] is None


def test_a_notice_is_kept_while_the_mail_server_is_down_and_sent_later(tell, run_tasks, smtp):
    notice = tell()
    run_tasks()
    notice.refresh_from_db()
    assert (notice.sent_at, notice.attempts) == (None, 1)
    assert "refused" in notice.last_error

    smtp.start()
    later = timezone.now() + timedelta(minutes=2)
    Notice.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    mail.send_all(at=timezone.now())  # too early: it waits a minute first
    assert smtp.handler.letters == []
    mail.send_all(at=later)
    (letter,) = smtp.handler.letters
    assert letter["Message-ID"] == f"<{notice.pk}@127.0.0.1>"
    assert letter["Auto-Submitted"] == "auto-generated"
    notice.refresh_from_db()
    assert notice.sent_at
    assert notice.last_error == ""


def test_the_wait_doubles_up_to_an_hour(tell, smtp):
    notice = tell()
    now = timezone.now()
    waits = []
    for _ in range(8):
        mail.send(str(notice.pk), at=now)
        notice.refresh_from_db()
        waits.append(round((notice.try_after - now).total_seconds() / 60))
        now = notice.try_after
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize(
    ("answer", "is_tried_again"), [("550 No such person", False), ("451 Later", True)]
)
def test_an_address_refused_for_good_is_not_tried_again(answer, is_tried_again, tell, smtp):
    smtp.handler.refused["ada@acme.example"] = answer
    smtp.start()
    notice = tell()
    mail.send(str(notice.pk))
    notice.refresh_from_db()
    assert answer[4:] in notice.last_error
    assert (notice.try_after is not None) == is_tried_again


def test_the_clock_queues_one_sender_for_all_that_wait(tell, run_tasks, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = free_port()
    tell()
    tell("lapsed", "lapsed:1", {})
    run_tasks()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Notice.objects.update(created_at=timezone.now() - timedelta(hours=1), try_after=timezone.now())
    chores.send_unsent()
    chores.send_unsent()
    run_tasks()
    assert len(mailoutbox) == 2
