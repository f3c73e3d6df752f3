"""Rendering: what a document may reach (nothing), use (so much) and promise (its tags are true)."""

import signal
import socket
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from threading import Thread

import pikepdf
import pypdf
import pytest

from documents import assets, records, render, walls
from documents.errors import DocumentTooLarge, RenderError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the renderer needs POSIX limits")

SVG = "%3Csvg xmlns=%22http://www.w3.org/2000/svg%22%3E%3Cimage href=%22http://HERE/x%22/%3E%3C/svg%3E"
FETCHES = [
    '<img alt=x src="file:///etc/passwd">',
    '<link rel=attachment href="file:///etc/passwd">',
    '<a rel="attachment" href="http://HERE/internal">x</a>',
    '<img alt=x src="http://HERE/redirect-to-file">',
    '<p style="background:url(http://HERE/x)">x',
    '<embed src="http://HERE/x">',
    '<object data="http://HERE/x"></object>',
    '<img alt=x src="FILE:///etc/passwd">',
    '<img alt=x src="file://localhost/etc/passwd">',
    '<img alt=x src="jar:file:///x!/y">',
    '<img alt=x src="ftp://HERE/x">',
    '<img alt=x src="/etc/passwd">',
    "<style>@import url(http://HERE/x.css)</style>",
    "<style>@font-face{font-family:x;src:url(http://HERE/x.ttf)}p{font-family:x}</style><p>x",
    f'<img alt=x src="data:image/svg+xml,{SVG}">',
]
TOO_MUCH = {
    "tiny pages": "<style>@page{size:1mm 1mm;margin:0}</style>" + "word " * 2000,
    "a megabyte of text": "<p>" + "lorem ipsum dolor " * 58_000,
    "a very long table": "<table>" + "<tr><td>a<td>b<td>c</tr>" * 20_000 + "</table>",
    "nested flex": '<div style="display:flex">' * 12 + "x" + "</div>" * 12,
}


def sheet(body: str, title: str = "A document") -> str:
    return f"<html lang=en><head><title>{title}</title></head><body>{body}</body></html>"


def pdf_of(body: str, **options: object) -> bytes:
    return render.render(sheet(body), looks=["print", "a4"], **options)


@pytest.fixture
def listener():
    """A server on this machine that counts who knocks."""
    knocks = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            knocks.append(1)
            connection.close()

    Thread(target=listen, daemon=True).start()
    yield f"127.0.0.1:{server.getsockname()[1]}", knocks
    server.shutdown(socket.SHUT_RDWR)
    server.close()


@pytest.mark.parametrize("probe", FETCHES)
def test_i09_a_document_reaches_no_network_and_no_file(listener, probe):
    here, knocks = listener
    with pytest.raises(RenderError):
        pdf_of(probe.replace("HERE", here))
    assert knocks == []


def test_i09_the_message_says_what_was_asked_for_and_what_to_do():
    with pytest.raises(RenderError, match=r"asks for file:///etc/passwd.*Take that address out"):
        pdf_of(FETCHES[0])


@pytest.mark.parametrize(
    ("event", "args"),
    [("socket.connect", ()), ("subprocess.Popen", ()), ("open", ("/etc/passwd", "r", 0))],
)
def test_i09_behind_the_fetcher_stands_a_second_wall(event, args):
    with pytest.raises(RenderError, match="may"):
        walls.refuse_the_world((Path(sys.prefix),), event, args)


@pytest.mark.slow
@pytest.mark.parametrize("what", TOO_MUCH)
def test_i09_a_document_that_never_ends_is_stopped_and_the_next_one_is_made(monkeypatch, what):
    monkeypatch.setattr(render, "CPU_SECONDS", 2)
    with pytest.raises(DocumentTooLarge, match=r"too large or too complex.*Nothing was lost"):
        pdf_of(TOO_MUCH[what])
    assert pdf_of("<p>The next one").startswith(b"%PDF-")


@pytest.mark.parametrize(
    "odd",
    [
        "<table><tr><td colspan=1000000000>x</table>",
        '<div style="display:grid;grid-template-columns:repeat(1000000,1px)">x</div>',
        "<div>" * 1000,
    ],
    ids=["colspan", "grid", "depth"],
)
def test_an_odd_document_is_made_or_refused_and_never_hangs(monkeypatch, odd):
    monkeypatch.setattr(render, "CPU_SECONDS", 3)
    with suppress(RenderError):
        assert pdf_of(odd).startswith(b"%PDF-")
    assert pdf_of("<p>The next one").startswith(b"%PDF-")


