"""How much work something is, in numbers that are the same on every machine."""

import sys
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


class TooMuchWork(BaseException):
    """More calls than allowed; no program of ours catches it."""


def within_calls(limit: int, function: Callable, *args: object) -> object:
    """What the function returns, if it and all that it calls make no more calls than the limit.

    Calls are counted, not seconds: a busy machine changes no test's result.
    """
    calls = 0

    def count(_frame: object, event: str, _arg: object) -> None:
        nonlocal calls
        if event in {"call", "c_call"}:
            calls += 1
            if calls > limit:
                raise TooMuchWork(f"more than {limit:,} calls")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        return function(*args)
    finally:
        sys.setprofile(before)


def queries_of(client: Client, path: str) -> int:
    """Of a page that was seen before, so that caches are warm."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
