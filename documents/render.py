"""HTML in, PDF bytes out, made by a process of its own that can be killed."""

import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock, Timer
from typing import Literal

from django.conf import settings

from .errors import DocumentTooLarge, RenderError
from .frames import receive, send

TOP = Path(__file__).resolve().parent.parent
MAX_HTML = 1_000_000
CPU_SECONDS = 20
WALL_SECONDS = 60
START_SECONDS = 60
DOCUMENTS_EACH = 200
TOO_LARGE = (
    "The document is too large or too complex to print: {what}. "
    "Split it, or take out large tables and deep nesting. Nothing was lost."
)


@dataclass(frozen=True)
class Attachment:
    """A file inside a PDF. ``relationship`` as PDF/A-3 names it: Data, Source, Supplement."""

    name: str
    data: bytes
    relationship: Literal["Data", "Source", "Supplement"]
    description: str
    at: datetime


class Child:
    """One renderer process. Its start imports WeasyPrint (one to three seconds), so it is kept."""

    def __init__(self) -> None:
        self.made = 0
        self.busy = False
        self.process = subprocess.Popen(
            [sys.executable, "-m", "documents.child"],
            cwd=TOP,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        answer, _ = self._wait(START_SECONDS)
        if "error" in answer:
            self.stop()
            raise RenderError(answer["error"])

    def pdf(self, order: dict, parts: Sequence[bytes]) -> bytes:
        """One document from this process, which is spent when its answer was not read to the end."""
        self.made += 1
        self.busy = True
        try:
            send(self.process.stdin, order, *parts)
        except BrokenPipeError:
            raise self._reason(late=False) from None
        answer, made = self._wait(WALL_SECONDS)
        self.busy = False
        if "too_large" in answer:
            self.stop()
            raise DocumentTooLarge(TOO_LARGE.format(what="it needs more than 512 MB of memory"))
        if "error" in answer:
            raise RenderError(answer["error"])
        return made[0]

    @property
    def spent(self) -> bool:
        """Whether the next document needs a fresh process."""
        return self.busy or self.made >= DOCUMENTS_EACH or self.process.poll() is not None

    def stop(self) -> None:
        """End the process and close its pipes."""
        self.process.kill()
        self.process.communicate()

    def _wait(self, seconds: int) -> tuple[dict, list[bytes]]:
        late = []
        timer = Timer(seconds, lambda: (late.append(True), self.process.kill()))
        timer.daemon = True
        timer.start()
        try:
            return receive(self.process.stdout)
        except EOFError:
            raise self._reason(late=bool(late)) from None
        finally:
            timer.cancel()

    def _reason(self, *, late: bool) -> RenderError:
        """Why the process ended without an answer."""
        _, last_words = self.process.communicate()
        code = self.process.returncode
        if late:
            return DocumentTooLarge(TOO_LARGE.format(what=f"not done after {WALL_SECONDS} seconds"))
        if code == -signal.SIGXCPU:
            return DocumentTooLarge(
                TOO_LARGE.format(what=f"it needs more than {CPU_SECONDS} seconds of work")
            )
        if code in {-signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT}:
            return DocumentTooLarge(TOO_LARGE.format(what="the renderer was stopped by the system"))
        said = last_words.decode(errors="replace").strip().splitlines() or [f"exit code {code}"]
        return RenderError(f"The renderer stopped: {said[-1]}{_remedy(said[-1])}")


def _remedy(last_words: str) -> str:
    if "cannot load library" in last_words:
        return " Install Pango: on Debian `apt-get install libpango-1.0-0 libpangoft2-1.0-0`."
    return ""


def _environment() -> dict[str, str]:
    """As little as possible: a renderer holds no secret and sees only our fonts."""
    fonts = Path(__file__).resolve().parent / "fonts" / "fonts.conf"
    kept = {
        name: os.environ[name]
        for name in ("PATH", "DYLD_FALLBACK_LIBRARY_PATH")
        if name in os.environ
    }
    return kept | {
        "FONTCONFIG_FILE": str(fonts),
        "XDG_CACHE_HOME": str(settings.COUNTERSIGN_DATA / "cache"),
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


# By process, since a child that was inherited over a fork belongs to the parent.
_children: dict[int, Child] = {}
_turn = Lock()


def render(
    html: str,
    *,
    looks: Sequence[str],
    claim: Literal["accessible", "archive"] = "accessible",
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """The PDF of a page that has a title and a language; the same input gives the same bytes.

    ``looks`` names style sheets of templates/documents/. ``accessible`` claims PDF/UA-1; ``archive``
    PDF/A-3a and PDF/UA-1, and may hold attachments. RenderError says what to do about it.
    """
    order = {
        "seconds": CPU_SECONDS,
        "looks": list(looks),
        "claim": claim,
        "attachments": [
            {
                "name": file.name,
                "relationship": file.relationship,
                "description": file.description,
                "at": file.at.isoformat(),
            }
            for file in attachments
        ],
    }
    source = _encoded(html)
    with _turn:
        return _child().pdf(order, [source, *(file.data for file in attachments)])


def _encoded(html: str) -> bytes:
    try:
        source = html.encode()
    except UnicodeEncodeError as error:
        message = "The document holds half a character (a lone surrogate). Take it out of the text."
        raise RenderError(message) from error
    if len(source) > MAX_HTML:
        what = f"its source is {len(source):,} bytes, and {MAX_HTML:,} is the limit"
        raise DocumentTooLarge(TOO_LARGE.format(what=what))
    return source


def _child() -> Child:
    mine = os.getpid()
    child = _children.get(mine)
    if child is None or child.spent:
        if child:
            child.stop()
        child = _children[mine] = Child()
    return child


@atexit.register
def stop() -> None:
    """End this process's renderer; the next document starts another."""
    child = _children.pop(os.getpid(), None)
    if child:
        child.stop()
