"""Finished posts by bulk insert, with the guards out of the way, and what the page of numbers takes with them."""

import datetime as dt
import time
import uuid
from random import Random

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from approvals import figures, pace
from approvals.models import Submission, Wait
from ledger import guards
from organization.models import Company, Person, Unit
from organization.roles import Role

LANES = ("green", "green", "green", "amber", "amber", "red")
A_BATCH = 5_000


def measured(posts: int, *, days: int, rounds: int, units: int, seed: int) -> dict:
    """Seconds and queries of the page, and seconds of the usual wait, with so many posts in so many days."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    rita, places = _company(units)
    _insert(posts, places, rita, days, Random(seed))
    client = Client(headers={"host": "localhost"})
    client.force_login(rita)
    path = f"/numbers/?days={days}"
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    page = min(_seconds(client.get, path) for _ in range(rounds))
    usual = min(
        _seconds(figures.usual_wait, places[0], "amber", timezone.now()) for _ in range(rounds)
    )
    return {"posts": posts, "seconds": page, "queries": len(queries), "usual": usual}


def _seconds(call, *args) -> float:
    started = time.perf_counter()
    call(*args)
    return time.perf_counter() - started


def _company(units: int) -> tuple[Person, list[Unit]]:
    Company.objects.create(pk=1, name="Acme", set_up_at=timezone.now())
    places = [Unit.objects.create(name=f"Unit {number}") for number in range(units)]
    rita = Person.objects.create_user("rita@acme.example", "Rita", places[0])
    rita.groups.add(Group.objects.get(name=Role.RECORDS_OFFICER.value))
    return rita, places


def _insert(posts: int, units: list[Unit], author: Person, days: int, random: Random) -> None:
    """Rows of submissions and waits alone: the page reads no other. Foreign keys and guards are off meanwhile."""
    guards.remove(connection)
    with connection.constraint_checks_disabled():
        for first in range(0, posts, A_BATCH):
            numbers = range(first, min(posts, first + A_BATCH))
            made = [_post(number, units, author, days, random) for number in numbers]
            Submission.objects.bulk_create([post for post, _ in made])
            Wait.objects.bulk_create([wait for _, wait in made])
    connection.cursor().execute("ANALYZE")


def _post(number: int, units, author, days, random) -> tuple[Submission, Wait]:
    lane, unit = random.choice(LANES), random.choice(units)
    ended_at = timezone.now() - dt.timedelta(days=random.random() * (days - 1))
    took = dt.timedelta(seconds=1 if lane == "green" else random.lognormvariate(7, 1.5))
    business = pace.kept_seconds(took * random.uniform(0.3, 1))
    wall, began_at = pace.kept_seconds(took), ended_at - took
    passed = lane == "green"
    post = Submission(
        pk=uuid.UUID(int=random.getrandbits(128), version=4),
        author=author,
        unit=unit,
        revision_id=uuid.uuid4(),
        lane=lane,
        submitted_at=began_at,
        decided_at=ended_at,
        entry_id=number,
        state="declined",
    )
    wait = Wait(
        submission=post,
        entry_id=number,
        unit=unit,
        lane=lane,
        since_at=began_at,
        asked_at=began_at,
        began_at=began_at,
        first_touch_at=None if passed else ended_at,
        touches=0 if passed else 1,
        run_touches=0 if passed else random.choice((1, 1, 1, 2)),
        ended_at=ended_at,
        ended_on=ended_at.date(),
        outcome=pace.GREEN_STEP if passed else "clear",
        ended_by=None if passed else author,
        wall=wall,
        business=business,
        touch_wall=None if passed else wall,
        touch_business=None if passed else business,
        answer_wall=None if passed else wall,
        answer_business=None if passed else business,
        cleared_at=ended_at,
        cleared_on=ended_at.date(),
        clear_wall=wall,
        clear_business=business,
    )
    return post, wait
