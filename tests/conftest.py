"""The cast, and what every test stands on.

Ada writes posts, Rex reviews them; Petra too, a registered principal. Lea drafts the policy, Quinn
approves it. Max manages Ada's team, Rita keeps the records, Amin administers. Zoe works in another
unit and may see nothing of theirs. All work for Acme, a general employer in the United States.

Each test has a data folder of its own with a signing key in it. Tasks wait in the database until
`run_tasks` runs them. `live` is a real server with its worker and clock, `new_page` a real
browser before it.
"""

import hypothesis
import pytest
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from ledger import keys
from organization.models import Company, Person, Unit
from organization.roles import Role
from tests.browsing import browser, new_page  # noqa: F401  fixtures
from tests.living import live  # noqa: F401  a fixture

# Timing never decides a test: machines are busy.
hypothesis.settings.register_profile("ours", deadline=None)
hypothesis.settings.load_profile("ours")


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    """A data folder of this test's own, with a signing key in it."""
    settings.COUNTERSIGN_DATA = tmp_path / "var"
    files = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "var/files")}}
    settings.STORAGES = {**settings.STORAGES, "default": files}
    keys.ensure_key()
    return settings.COUNTERSIGN_DATA


@pytest.fixture
def company(db):
    return Company.objects.create(
        pk=1, name="Acme", brands=["RoadRunner"], rivals=["Initech"], set_up_at=timezone.now()
    )


@pytest.fixture
def unit(company):
    """Where all but Zoe work."""
    return Unit.objects.create(name="Marketing", time_zone="America/New_York")


@pytest.fixture
def other_unit(company):
    """Where Zoe works."""
    return Unit.objects.create(name="Research", country="gb", time_zone="Europe/London")


def hire(name: str, unit: Unit, *roles: Role, **extra: object) -> Person:
    """Add a person whose address is name@acme.example."""
    person = Person.objects.create_user(f"{name.lower()}@acme.example", name, unit, **extra)
    person.give(*roles)
    return person


@pytest.fixture(name="max")
def max_(unit):
    return hire("Max", unit, Role.MANAGER, job_title="Head of marketing")


@pytest.fixture
def ada(unit, max):  # noqa: A002  his name
    return hire("Ada", unit, manager=max, job_title="Engineer")


@pytest.fixture
def rex(unit):
    return hire("Rex", unit, Role.REVIEWER, job_title="Communications lead")


@pytest.fixture
def lea(unit):
    return hire("Lea", unit, Role.DRAFTER, job_title="Counsel")


@pytest.fixture
def quinn(unit):
    return hire("Quinn", unit, Role.APPROVER, job_title="General counsel")


@pytest.fixture
def rita(unit):
    return hire("Rita", unit, Role.RECORDS_OFFICER, job_title="Records officer")


@pytest.fixture
def amin(unit):
    return hire("Amin", unit, Role.ADMINISTRATOR, job_title="IT")


@pytest.fixture
def petra(unit):
    """A second reviewer, and a registered principal."""
    principal = "FINRA registered principal (Series 24)"
    return hire("Petra", unit, Role.REVIEWER, job_title="Principal", registration=principal)


@pytest.fixture
def zoe(other_unit):
    return hire("Zoe", other_unit, job_title="Chemist")


@pytest.fixture
def run_tasks(db):
    """Run what waits in the queue, with what it queues in turn, until nothing is left.

    A task that fails fails the test, unless it may.
    """
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )

    def run(*, may_fail: bool = False) -> None:
        while result := DBTaskResult.objects.ready().first():
            result.claim(worker.worker_id)
            worker.run_task(result)
            assert may_fail or not result.traceback, result.traceback

    return run
