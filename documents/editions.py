"""An edition as people read it: one page for a browser and one PDF, from the frozen snapshot alone."""

import base64
import re
from hashlib import sha256

from .pages import digest, page
from .render import render

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def edition_html(snapshot: dict) -> str:
    """The edition as one file that needs nothing else: its style sheet is inside, and no script."""
    return page("edition_page.html", **snapshot, digest=digest(snapshot))


def edition_pdf(snapshot: dict) -> bytes:
    """The edition as a tagged PDF; on Letter in the United States, on A4 elsewhere."""
    html = page("edition.html", **snapshot, digest=digest(snapshot))
    return render(html, looks=["print", "edition", paper(snapshot["policy"]["jurisdiction"])])


def paper(jurisdiction: str) -> str:
    """The sheet that the place's printers hold."""
    return "letter" if jurisdiction.startswith("us") else "a4"


def style_source(html: str) -> str:
    """What a Content-Security-Policy must name for the page's own style sheet: ``'sha256-…'``."""
    style = _STYLE.search(html)[1]
    return f"'sha256-{base64.b64encode(sha256(style.encode()).digest()).decode()}'"
