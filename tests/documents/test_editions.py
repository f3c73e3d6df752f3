"""The edition that people read: complete, the same for ever, and safe to serve."""

import re
from copy import deepcopy
from io import BytesIO

import pypdf
import pytest
from jinja2 import UndefinedError

from documents import editions, render

MARKUP = '</title><link rel=attachment href="file:///etc/passwd"><title>'


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(pdf))


def words(text: str) -> str:
    return " ".join(text.split())


def test_i01_the_same_snapshot_gives_the_same_bytes_in_another_process(snapshot):
    first = editions.edition_pdf(deepcopy(snapshot))
    render.stop()
    assert editions.edition_pdf(snapshot) == first
    assert editions.edition_html(snapshot) == editions.edition_html(deepcopy(snapshot))


def test_the_pdf_holds_every_word_of_the_snapshot(snapshot):
    text = words(
        " ".join(page.extract_text() for page in reader(editions.edition_pdf(snapshot)).pages)
    )
    text = text.replace("- ", "-")
    for section in snapshot["sections"]:
        for provision in section["provisions"]:
            for part in [
                provision["title"],
                provision["why"],
                *provision["do"],
                *provision["dont"],
            ]:
                assert words(part) in text
            assert all(citation["says"] in text for citation in provision["citations"])
    assert all(line["short"] in text for line in snapshot["summary"])
    assert snapshot["signing_key"]["fingerprint"] in text


def test_the_summary_fits_on_one_page_even_with_sixty_lines(snapshot):
    snapshot["summary"] = [
        {
            "number": f"9.{n}",
            "anchor": "mistakes",
            "short": "If you praise our products, say near the start that you work here.",
        }
        for n in range(60)
    ]
    pages = [page.extract_text() for page in reader(editions.edition_pdf(snapshot)).pages]
    assert [n for n, text in enumerate(pages) if "9.0" in text] == [1]
    assert [n for n, text in enumerate(pages) if "9.59" in text] == [1]


def test_the_contents_give_the_page_of_each_provision(snapshot):
    pages = [page.extract_text() for page in reader(editions.edition_pdf(snapshot)).pages]
    listed = int(re.search(r"Mistakes[ .\n]+(\d+)", pages[2])[1])
    assert "Nobody is punished for an honest" in words(pages[listed - 1])


def test_each_provision_has_an_address_in_both_forms(snapshot):
    names = reader(editions.edition_pdf(snapshot)).named_destinations
    html = editions.edition_html(snapshot)
    for line in snapshot["summary"]:
        assert line["anchor"] in names
        assert f'id="{line["anchor"]}"' in html


@pytest.mark.parametrize(
    ("place", "size"), [("us", (612, 792)), ("us-ca", (612, 792)), ("gb", (595, 842))]
)
def test_the_sheet_is_the_one_that_local_printers_hold(snapshot, place, size):
    snapshot["policy"]["jurisdiction"] = place
    box = reader(editions.edition_pdf(snapshot)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def test_a_draft_says_that_it_is_not_in_force(snapshot):
    snapshot["edition"] = dict.fromkeys(snapshot["edition"])
    snapshot["signing_key"] = None
    cover = words(reader(editions.edition_pdf(snapshot)).pages[0].extract_text())
    assert "Not in force" in cover
    assert "Draft, not in force" in editions.edition_html(snapshot)


def test_a_title_with_markup_is_printed_literally(snapshot):
    snapshot["policy"]["title"] = MARKUP
    pdf = reader(editions.edition_pdf(snapshot))
    assert MARKUP in pdf.metadata.title
    assert pdf.attachments == {}
    assert MARKUP not in editions.edition_html(snapshot)


def test_a_snapshot_that_lacks_something_is_an_error_and_not_a_blank(snapshot):
    del snapshot["policy"]["company"]
    with pytest.raises(UndefinedError, match="company"):
        editions.edition_pdf(snapshot)


def test_the_page_for_browsers_needs_nothing_else(snapshot):
    html = editions.edition_html(snapshot)
    assert not re.search(r"<script|<link|<img|\sstyle=|\son\w+=|url\(|@import|https?:", html)
    assert html.count("<style>") == 1


def test_the_policy_for_its_style_sheet_names_exactly_that_style_sheet(snapshot):
    html = editions.edition_html(snapshot)
    source = editions.style_source(html)
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", source)
    assert editions.style_source(html.replace("<style>", "<style>/**/")) != source


def test_dates_are_written_as_the_place_writes_them(snapshot):
    assert "December 1, 2026" in editions.edition_html(snapshot)
    snapshot["policy"]["jurisdiction"] = "gb"
    assert "1 December 2026" in editions.edition_html(snapshot)
