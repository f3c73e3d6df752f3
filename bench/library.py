"""The shipped library on posts of 280 characters: what an author waits for at each pause in typing."""

from collections.abc import Iterator

from clause_library.checks import Post

from .editions import shipped_edition
from .posts import calm_posts, mixed, telling_posts
from .timing import Row, shown, times_of

PART = "library"
MOST = 0.002  # seconds, median


def measure(*, quick: bool = False) -> Iterator[Row]:
    count, rounds = (10, 1) if quick else (600, 5)
    screener = shipped_edition()
    calm, telling = calm_posts(count), telling_posts(count)
    posts = mixed(calm, telling)

    def screen(text: str) -> None:
        screener.screen(Post(text, "linkedin", rivals=("Globex",)))

    for what, these in (
        ("calm posts", calm),
        ("posts with findings", telling),
        ("half of each", posts),
    ):
        times = times_of(screen, these, rounds)
        is_bar = these is posts
        yield Row(
            PART,
            f"a post, {what}: median, 95 %, longest",
            ", ".join(map(shown, (times.median, times.at(0.95), times.longest))),
            f"median under {shown(MOST)}" if is_bar else "",
            times.median < MOST if is_bar else None,
        )
