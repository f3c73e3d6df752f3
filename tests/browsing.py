"""A real browser for tests: Debian's Chromium, kept away from every network but our own."""

import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PHONE, LAPTOP = (360, 740), (1280, 800)
expect.set_options(timeout=60_000)  # milliseconds: a busy machine changes no result


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Playwright keeps an event loop in this thread, which is no reason to keep us off the ORM."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), headless=True, args=QUIET
        )
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page as a visitor of its own, with no cookies. Script errors and refusals of the
    Content-Security-Policy fail the test."""
    contexts, problems = [], []

    def open_page(size: tuple[int, int] = LAPTOP, **options: object) -> Page:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.route("**/*", _stay_here)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.extend(_refusals(message.text)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def _stay_here(route: Route) -> None:
    if urlsplit(route.request.url).hostname in {"127.0.0.1", None}:
        route.continue_()
    else:
        route.abort()


def _refusals(words: str) -> list[str]:
    return [words] if "Content Security Policy" in words else []
