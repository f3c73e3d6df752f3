"""What one compiled edition takes in memory, each measured in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from clause_library.checks import Post

from .editions import phrase_edition, shipped_edition
from .posts import calm_posts, telling_posts
from .timing import Row

PART = "memory"
MOST = 100  # MB
EDITIONS = {
    "500 clauses, 5,000 phrases": phrase_edition,
    "the shipped library": shipped_edition,
}
SCREENED = 500  # posts, so that what RE2 remembers of them is counted too
ROOT = Path(__file__).resolve().parent.parent


def measure(*, quick: bool = False) -> Iterator[Row]:
    posts = 5 if quick else SCREENED
    for name in EDITIONS:
        command = [sys.executable, "-m", __spec__.name, name, str(posts)]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        compiled, used = map(float, done.stdout.split())
        yield Row(
            PART,
            f"{name}: compiled, and after {posts} posts",
            f"{compiled:.0f} MB, {used:.0f} MB",
            f"under {MOST} MB",
            used < MOST,
        )


def resident() -> float:
    """MB of this process that are in memory (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def added_by(name: str, posts: int) -> tuple[float, float]:
    """MB that an edition adds when it is compiled, and after it has screened posts."""
    before = resident()
    screener = EDITIONS[name]()
    compiled = resident() - before
    for text in calm_posts(posts) + telling_posts(posts):
        screener.screen(Post(text))
    return compiled, resident() - before


if __name__ == "__main__":
    print(*added_by(sys.argv[1], int(sys.argv[2])))
