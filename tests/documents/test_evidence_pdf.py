"""The base stays a prefix, the evidence is exactly the JSON, and any PDF program can open the result."""

import subprocess
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from shutil import which

import pikepdf
import pypdf
import pytest

from documents import records, render
from documents.errors import DamagedFileError
from documents.evidence_pdf import describe, update, with_evidence

EVIDENCE = '{"record":"Zoë ☕"}'.encode()
POLICY = b"%PDF-1.7 the exact policy"
DOCUMENT = {
    "length": 1000,
    "sha256": "",
    "object": 10,
    "size": 35,
    "root": 2,
    "info": 34,
    "prev": 900,
    "id": ["aa", "bb"],
}


@pytest.fixture
def base(acknowledgement):
    return records.acknowledgement_pdf(acknowledgement, POLICY)


@pytest.fixture
def whole(base):
    return with_evidence(base.pdf, base.document, EVIDENCE)


def test_the_update_is_written_byte_for_byte_as_agreed():
    assert update(DOCUMENT, b"{}") == (
        b"\n10 0 obj\n<< /Type /EmbeddedFile /Subtype /application#2Fjson /Params << /Size 2 >>"
        b" /Length 2 >>\nstream\n{}\nendstream\nendobj\nxref\n10 1\n0000001001 00000 n \n"
        b"trailer\n<< /Size 35 /Root 2 0 R /Info 34 0 R /ID [<aa> <bb>] /Prev 900 >>\n"
        b"startxref\n1124\n%%EOF\n"
    )


def test_the_update_leaves_out_what_the_base_does_not_have():
    assert b"/Root 2 0 R /ID" in update(DOCUMENT | {"info": None}, b"{}")


def test_the_base_is_a_prefix_and_its_digest_is_the_recorded_one(base, whole):
    kept = whole[: base.document["length"]]
    assert kept == base.pdf
    assert sha256(kept).hexdigest() == base.document["sha256"]


def test_the_evidence_is_found_by_following_the_file_itself(whole):
    start = int(whole[whole.rfind(b"startxref") :].split()[1])
    number, offset = (int(whole[start:].split()[i]) for i in (1, 3))
    assert whole[offset:].startswith(b"%d 0 obj" % number)
    assert EVIDENCE in whole[offset:start]


def test_readers_find_the_evidence_and_the_exact_policy(whole):
    pdf = pikepdf.open(BytesIO(whole))
    files = {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}
    assert files == {"evidence.json": EVIDENCE, "policy.pdf": POLICY}
    kinds = {str(file.UF): str(file.AFRelationship) for file in pdf.Root.AF}
    assert kinds == {"evidence.json": "/Data", "policy.pdf": "/Source"}
    other = pypdf.PdfReader(BytesIO(whole)).attachments
    assert other["evidence.json"] == [EVIDENCE]


@pytest.mark.skipif(not which("qpdf"), reason="qpdf is not installed")
def test_qpdf_finds_no_fault(tmp_path, whole):
    path = tmp_path / "receipt.pdf"
    path.write_bytes(whole)
    check = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert (check.returncode, "WARNING" in check.stderr) == (0, False)


def test_the_claims_stand_in_the_result(whole):
    pdf = pikepdf.open(BytesIO(whole))
    with pdf.open_metadata() as claims:
        assert (claims["pdfaid:part"], claims["pdfuaid:part"]) == ("3", "1")


def test_the_same_record_gives_the_same_base_in_another_process(acknowledgement, base):
    render.stop()
    assert records.acknowledgement_pdf(acknowledgement, POLICY) == base


def test_another_base_is_refused(base):
    with pytest.raises(DamagedFileError, match="not the one recorded"):
        with_evidence(base.pdf[:-1] + b" ", base.document, EVIDENCE)


def test_a_pdf_without_a_place_for_evidence_is_no_base():
    page = "<html lang=en><head><title>T</title></head><body>x"
    with pytest.raises(DamagedFileError, match="no place"):
        describe(render.render(page, looks=["print"]))


def test_a_base_without_its_evidence_says_that_it_is_only_the_base(base):
    pdf = pikepdf.open(BytesIO(base.pdf))
    file = pdf.attachments["evidence.json"].get_file()
    assert b"only the base" in file.read_bytes()
    at = datetime(2026, 11, 24, 16, 20, 5, tzinfo=UTC)
    assert file.mod_date == at
