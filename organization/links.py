"""Links that let somebody choose a password: an invitation, and a forgotten password. Each works once.

Nothing is stored: the token binds the person, the current password and the address, so that it
dies with the first password that is chosen.
"""

import uuid
from datetime import timedelta

from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from .models import Person

SALT = "organization.invitation"
INVITATION_LASTS = timedelta(days=14)


def reset_path(person: Person) -> str:
    token = default_token_generator.make_token(person)
    return reverse("organization:reset", args=[_uid(person), token])


def invitation_path(person: Person) -> str:
    token = signing.TimestampSigner(salt=SALT).sign(_fingerprint(person)).split(":", 1)
    return reverse("organization:accept", args=[_uid(person), "~".join(token)])


def for_reset(uidb64: str, token: str) -> Person | None:
    """Whom this link lets choose a new password; nobody once it has run out or was used."""
    person = _person(uidb64)
    return person if person and default_token_generator.check_token(person, token) else None


def for_invitation(uidb64: str, token: str) -> Person | None:
    """Whom this link lets choose their first password."""
    person = _person(uidb64)
    signer = signing.TimestampSigner(salt=SALT)
    try:
        said = signer.unsign(token.replace("~", ":"), max_age=INVITATION_LASTS)
    except signing.BadSignature:
        return None
    return person if person and constant_time_compare(said, _fingerprint(person)) else None


def _person(uidb64: str) -> Person | None:
    try:
        pk = uuid.UUID(bytes=urlsafe_base64_decode(uidb64))
    except ValueError:
        return None
    return Person.objects.active().filter(pk=pk).first()


def _uid(person: Person) -> str:
    return urlsafe_base64_encode(person.pk.bytes)


def _fingerprint(person: Person) -> str:
    return salted_hmac(SALT, f"{person.pk}{person.password}{person.email}").hexdigest()[:32]
