"""The page of numbers with 100,000 finished posts in its period, made by bulk insert in a process of their own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .posts import SEED
from .timing import Row, shown

PART = "numbers"
POSTS = 100_000
DAYS = 28
MOST = 1.0  # seconds
ROUNDS = 5
ROOT = Path(__file__).resolve().parent.parent
UNITS = 6


def measure(*, quick: bool = False) -> Iterator[Row]:
    few, many = (_measured(count) for count in ((20, 40) if quick else (100, POSTS)))
    yield Row(
        PART,
        f"/numbers/ with {many['posts']:,} finished posts in its period: fastest of {ROUNDS}",
        shown(many["seconds"]),
        f"under {shown(MOST)}",
        many["seconds"] < MOST,
    )
    yield Row(
        PART,
        f"queries of the page with {few['posts']:,} and with {many['posts']:,}",
        f"{few['queries']} and {many['queries']}",
        "the same",
        few["queries"] == many["queries"],
    )
    yield Row(PART, "the usual wait, as an author sees it while typing", shown(many["usual"]))


def _measured(posts: int) -> dict:
    with tempfile.TemporaryDirectory(prefix="countersign-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", __spec__.name, str(posts)],
            cwd=ROOT,
            env=os.environ
            | {"COUNTERSIGN_DATA": folder, "DJANGO_SETTINGS_MODULE": "config.settings"},
            check=True,
            capture_output=True,
            text=True,
        )
    return json.loads(done.stdout.splitlines()[-1])


def _run(posts: int) -> dict:
    import django  # noqa: PLC0415  its settings are this process's own

    django.setup()
    from bench import finished_posts  # noqa: PLC0415  needs Django

    return finished_posts.measured(posts, days=DAYS, rounds=ROUNDS, units=UNITS, seed=SEED)


if __name__ == "__main__":
    print(json.dumps(_run(int(sys.argv[1]))))
