"""Sending one message: claimed by one sender at a time, tried again until it has arrived or days have passed."""

import datetime as dt

from django.db.models import F
from django.utils import timezone

from organization import notices
from organization.models import Person
from organization.roles import Role

from . import outbound, payloads
from .errors import AddressRefusedError, UnreachableError
from .models import Delivery, Receiver

CLAIM = dt.timedelta(minutes=1)  # longer than a request may take
# The waits between attempts that the Standard Webhooks specification suggests; over three days together.
WAITS = tuple(
    dt.timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
STOP_AFTER = dt.timedelta(days=5)  # of failures only
RESTS_FROM, REST = (
    10,
    dt.timedelta(minutes=1),
)  # so many failures in a row, then one attempt a minute
LONGEST_REASON = 300
A_BATCH = 200
GONE = 410  # the receiver wants nothing any more


def send_all(at: dt.datetime | None = None) -> None:
    """Send what may be tried now, the oldest first."""
    due = Delivery.objects.waiting().filter(try_after__lte=at or timezone.now())
    for pk in list(due.values_list("pk", flat=True)[:A_BATCH]):
        send(str(pk), at=at)


def send(pk: str, at: dt.datetime | None = None) -> None:
    """Send one message, unless it is over, or somebody is sending it now.

    The claim is one conditional update, so no lock is held while a receiver makes us wait. Who dies in between leaves
    a claim that ends by itself; the message then goes out again under the same id.
    """
    now = at or timezone.now()
    mine = Delivery.objects.waiting().filter(pk=pk, try_after__lte=now)
    if not mine.update(try_after=now + CLAIM, attempts=F("attempts") + 1, tried_at=now):
        return
    delivery = Delivery.objects.select_related("receiver", "entry").get(pk=pk)
    if why := _why_not(delivery.receiver, now):
        _put_off(delivery, *why)
        return
    try:
        body = payloads.body_of(delivery)
        headers = payloads.headers_of(delivery, body, now)
        answer = outbound.post(delivery.receiver.url, body, headers)
    except payloads.NoLongerWantedError as reason:
        _end(delivery, says=reason.says)
    except (AddressRefusedError, UnreachableError) as error:
        _failed(delivery, None, error.says, now)
    else:
        _answered(delivery, answer, now)


def _why_not(receiver: Receiver, now: dt.datetime) -> tuple[dt.datetime | None, str] | None:
    """Until when the message waits, and why, where nothing is to be tried now."""
    if not receiver.is_active:
        return None, "The receiver is not in use."
    if receiver.rests_until and receiver.rests_until > now:
        return receiver.rests_until, "Waits: the receiver has failed many times in a row."
    return None


def _put_off(delivery: Delivery, until: dt.datetime | None, says: str) -> None:
    """As if it had not been tried."""
    _end(delivery, try_after=until, attempts=delivery.attempts - 1, says=says)


def _answered(delivery: Delivery, answer: outbound.Answer, now: dt.datetime) -> None:
    """Any 2xx is arrival. A redirect is not followed: the address that it names was never checked."""
    if 200 <= answer.status < 300:  # noqa: PLR2004  RFC 9110 15.3
        _end(delivery, status=answer.status, delivered_at=timezone.now(), says="")
        Receiver.objects.filter(pk=delivery.receiver_id).update(
            failing_since=None, failures=0, rests_until=None
        )
        return
    said = " ".join(answer.body[:LONGEST_REASON].decode(errors="replace").split())
    says = f"It answered {answer.status}" + (f": {_printable(said)}" if said else ".")
    _failed(delivery, answer.status, says, now)


def _printable(text: str) -> str:
    """What a stranger answered, as far as it can stand on a page and in a database."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _failed(delivery: Delivery, status: int | None, says: str, now: dt.datetime) -> None:
    """Wait longer each time; after the last wait, or once the receiver is stopped, it is over."""
    _note_failure(delivery.receiver, now)
    stopped = _stop_if_hopeless(delivery.receiver, status, now)
    tries = delivery.attempts
    wait = None if stopped or tries > len(WAITS) else now + WAITS[tries - 1]
    _end(delivery, try_after=wait, status=status, says=says[:LONGEST_REASON])


def _note_failure(receiver: Receiver, now: dt.datetime) -> None:
    this = Receiver.objects.filter(pk=receiver.pk)
    this.filter(failing_since=None).update(failing_since=now)
    this.update(failures=F("failures") + 1)
    this.filter(failures__gte=RESTS_FROM).update(rests_until=now + REST)
    receiver.refresh_from_db()


def _stop_if_hopeless(receiver: Receiver, status: int | None, now: dt.datetime) -> bool:
    """Stop a receiver that is gone, or has failed for days; administrators are told once."""
    if status == GONE:
        because = "It answered 410: it wants nothing any more."
    elif receiver.failing_since and receiver.failing_since <= now - STOP_AFTER:
        because = f"Nothing has arrived for {STOP_AFTER.days} days."
    else:
        return False
    active = Receiver.objects.active().filter(pk=receiver.pk)
    if active.update(is_active=False, stopped_because=because):
        for person in Person.objects.holding(Role.ADMINISTRATOR):
            notices.tell(
                person,
                "receiver_stopped",
                f"receiver_stopped:{receiver.pk}:{now:%Y%m%d%H%M%S}",
                {"receiver": receiver.name, "because": because},
                path=f"/integrations/{receiver.pk}/",
            )
    return True


def _end(delivery: Delivery, **values: object) -> None:
    """What became of an attempt; without a ``try_after``, it was the last one."""
    Delivery.objects.filter(pk=delivery.pk).update(**{"try_after": None, **values})
