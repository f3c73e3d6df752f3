"""The life of a process that reads one file: a message in, walls up, a message out. What nobody foresaw ends it."""

import sys
from collections.abc import Callable

from ..errors import RefusedFileError
from ..frames import receive, send
from ..walls import limit_processor, settle_in
from .cleaned import Cleaned
from .limits import MEMORY, SECONDS


def serve(family: str, clean: Callable[[bytes, str], Cleaned]) -> None:
    """Clean the file that is handed in and hand it back, or say why not."""
    order, (data,) = receive(sys.stdin.buffer)
    settle_in(MEMORY[family])
    limit_processor(SECONDS[family])
    answers = sys.stdout.buffer
    try:
        cleaned = clean(data, order["format"])
    except RefusedFileError as refusal:
        send(answers, {"refused": refusal.says})
    except MemoryError:
        send(answers, {"too_much": "memory"})
    else:
        send(answers, cleaned.facts(), cleaned.data, cleaned.thumbnail, *cleaned.previews)
