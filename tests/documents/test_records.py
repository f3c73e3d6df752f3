"""What a person who keeps a record or a receipt can read on it."""

from io import BytesIO

import pypdf

from documents import records

MARKUP = '</title><link rel=attachment href="file:///etc/passwd"><title>'


def words_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_backing_record_holds_all_that_was_decided(backing_record):
    text = words_of(records.backing_record_pdf(backing_record).pdf)
    for words in [
        "Acme Kettles, Inc. stands behind this post",
        "3f2a 9c1d 04b8 4e6f a7d2 5c9e 81b0 f364",
        "48 seconds: we measured it",
        "王小明",
        "Kim Lee, Field Marketing",
        "Kim Lee, personal on LinkedIn; @kimlee on Mastodon",
        "from 2 December 2026, 09:00:00 UTC until 2 March 2027, 09:00:00 UTC",
        "Social media policy, edition 4",
        "Rex Okafor, Communications reviewer: cleared",
        "Delegated by the General Counsel, 1 October 2026.",
        "A test result that may not be public yet.",
        "Settled: Fixed by the author in revision 2.",
        "a slip in form does not end this backing",
        "The words were changed after they were cleared.",
        "the clearance was not recalled",
        "python ledger/verify.py record.pdf",
        backing_record["text_digest"]["exact"],
    ]:
        assert words in text


def test_the_cleared_words_keep_their_line_breaks(backing_record):
    backing_record["text"] = "first\n\nthird   spaced"
    pdf = records.backing_record_pdf(backing_record).pdf
    lines = pypdf.PdfReader(BytesIO(pdf)).pages[0].extract_text().split("\n")
    first = lines.index("first")
    assert "third   spaced" in lines[first + 1 : first + 3]


def test_a_character_that_cannot_be_printed_is_explained(backing_record):
    backing_record["text"] = "Look: \U00013080"
    text = words_of(records.backing_record_pdf(backing_record).pdf)
    assert "Look: U+13080" in text
    assert "A boxed U+ number stands for a character" in text


def test_a_record_cleared_by_a_green_lane_needs_no_reviewer(backing_record):
    backing_record |= {"reviewers": [], "findings": []}
    text = words_of(records.backing_record_pdf(backing_record).pdf)
    assert "without a reviewer" in text
    assert "found nothing to ask about" in text


def test_names_with_markup_are_printed_literally(backing_record):
    backing_record["author"]["name"] = MARKUP
    backing_record["company"] = MARKUP
    pdf = records.backing_record_pdf(backing_record).pdf
    assert MARKUP in pypdf.PdfReader(BytesIO(pdf)).metadata.title
    assert list(pypdf.PdfReader(BytesIO(pdf)).attachments) == ["evidence.json"]


def test_a_receipt_answers_the_six_questions_on_one_page(acknowledgement):
    pdf = records.acknowledgement_pdf(acknowledgement, b"%PDF").pdf
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) == 1
    text = words_of(pdf)
    for words in [
        "Who was it? Kim Lee, kim.lee@acme.example, Field Marketing. Signed in by password",
        "from the address 198.51.100.23",
        "Was it meant?",
        "“I have read edition 4 of the social media policy and I will follow it.”",
        "“Acknowledge edition 4”",
        "Was it agreed to do this on screen? Yes, on 2 March 2026",
        "To exactly what? To edition 4 (en)",
        "Is it kept?",
        "Can it be shown again, years later?",
        acknowledgement["policy"]["pdf_sha256"],
        "python ledger/verify.py receipt.pdf",
    ]:
        assert words in text
