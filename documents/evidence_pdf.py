"""A PDF that carries its own evidence, and how the evidence gets in after the page is drawn.

The page must exist before its digest can be recorded, and the proof exists only after it is. So the base
has a placeholder attachment, and one incremental update, a pure function of the base and the JSON, puts the
evidence in its place. The base stays a prefix: its digest can be checked for ever.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from .errors import DamagedFileError
from .render import Attachment, render

EVIDENCE = "evidence.json"
PLACEHOLDER = (
    b'{"note":"This file is only the base. The evidence is in the update that follows it."}'
)
_TRAILER = re.compile(
    rb"trailer\n<<(?P<entries>.*)>>\nstartxref\n(?P<prev>\d+)\n%%EOF\n?\Z", re.DOTALL
)
_ID = re.compile(rb"/ID \[\(([0-9a-f]{32})\) \(([0-9a-f]{32})\)\]")
_PLACE = re.compile(rb"/UF \(evidence\.json\)/EF <</F (\d+) 0 R>>")


@dataclass(frozen=True)
class Base:
    """A PDF that waits for its evidence, and the ``document`` block that describes it."""

    pdf: bytes
    document: dict


def base_pdf(
    html: str, *, looks: Sequence[str], at: datetime, attachments: Sequence[Attachment] = ()
) -> Base:
    """Draw the page, tagged, as PDF/A-3a with a placeholder for the evidence and the other files."""
    placeholder = Attachment(
        EVIDENCE, PLACEHOLDER, "Data", "The record and its proof, for ledger/verify.py", at
    )
    files = [placeholder, *attachments]
    pdf = render(html, looks=looks, claim="archive", attachments=files)
    return Base(pdf, describe(pdf))


def describe(pdf: bytes) -> dict:
    """Length, digest and the numbers that the update needs, read from the base itself."""
    trailer = _TRAILER.search(pdf, pdf.rfind(b"trailer\n"))
    place = _PLACE.search(pdf)
    if not trailer or not place:
        raise DamagedFileError("This PDF is not a base: it has no place for the evidence.")
    entries = trailer["entries"]
    info = re.search(rb"/Info (\d+) 0 R", entries)
    return {
        "length": len(pdf),
        "sha256": sha256(pdf).hexdigest(),
        "object": int(place[1]),
        "size": int(re.search(rb"/Size (\d+)", entries)[1]),
        "root": int(re.search(rb"/Root (\d+) 0 R", entries)[1]),
        "info": int(info[1]) if info else None,
        "prev": int(trailer["prev"]),
        "id": [part.hex() for part in _ID.search(entries).groups()],
    }


def with_evidence(base: bytes, document: dict, evidence: bytes) -> bytes:
    """The base, unchanged, and behind it the one update that holds the evidence."""
    if len(base) != document["length"] or sha256(base).hexdigest() != document["sha256"]:
        raise DamagedFileError(f"The base is not the one recorded as {document['sha256']}.")
    return base + update(document, evidence)


def update(document: dict, evidence: bytes) -> bytes:
    """The bytes after the base. The verifier builds them again and compares every one."""
    size = len(evidence)
    head = (
        f"\n{document['object']} 0 obj\n<< /Type /EmbeddedFile /Subtype /application#2Fjson"
        f" /Params << /Size {size} >> /Length {size} >>\nstream\n"
    ).encode()
    body = head + evidence + b"\nendstream\nendobj\n"
    info = "" if document["info"] is None else f"/Info {document['info']} 0 R "
    first, second = document["id"]
    tail = (
        f"xref\n{document['object']} 1\n{document['length'] + 1:010d} 00000 n \n"
        f"trailer\n<< /Size {document['size']} /Root {document['root']} 0 R {info}"
        f"/ID [<{first}> <{second}>] /Prev {document['prev']} >>\n"
        f"startxref\n{document['length'] + len(body)}\n%%EOF\n"
    )
    return body + tail.encode()
