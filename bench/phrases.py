"""5,000 phrases in 500 clauses: ours beside a loop over ``re`` and beside proselint, on the same posts in one run."""

from collections.abc import Iterator

from clause_library.checks import Post

from .editions import CLAUSES, phrase_edition
from .posts import calm_posts, mixed, phrases, posts_with
from .rivals import RIVALS
from .timing import Row, Times, rate_of, shown, times_of

PART = "phrases"
MOST = 0.002  # seconds, median, of one post
RATE = 10_000  # posts a second and core
WITH_HITS = 0.25


def measure(*, quick: bool = False) -> Iterator[Row]:
    clauses, count, few, rounds = (20, 20, 4, 1) if quick else (CLAUSES, 2000, 100, 5)
    said = phrases()[: clauses * 10]
    screener = phrase_edition(clauses)
    calm, telling = calm_posts(count), posts_with(said, count)
    posts = mixed(calm, telling, WITH_HITS)

    def ours(text: str) -> set[str]:
        found = screener.screen(Post(text)).findings
        return {text[one.start : one.end].lower() for one in found}

    times = times_of(ours, posts, rounds)
    yield Row(
        PART,
        f"a post, {clauses} clauses, {len(said):,} phrases: median",
        f"{shown(times.median)} (95 %: {shown(times.at(0.95))})",
        f"under {shown(MOST)}",
        times.median < MOST,
    )
    for what, these in (("calm posts", calm), ("posts with hits", telling)):
        yield Row(PART, f"posts a second and core, {what}", f"{rate_of(ours, these, rounds):,.0f}")
    rate = rate_of(ours, posts, rounds)
    what = "posts a second and core, one in four with hits"
    yield Row(PART, what, f"{rate:,.0f}", f"{RATE:,}", rate >= RATE)
    yield from _beside(times_of(ours, posts[:few], rounds), ours, said, posts[:few])


def _beside(times: Times, ours, said: list[str], posts: list[str]) -> Iterator[Row]:
    """How many times longer each rival takes for the same posts. All must find the same phrases."""
    for name, make in RIVALS.items():
        find = make(said)
        missed = sum(len(find(text) - ours(text)) for text in posts)
        assert not missed, f"{name} finds {missed} phrases that we do not"
        theirs = times_of(find, posts, rounds=2)
        yield Row(
            PART,
            f"{name}: median",
            f"{shown(theirs.median)}, {theirs.median / times.median:,.1f} times ours",
        )
