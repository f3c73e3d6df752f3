"""A file in, the same file stripped and known out; read by a process of its own that is killed at its limits."""

import logging
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from ..errors import RefusedFileError
from ..frames import receive, send
from .cleaned import Cleaned
from .kinds import Kind, kind_of
from .limits import WALL_SECONDS

TOP = Path(__file__).resolve().parent.parent.parent
TOO_MUCH = (
    "This {name} takes too much work to read, so we stopped. Save it in a simpler or smaller form."
)
UNREADABLE = "We could not read this {name}. Save it again and send that."
logger = logging.getLogger(__name__)


def clean(data: bytes) -> Cleaned:
    """What is kept of a file that somebody hands in; the same bytes in give the same bytes out.

    RefusedFileError says, in words for who sent it, why it is not taken.
    """
    kind = kind_of(data)
    order = BytesIO()
    send(order, {"format": kind.format}, data)
    try:
        done = subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-m", f"documents.media.{kind.family}"],
            cwd=TOP,
            env=_environment(),
            input=order.getvalue(),
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedFileError(TOO_MUCH.format(name=kind.name)) from error
    return _answer(kind, done)


def _answer(kind: Kind, done: subprocess.CompletedProcess) -> Cleaned:
    try:
        facts, parts = receive(BytesIO(done.stdout))
    except EOFError:
        if done.returncode < 0:  # killed: its time or its memory was up
            raise RefusedFileError(TOO_MUCH.format(name=kind.name)) from None
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        logger.warning("A %s could not be read: %s", kind.name, " ".join(last)[:300])
        raise RefusedFileError(UNREADABLE.format(name=kind.name)) from None
    if "refused" in facts:
        raise RefusedFileError(facts["refused"])
    if "too_much" in facts:
        raise RefusedFileError(TOO_MUCH.format(name=kind.name))
    data, thumbnail, *previews = parts
    removed = tuple(facts.pop("removed"))
    return Cleaned(
        data=data, thumbnail=thumbnail, previews=tuple(previews), removed=removed, **facts
    )


def _environment() -> dict[str, str]:
    """As little as possible: whoever reads strangers' files holds no secret."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
