"""Asking for a forecast."""

import secrets
from functools import partial

from django.db import transaction
from django.utils import timezone

from organization.models import Person

from . import tasks
from .forecasting import LOST_AFTER, Asked
from .models import Forecast

SEEDS = 2**31 - 10_000


@transaction.atomic
def ask_for_forecast(asked: Asked, *, actor: Person) -> Forecast:
    """Have it made by a task; where this person has just asked for the same, that one."""
    Person.objects.select_for_update().get(pk=actor.pk)
    under_way = Forecast.objects.filter(
        asked=asked.as_data(),
        asked_by=actor,
        finished_at=None,
        asked_at__gt=timezone.now() - LOST_AFTER,
    ).first()
    if under_way:
        return under_way
    forecast = Forecast.objects.create(
        asked=asked.as_data(), seed=secrets.randbelow(SEEDS), asked_by=actor
    )
    transaction.on_commit(partial(tasks.run_forecast.enqueue, str(forecast.pk)))
    return forecast
