"""The one-time link that makes the first administrator: signed, good for a day, used once."""

from django.core import signing

from .models import Person
from .roles import Role

SALT = "organization.setup_link"
A_DAY = 60 * 60 * 24


def make_token() -> str:
    return signing.dumps("first administrator", salt=SALT)


def check_token(token: str) -> bool:
    """Whether this token may still make the first administrator."""
    try:
        signing.loads(token, salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        return False
    return not has_administrator()


def has_administrator() -> bool:
    return Person.objects.holding(Role.ADMINISTRATOR).exists()
