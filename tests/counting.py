"""How much work something is, in numbers that are the same on every machine."""

import sys
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


class TooMuchWork(BaseException):
    """More calls than allowed; no program of ours catches it."""


def within_calls(limit: int, function: Callable, *args: object) -> object:
    """What the function returns, if it and all that it calls make no more calls than the limit."""
    result, _calls = _counted(function, args, limit)
    return result


def calls_of(function: Callable, *args: object) -> int:
    """How many functions it calls, Python's and C's: not seconds, so a busy machine changes no result."""
    _result, calls = _counted(function, args)
    return calls


def _counted(
    function: Callable, args: tuple[object, ...], limit: int = sys.maxsize
) -> tuple[object, int]:
    calls = 0

    def count(_frame: object, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}
        if calls > limit:
            raise TooMuchWork(f"more than {limit:,} calls")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        return function(*args), calls
    finally:
        sys.setprofile(before)


def queries_of(client: Client, path: str) -> int:
    """Of a page that was seen before, so that caches are warm."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
