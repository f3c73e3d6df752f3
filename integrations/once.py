"""A request that is repeated with its key is answered as the first time, and acts once (invariant 11).

The key is claimed before the act, with nothing of the request in it; what was asked (as a keyed digest) and answered is
kept in the transaction of the act. So protected speech and refused posts leave nothing (invariant 13), and a refusal
does not use the key up.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from organization.models import Person

from .errors import KeyInUseError, OtherRequestError
from .models import UsedKey

ABANDONED = dt.timedelta(seconds=60)  # no request takes that long: whoever claimed it died
Answered = tuple[int, str]  # HTTP status and JSON


def answer(
    person: Person, key: str, request: bytes, act: Callable[[], Answered | None]
) -> Answered | None:
    """What ``act`` answers, or answered the first time; None, and nothing kept, where it answers None.

    Raises KeyInUseError while the first is under way, OtherRequestError for another request with the same key.
    """
    if not key:
        return act()
    digest = _digest(request)
    earlier = _claim(person, key)
    if earlier:
        return _the_same(earlier, digest)
    try:
        with transaction.atomic():
            answered = act()
            if answered:
                _mine(person, key).update(request=digest, status=answered[0], answer=answered[1])
    except BaseException:
        _mine(person, key).delete()
        raise
    if answered is None:
        _mine(person, key).delete()
    return answered


def submission_key(person: Person, key: str) -> uuid.UUID:
    """The id of the submission that a key makes: the key itself where it is a UUID, else made of it and the person."""
    try:
        return uuid.UUID(key)
    except ValueError:
        return uuid.uuid5(person.pk, hashlib.sha256(key.encode()).hexdigest())


def _claim(person: Person, key: str) -> UsedKey | None:
    """Claim the key, or return what it was used for."""
    now = timezone.now()
    _mine(person, key).filter(status=None, taken_at__lte=now - ABANDONED).delete()
    found, is_new = UsedKey.objects.get_or_create(person=person, key=key)
    if is_new:
        return None
    if found.status is None:
        raise KeyInUseError
    return found


def _the_same(earlier: UsedKey, digest: str) -> Answered:
    if not constant_time_compare(earlier.request, digest):
        raise OtherRequestError
    return earlier.status, earlier.answer


def _mine(person: Person, key: str):
    return UsedKey.objects.filter(person=person, key=key)


def _digest(request: bytes) -> str:
    """Keyed, so that nobody finds a post by trying texts."""
    return salted_hmac("integrations.once", request, algorithm="sha256").hexdigest()
