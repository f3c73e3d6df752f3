"""The live answer while a post is typed: a real server, an author signed in, 20 texts a second for half a minute."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

from .posts import SEED, calm_posts, mixed, telling_posts
from .server import Answer, Browser, author_of, running
from .timing import Row, Times, shown

PART = "endpoint"
PATH = "/posts/screen/"
RATE = 20  # texts a second
SECONDS = 30
MOST = 0.05  # seconds within which 95 of 100 are answered
AT_ONCE = 16  # requests in flight at most


def measure(*, quick: bool = False) -> Iterator[Row]:
    texts = typed(20 if quick else RATE * SECONDS)
    with running() as server:
        author = author_of(server)
        form = author.form_of_a_post()
        for text in texts[: 2 * RATE]:  # each process compiles the edition once
            _send(author, form, text)
        server.wait_until_idle()
        before = server.processor_seconds()
        taken, failed = at_a_steady_rate(author, form, texts)
        used = (server.processor_seconds() - before) / len(texts)
    times = Times(tuple(sorted(taken)))
    yield Row(
        PART,
        f"{len(texts)} texts at {RATE} a second: median, 95 %, 99 %, longest",
        ", ".join(map(shown, (times.median, times.at(0.95), times.at(0.99), times.longest))),
        f"95 % under {shown(MOST)}",
        times.at(0.95) < MOST,
    )
    yield Row(PART, "processor time of the server for a text", shown(used))
    yield Row(PART, "answers that were none", str(failed), "0", failed == 0)


def typed(count: int) -> list[str]:
    """Posts as far as they are typed at a pause."""
    random = Random(SEED)
    posts = mixed(calm_posts(count), telling_posts(count))
    return [post[: random.randint(20, len(post))] for post in posts[:count]]


def at_a_steady_rate(
    author: Browser, form: list[tuple[str, str]], texts: list[str]
) -> tuple[list[float], int]:
    """Seconds from the moment each was due, and how many went wrong; a slow answer delays no other."""
    begins = time.perf_counter() + 0.1

    def send(number: int) -> tuple[float, bool]:
        due = begins + number / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        answer = _send(author, form, texts[number])
        return time.perf_counter() - due, _is_answer(answer)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = list(pool.map(send, range(len(texts))))
    return [seconds for seconds, _ in sent], sum(not went_well for _, went_well in sent)


def _send(author: Browser, form: list[tuple[str, str]], text: str) -> Answer:
    return author.post(PATH, [*form, ("text", text)])


def _is_answer(answer: Answer) -> bool:
    return answer.status == 200 and ("verdict" in answer.body or "notice" in answer.body)
