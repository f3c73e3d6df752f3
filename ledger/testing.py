"""For tests only: make way for the database flush that follows a transactional test."""

from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

from . import guards


def in_tests(connection: BaseDatabaseWrapper) -> bool:
    """Whether a test runner made this environment, and this very database."""
    name = str(connection.settings_dict["NAME"])
    return hasattr(mail, "outbox") and ("test" in name or "memory" in name)


def lift_guards(connection: BaseDatabaseWrapper) -> None:
    """Drop every guard, so that guarded tables can be emptied; refuses outside tests."""
    if not in_tests(connection):
        raise ImproperlyConfigured("The ledger is never emptied outside tests.")
    guards.remove(connection)
