"""The process that turns HTML into PDF. It holds WeasyPrint, our fonts and style sheets, and reaches nothing.

Started and killed by ``render.py``. One message in (HTML, then attachments), one message out. What
nobody foresaw ends the process: the parent reports its last words and starts another.
"""

import logging
import sys
from datetime import datetime
from xml.etree.ElementTree import Element

import pydyf
from weasyprint import CSS, HTML, Attachment
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from .assets import check_fonts, style_sheets
from .coverage import code_point, described, pieces
from .errors import RenderError
from .frames import receive, send
from .walls import limit_processor, settle_in

MEMORY = 512 * 1024 * 1024
# Drawn once before the doors close, so that all that is read only once has been read.
FIRST = {"looks": ["print"], "claim": "archive", "attachments": []}
FIRST_PAGE = b"<html lang=en><head><title>First</title></head><body>First</body></html>"
VARIANTS = {"accessible": "pdf/ua-1", "archive": "pdf/a-3a"}
# PDF/A-3 allows a claim from outside its own list only with this description of it, in the one rdf:RDF.
ALSO_ACCESSIBLE = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>\
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA Universal Accessibility Schema\
</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/\
</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property>\
<rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal\
</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289 that is followed\
</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag>\
</pdfaExtension:schemas></rdf:Description></rdf:RDF>"""


class Fetcher(URLFetcher):
    """Serves what the address itself carries (``data:``), and refuses all else loudly."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        if not url.lower().startswith("data:"):
            message = f"The document asks for {url[:200]}, but a document may load nothing."
            raise FatalURLFetchingError(f"{message} Take that address out of the text.")
        return super().fetch(url, headers)


class Complaints(logging.Handler):
    """What WeasyPrint would print and carry on from: here each is a reason to stop."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


class Renderer:
    """Fonts and style sheets, read once, and the documents made with them."""

    def __init__(self) -> None:
        check_fonts()
        self.fetcher = Fetcher()
        self.fonts = FontConfiguration()
        self.complaints = Complaints()
        logger = logging.getLogger("weasyprint")
        logger.handlers, logger.propagate = [self.complaints], False
        self.looks = {
            name: CSS(string=text, font_config=self.fonts, url_fetcher=self.fetcher)
            for name, text in style_sheets().items()
        }

    def pdf(self, order: dict, parts: list[bytes]) -> bytes:
        """One document, or RenderError."""
        html, *files = parts
        self.complaints.said.clear()
        page = HTML(string=html.decode(), url_fetcher=self.fetcher)
        _insist_on_title_and_language(page.etree_element)
        spell_out(page.etree_element)
        options = {
            "stylesheets": [self.looks[name] for name in order["looks"]],
            "pdf_variant": VARIANTS[order["claim"]],
            "pdf_tags": True,
            "attachments": [
                _attachment(file, data)
                for file, data in zip(order["attachments"], files, strict=True)
            ],
        }
        document = page.render(font_config=self.fonts, **options)
        finish = archive if order["claim"] == "archive" else None
        result = document.write_pdf(finisher=finish, pdf_identifier=True, **options)
        if self.complaints.said:
            raise RenderError(f"The document is not sound: {'; '.join(self.complaints.said[:5])}")
        return result


def _insist_on_title_and_language(root: Element) -> None:
    if not (root.findtext("head/title") or "").strip() or not root.get("lang"):
        raise RenderError("A document needs a title and a language: <html lang>, <title>.")


def spell_out(element: Element) -> None:
    """Replace each character that no shipped font has by its code point, in a box of its own."""
    if element.tag in {"head", "style"}:
        return
    for child in list(element):
        spell_out(child)
        child.tail = _boxed(element, child, child.tail)
    element.text = _boxed(element, None, element.text)


def _boxed(parent: Element, after: Element | None, text: str | None) -> str | None:
    """Insert a box for each unprintable character; give back the text that stays before the first."""
    if not text:
        return text
    before, *rest = pieces(text)
    place = 0 if after is None else list(parent).index(after) + 1
    for offset, (character, words) in enumerate(zip(rest[::2], rest[1::2], strict=True)):
        box = Element("span", {"class": "code-point", "title": described(character)})
        box.text, box.tail = code_point(character), words
        parent.insert(place + offset, box)
    return before


def _attachment(file: dict, data: bytes) -> Attachment:
    at = datetime.fromisoformat(file["at"])
    return Attachment(
        string=data,
        name=file["name"],
        description=file["description"],
        relationship=file["relationship"],
        created=at,
        modified=at,
    )


def archive(_document: Document, pdf: pydyf.PDF) -> None:
    """Claim PDF/UA-1 beside PDF/A-3a, name each attachment once, and write a plain xref table.

    The plain table is what the evidence is later appended to (``evidence_pdf.py``).
    """
    pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog.get("AF", [])))
    metadata = next(o for o in pdf.objects if getattr(o, "extra", {}).get("Type") == "/Metadata")
    metadata.stream = [part.replace(b"</rdf:RDF>", ALSO_ACCESSIBLE) for part in metadata.stream]
    write = pdf.write
    pdf.write = lambda output, version, identifier, _compress: write(output, version, identifier)


def main() -> None:
    """Serve until the parent goes away, or until memory ran out (then a fresh process is better)."""
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    try:
        renderer = Renderer()
        renderer.pdf(FIRST, [FIRST_PAGE])
        settle_in(MEMORY)
    except RenderError as error:
        send(answers, {"error": str(error)})
        return
    send(answers, {"ready": True})
    while True:
        try:
            order, parts = receive(orders)
        except EOFError:
            return
        limit_processor(order["seconds"])
        try:
            send(answers, {}, renderer.pdf(order, parts))
        except (RenderError, FatalURLFetchingError) as error:
            send(answers, {"error": str(error)})
        except (MemoryError, RecursionError):
            send(answers, {"too_large": "memory"})
            return


if __name__ == "__main__":
    main()
