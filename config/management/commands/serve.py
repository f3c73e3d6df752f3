"""Bring Countersign up: keys, tables, assets; then web server, library, worker, clock and demo."""

import hashlib
import http.client
import os
import socket
import sys
import time
from functools import partial
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import readiness, web
from config.supervision import Child, Supervisor, say, stop_on_signals
from ledger import keys
from organization import roles, setup_link
from organization.models import Company

PATIENCE = 60  # seconds for the web server's first answer
LOGINS = "demo_logins.txt"


class Command(BaseCommand):
    help = "Run Countersign: web server, worker and clock, until told to stop."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="make no demonstration company")

    def handle(self, *, empty: bool, **_: object) -> None:
        os.umask(0o077)
        stop_on_signals()
        supervisor = Supervisor()
        try:
            bring_up(supervisor, with_demo=not empty and is_demonstration())
            supervisor.watch()
        except KeyboardInterrupt:
            say("Countersign stops.")
        finally:
            supervisor.stop()


def is_demonstration() -> bool:
    """Only on loopback with nothing set: nobody gets a demonstration company into real data."""
    return not (settings.COUNTERSIGN_PRODUCTION or os.environ.get("DATABASE_URL"))


def bring_up(supervisor: Supervisor, *, with_demo: bool) -> None:
    refuse_taken_port()
    prepare()
    wait_until_healthy(supervisor.start("web", web.run))
    if not supervisor.finish("library", partial(call_command, "load_library", stdout=StringIO())):
        say("The library was not loaded; the reason stands above.")
    for _ in range(settings.COUNTERSIGN_TASK_PROCESSES):
        supervisor.start("worker", work)
    supervisor.start("clock", partial(call_command, "clock"))
    if with_demo:
        make_demonstration(supervisor)
    print_the_way_in()


def work() -> None:
    options = {"queue_name": "*", "startup_delay": False, "interval": 0.2, "reload": False}
    call_command("db_worker", verbosity=0, **options)


def refuse_taken_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((web.host(), settings.COUNTERSIGN_PORT))
        except OSError as error:
            raise CommandError(
                f"Port {settings.COUNTERSIGN_PORT} is taken ({error.strerror}). Stop what uses it, "
                f"or start with another: PORT={settings.COUNTERSIGN_PORT + 1} bin/serve"
            ) from error


def prepare() -> None:
    """What must be there before the first page: keys, tables, roles, assets."""
    keys.ensure_key()
    if readiness.pending_migrations():
        say("Preparing the database.")
        call_command("migrate", verbosity=0, interactive=False)
    roles.sync()
    collect_assets()


def collect_assets() -> None:
    """Copy and compress our css, js and images, unless they are the same as last time."""
    stamp = settings.COUNTERSIGN_DATA / "static.stamp"
    digest = digest_of_assets()
    if stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest)


def digest_of_assets() -> str:
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            about = Path(storage.path(name)).stat()
            found.update(f"{name}\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    return found.hexdigest()


def wait_until_healthy(child: Child) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not child.is_running():
            raise CommandError("The web server did not start. Its words stand above.")
        if is_healthy():
            return
        time.sleep(0.05)
    raise CommandError(f"The web server did not answer within {PATIENCE} s.")


def is_healthy() -> bool:
    """Ask as a load balancer would, under a name that we answer to."""
    name = settings.ALLOWED_HOSTS[0].removeprefix(".").replace("*", "localhost")
    connection = http.client.HTTPConnection("127.0.0.1", settings.COUNTERSIGN_PORT, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": name})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def make_demonstration(supervisor: Supervisor) -> None:
    """Once. Its logins are kept; an empty file says that it did not come to its end."""
    logins = settings.COUNTERSIGN_DATA / LOGINS
    if logins.exists() and logins.read_text():
        return
    if not logins.exists() and Company.objects.exists():
        return
    logins.touch(mode=0o600)
    say(
        f"Countersign answers at {settings.COUNTERSIGN_URL}/ already. "
        "Making the demonstration company takes a minute more, once."
    )
    if not supervisor.finish("demo", partial(write_demonstration, logins)):
        say("The demonstration company was not finished; the next start tries again.")


def write_demonstration(logins: Path) -> None:
    """Its logins appear in the file whole or not at all."""
    draft = logins.with_suffix(".draft")
    with draft.open("w") as file:
        call_command("demo", stdout=file)
    draft.replace(logins)


def print_the_way_in() -> None:
    logins = settings.COUNTERSIGN_DATA / LOGINS
    lines = [f"Countersign is ready: {settings.COUNTERSIGN_URL}/"]
    if logins.exists() and logins.read_text():
        lines += ["", logins.read_text().rstrip(), "", f"These logins stand in {logins}."]
    elif not setup_link.has_administrator():
        link = f"{settings.COUNTERSIGN_URL}/setup/{setup_link.make_token()}/"
        lines += ["", "Make the first administrator within 24 hours, at this address:", f"  {link}"]
    if settings.COUNTERSIGN_PRODUCTION and "COUNTERSIGN_URL" not in os.environ:
        lines += ["", "Set COUNTERSIGN_URL to the address that people use; mails carry it."]
    lines += ["", f"All data lies in {settings.COUNTERSIGN_DATA}. Stop with Ctrl+C."]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