def test_a_page_that_is_too_long_is_refused_before_any_work():
    with pytest.raises(DocumentTooLarge, match="1,000,000 is the limit"):
        pdf_of("x" * 1_000_001)


def test_the_same_page_gives_the_same_bytes_in_every_process():
    first = pdf_of("<h1>Title</h1><p>Words ☕")
    pdf_of("<h1>Another</h1><p>王小明")
    assert pdf_of("<h1>Title</h1><p>Words ☕") == first
    render.stop()
    assert pdf_of("<h1>Title</h1><p>Words ☕") == first


def test_an_answer_that_nobody_waited_for_is_never_given_to_the_next_one():
    wanted = pdf_of("<p>The second")

    def give_up(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    with pytest.raises(TimeoutError):
        pdf_of("<p>The first " * 5000)
    signal.signal(signal.SIGALRM, before)
    assert pdf_of("<p>The second") == wanted


def test_a_picture_that_cannot_be_read_stops_the_document():
    with pytest.raises(RenderError, match="not sound"):
        pdf_of('<img alt="logo" src="data:image/png;base64,iVBORw0KGgo=">')


def test_a_link_to_nowhere_stops_the_document():
    with pytest.raises(RenderError, match="nowhere"):
        pdf_of('<a href="#nowhere">see</a>')


def test_a_document_without_a_title_is_refused():
    with pytest.raises(RenderError, match="title and a language"):
        render.render("<html lang=en><body>x", looks=["print"])


def test_half_a_character_is_refused_with_a_reason():
    with pytest.raises(RenderError, match="lone surrogate"):
        pdf_of("\ud800")


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_a_font_that_is_not_as_shipped_stops_the_renderer(monkeypatch, tmp_path, harm):
    name = assets.SUMS.read_text().split()[1]
    if harm == "damaged":
        (tmp_path / name).write_bytes(b"no font")
    monkeypatch.setattr(assets, "FONTS", tmp_path)
    with pytest.raises(RenderError, match=f"{name} is {harm}"):
        assets.check_fonts()


def test_a_missing_style_sheet_stops_the_renderer(monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "LOOKS", tmp_path)
    with pytest.raises(RenderError, match=r"print.css is missing"):
        assets.style_sheets()


def test_a_character_that_no_font_has_is_printed_as_its_code_point():
    text = words_of(pdf_of("<p>before \U00013080 after \u202e turned"))
    assert "before U+13080 after U+202E turned" in text


def test_emoji_and_the_scripts_of_most_names_are_printed_as_themselves():
    line = "☕ 🎉 王小明 こんにちは 한국어 Łukasz Zoë Ελένη Юлия สวัสดี \U0001d5ef\U0001d5fc"
    assert "U+" not in words_of(pdf_of(f"<p>{line}"))


def test_an_accessible_document_carries_what_pdf_ua_asks_for():
    pdf = pikepdf.open(BytesIO(pdf_of("<h1>Title</h1><p>One<p style='break-before:page'>Two")))
    assert_tagged(pdf)
    with pdf.open_metadata() as claims:
        assert claims["pdfuaid:part"] == "1"


def test_an_archived_document_claims_both_standards_in_the_one_place_that_is_read():
    pdf = pikepdf.open(BytesIO(pdf_of("<h1>Title</h1><p>One", claim="archive")))
    assert_tagged(pdf)
    assert pdf.Root.Metadata.read_bytes().count(b"<rdf:RDF") == 1
    with pdf.open_metadata() as claims:
        found = [claims[key] for key in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")]
    assert found == ["3", "A", "1"]
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"


def test_nothing_is_painted_that_is_neither_tagged_nor_marked_as_decoration(backing_record):
    pdf = pikepdf.open(BytesIO(records.backing_record_pdf(backing_record).pdf))
    for page in pdf.pages:
        marks = 0
        for _, operator in pikepdf.parse_content_stream(page):
            marks += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
            assert marks or str(operator) not in {"Tj", "TJ", "f", "f*", "S", "B", "Do", "sh"}


def assert_tagged(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    assert root.MarkInfo.Marked
    assert root.StructTreeRoot.K
    assert str(root.Lang) == "en"
    assert root.ViewerPreferences.DisplayDocTitle
    parents = [page.StructParents for page in pdf.pages]
    assert len(set(parents)) == len(parents)
    assert all(page.Tabs == "/S" for page in pdf.pages)
    fonts = [
        o
        for o in pdf.objects
        if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    assert all("/FontFile2" in font for font in fonts)


def words_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
