"""Pages of the organization: coming in, oneself, and what an administrator sees to."""

from .administration import (
    close,
    company,
    deactivate,
    invite,
    invite_again,
    open_again,
    people,
    person,
    set_up_company,
    take_back,
    test_mail,
    unit,
    units,
)
from .coming_in import accept, forgotten, reset, set_up, sign_in, sign_out
from .oneself import away, consent, end_absence, notices, password, preferences
from .watch import end_names, end_quiet_period, quiet_periods, watched

__all__ = [
    "accept",
    "away",
    "close",
    "company",
    "consent",
    "deactivate",
    "end_absence",
    "end_names",
    "end_quiet_period",
    "forgotten",
    "invite",
    "invite_again",
    "notices",
    "open_again",
    "password",
    "people",
    "person",
    "preferences",
    "quiet_periods",
    "reset",
    "set_up",
    "set_up_company",
    "sign_in",
    "sign_out",
    "take_back",
    "test_mail",
    "unit",
    "units",
    "watched",
]
