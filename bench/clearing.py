"""How many posts are cleared in a second, beside Wagtail's workflow on the same kind of database, in turns."""

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from .timing import Row, shown

PART = "clearing"
ROOT = Path(__file__).resolve().parent.parent
WAGTAIL = ROOT / "var" / "bench-wagtail"  # an environment of its own, made when it is missing
REQUIREMENTS = Path(__file__).with_name("wagtail_site") / "requirements.txt"
ROUNDS, POSTS = 3, 60
AHEAD = 10


def measure(*, quick: bool = False) -> Iterator[Row]:
    rounds, posts = (1, 3) if quick else (ROUNDS, POSTS)
    wagtail = _wagtail()
    ours, theirs = [], []
    for _ in range(rounds):  # in turns, so that a busy moment slows both
        ours.append(_told(sys.executable, "bench.clear_here", posts))
        theirs.append(_told(wagtail, "bench.wagtail_site.run", posts))
    for name, told in (("ours: screened, decided, record queued", ours), ("Wagtail 8.0", theirs)):
        yield Row(PART, f"{name}: posts a second", f"{posts / _typical(told, 'clock'):.3g}")
        processor = shown(_typical(told, "processor") / posts)
        queries = f"{told[0]['queries']} queries"
        yield Row(PART, f"{name}: processor time of a post", f"{processor}, {queries}")
    for what, key in (("posts a second", "clock"), ("processor time", "processor")):
        ahead = _typical(theirs, key) / _typical(ours, key)
        bar = f"{AHEAD} times" if key == "clock" else ""
        holds = ahead >= AHEAD if bar else None
        yield Row(PART, f"ahead of Wagtail in {what}", f"{ahead:.2g} times", bar, holds)


def _typical(told: list[dict], key: str) -> float:
    return median(one[key] for one in told)


def _told(python: str | Path, module: str, posts: int) -> dict:
    with tempfile.TemporaryDirectory(prefix="countersign-bench.") as folder:
        environment = os.environ | {"COUNTERSIGN_DATA": folder, "BENCH_FOLDER": folder}
        command = [str(python), "-m", module, str(posts)]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
    told = json.loads(done.stdout.splitlines()[-1])
    if told["cleared"] != posts:
        raise RuntimeError(f"{module} cleared {told['cleared']} of {posts} posts")
    return told


def _wagtail() -> Path:
    """Wagtail's own Python; installed once, which needs the network."""
    python = WAGTAIL / "bin" / "python"
    if not python.exists():
        venv.create(WAGTAIL, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "-r", str(REQUIREMENTS)]
        subprocess.run(command, check=True)
    return python
