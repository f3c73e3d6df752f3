"""PDFs: taken apart and written anew without scripts, attachments and notes. Runs in a process of its own."""

from io import BytesIO

import pikepdf
import pypdfium2
from pikepdf.sanitize import Sanitizer
from PIL import Image

from ..errors import RefusedFileError
from .child import serve
from .cleaned import Cleaned
from .kinds import PDF
from .limits import LARGE, LONGEST_WORDS, MOST_PAGES
from .small import large, small

DAMAGED = "This PDF is cut off or damaged. Save it again and send that."
LOCKED = "This PDF asks for a password. Save it without one, so that a reviewer can read it."
POINTS = 1 / 72  # of an inch
# Notes, forms that draw themselves, histories and leftovers, wherever in the file they hang.
LEFT_OUT = (
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/AA",
    "/JS",
    "/XFA",
    "/AF",
    "/EF",
    "/Thumb",
    "/OpenAction",
    "/Requirements",
    "/Perms",
)
ATTACHED = {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"}
# In a JPEG: APP1 (EXIF, XMP), APP13 (IPTC) and comments.
NOTES_IN_JPEG = {b"\xff\xe1", b"\xff\xed", b"\xff\xfe"}
SCAN = b"\xff\xda"  # where the picture itself begins


def clean(data: bytes, _form: str) -> Cleaned:
    """The same pages, and nothing that runs, is attached, or tells who made them."""
    try:
        with pikepdf.open(BytesIO(data)) as document:
            _refuse_unfit(document)
            removed = _told_by(document)
            stripped = _stripped(document)
    except pikepdf.PasswordError as error:
        raise RefusedFileError(LOCKED) from error
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, RefusedFileError):
            raise
        raise RefusedFileError(DAMAGED) from error
    return _shown(stripped, removed)


def _refuse_unfit(document: pikepdf.Pdf) -> None:
    if document.is_encrypted:
        raise RefusedFileError(LOCKED)
    pages = len(document.pages)
    if not 0 < pages <= MOST_PAGES:
        raise RefusedFileError(
            f"This PDF has {pages:,} pages; {MOST_PAGES} is the most. Send the part that goes out."
        )


def _told_by(document: pikepdf.Pdf) -> tuple[str, ...]:
    root, names = document.Root, document.Root.get("/Names", {})
    told = []
    if document.docinfo.keys() or "/Metadata" in root:
        told.append("who made it, when and with what")
    if len(document.attachments):
        told.append("files attached to it")
    if "/JavaScript" in names or "/OpenAction" in root or "/AA" in root:
        told.append("scripts, and what it does when it is opened")
    kinds = {str(one.get("/Subtype", "")) for page in document.pages for one in _notes(page)}
    if kinds & ATTACHED:
        told.append("sound, film or files inside its pages")
    if _jpegs_with_notes(document):
        told.append("what cameras wrote into its pictures")
    return tuple(told)


def _notes(page: pikepdf.Page) -> list[pikepdf.Object]:
    found = page.obj.get("/Annots", [])
    return [one for one in found if isinstance(one, pikepdf.Dictionary)]


def _jpegs_with_notes(document: pikepdf.Pdf) -> list[tuple[pikepdf.Object, bytes]]:
    """Each JPEG inside it that says more than its picture, with the bytes that it should have."""
    found = []
    for one in document.objects:
        if isinstance(one, pikepdf.Stream) and one.get("/Filter") == pikepdf.Name.DCTDecode:
            written = one.read_raw_bytes()
            bare = without_notes(written)
            if bare != written:
                found.append((one, bare))
    return found


def without_notes(jpeg: bytes) -> bytes:
    """A JPEG without its segments of notes; the picture itself byte for byte."""
    kept, at = [jpeg[:2]], 2
    while at + 4 <= len(jpeg) and jpeg[at : at + 1] == b"\xff" and jpeg[at : at + 2] != SCAN:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at : at + 2] not in NOTES_IN_JPEG:
            kept.append(jpeg[at:end])
        at = end
    return b"".join([*kept, jpeg[at:]])


def _stripped(document: pikepdf.Pdf) -> bytes:
    for stream, bare in _jpegs_with_notes(document):
        stream.write(bare, filter=pikepdf.Name.DCTDecode, decode_parms=stream.get("/DecodeParms"))
    (
        Sanitizer()
        .remove_javascript()
        .remove_attachments()
        .remove_multimedia()
        .remove_thumbnails()
        .remove_search_index()
        .remove_web_capture()
        .remove_private_app_data()
        .remove_collection()
        .apply(document)
    )
    for page in document.pages:
        if "/Annots" in page.obj:
            page.obj.Annots = pikepdf.Array(
                [one for one in _notes(page) if str(one.get("/Subtype", "")) not in ATTACHED]
            )
    for one in document.objects:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            for name in LEFT_OUT:
                if name in one:
                    del one[name]
    _refuse_launching(document)
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
    out = BytesIO()
    document.save(out, deterministic_id=True, compress_streams=True)
    return out.getvalue()


def _refuse_launching(document: pikepdf.Pdf) -> None:
    """Links may lead to pages and to the web; whatever else a press would start is taken out."""
    for page in document.pages:
        for one in _notes(page):
            action = one.get("/A")
            if action is not None and str(action.get("/S", "")) not in {"/URI", "/GoTo", "/Named"}:
                del one["/A"]


def _shown(stripped: bytes, removed: tuple[str, ...]) -> Cleaned:
    try:
        document = pypdfium2.PdfDocument(stripped)
        pages = [_drawn(page) for page in document]
        words = "\n\n".join(page.get_textpage().get_text_range() for page in document)
    except pypdfium2.PdfiumError as error:
        raise RefusedFileError(DAMAGED) from error
    width, height = (round(side) for side in document[0].get_size())
    return Cleaned(
        data=stripped,
        media_type=PDF.media_type,
        width=width,
        height=height,
        pages=len(pages),
        removed=removed,
        words=_plain(words)[:LONGEST_WORDS],
        thumbnail=small(pages[0]),
        previews=tuple(large(page) for page in pages),
    )


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    longest = max(page.get_size())
    return page.render(scale=LARGE / max(longest, 1)).to_pil()


def _plain(words: str) -> str:
    """Without what no database takes: null characters and halves of characters."""
    whole = words.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return whole.encode(errors="ignore").decode().strip()


if __name__ == "__main__":
    serve("pdf", clean)
