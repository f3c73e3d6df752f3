"""The verifier: what is good passes, and no changed byte does."""

# ruff: noqa: ISC004, S311

import ast
import base64
import hashlib
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger import canonical as ours
from ledger import checkpoints, evidence, keys, verify
from ledger.records import record

from .conftest import entries

pytestmark = pytest.mark.django_db
MUTATIONS = 2_000
SUBJECT = "approvals.backingrecord:" + "0" * 32
TEXT = "Proud of our new plant! \r\n#ad\u202e"
RECORD = {
    "format": "countersign/backing-record/1",
    "number": "0123456789abcdef0123456789abcdef",
    "company": "Acme \x1b[2J",
    "author": {"name": "Ada Lovelace", "unit": "Sales", "relation": "employee"},
    "text": TEXT,
    "text_digest": ours.text_digest(TEXT),
    "window": {"from": None, "until": "2026-12-24T00:00:00Z"},
    "cleared_at": "2026-11-23T02:15:00Z",
}
RECEIPT = {
    "format": "countersign/acknowledgement/1",
    "number": "f" * 32,
    "company": "Acme",
    "person": {"name": "Ada", "email": "ada@acme.example", "unit": "Sales"},
    "policy": {"title": "Social", "edition": 4, "html_sha256": "a" * 64, "pdf_sha256": "b" * 64},
    "acknowledged_at": "2026-11-23T02:15:00Z",
}


def a_pdf() -> tuple[bytes, dict]:
    """A base PDF by hand, with a placeholder as object 4, and what the entry says of it."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(evidence.json) 5 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        b"<< /Type /EmbeddedFile /Length 2 >>\nstream\n{}\nendstream",
        b"<< /Type /Filespec /F (evidence.json) /EF << /F 4 0 R >> >>",
    ]
    pdf, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(pdf)
    pdf += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
    pdf += b"trailer\n<< /Size 6 /Root 1 0 R /ID [<%s> <%s>] >>\n" % (b"ab" * 16, b"cd" * 16)
    pdf += b"startxref\n%d\n%%%%EOF\n" % start
    return pdf, {
        "length": len(pdf),
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "object": 4,
        "size": 6,
        "root": 1,
        "info": None,
        "prev": start,
        "id": ["ab" * 16, "cd" * 16],
    }


def updated(base: bytes, document: dict, content: bytes) -> bytes:
    """The increment, written here a second time from the format's own words."""
    n, offset = len(content), len(base) + 1
    update = (
        b"\n%d 0 obj\n<< /Type /EmbeddedFile /Subtype /application#2Fjson "
        b"/Params << /Size %d >> /Length %d >>\nstream\n"
        % (document["object"], n, n)
        + content
        + b"\nendstream\nendobj\n"
    )
    xref = len(base) + len(update)
    return base + update + (
        b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %d 0 R /ID [<%s> <%s>] /Prev %d >>\n"
        b"startxref\n%d\n%%%%EOF\n"
        % (document["object"], offset, document["size"], document["root"],
           document["id"][0].encode(), document["id"][1].encode(), document["prev"], xref)
    )  # fmt: skip


def proven(clock, kind="backing-record", content=RECORD, document=None) -> bytes:
    entries(clock, 5)
    data = {"document": document} if document else {}
    entry = record(
        "record.issued", actor=clock, subject=SUBJECT, data=data, sealed={"record": content}
    )
    entries(clock, 3)
    return evidence.evidence(entry, kind, document=document)


@pytest.fixture
def backing(clock) -> bytes:
    return proven(clock)


@pytest.fixture
def pdf(clock) -> bytes:
    base, document = a_pdf()
    return updated(base, document, proven(clock, document=document))


@pytest.fixture
def ledger_zip(clock, tmp_path) -> bytes:
    entries(clock, 3)
    checkpoints.sign_checkpoint()
    entries(clock, 4, data={"a": "é\n"})
    evidence.export(tmp_path / "ledger.zip")
    return (tmp_path / "ledger.zip").read_bytes()


def ran(tmp_path: Path, data: bytes, *options: str) -> int:
    path = tmp_path / "file"
    path.write_bytes(data)
    return verify.main([str(path), *options])


def changed(value: dict, **changes: object) -> bytes:
    return ours.canonical(value | changes)


# What is good passes


def test_a_record_tells_what_it_proves(backing, tmp_path, capsys):
    assert ran(tmp_path, backing) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Kind: backing record"
    assert f"Number: {RECORD['number']}" in said
    assert "Company: Acme \\u001b[2J" in said
    assert any(line.endswith("as entry 5") for line in said)
    assert "Ledger: countersign.example/log, signed at 9 entries" in said
    for digest in RECORD["text_digest"].values():
        assert any(digest in line for line in said)
    assert said[-2] == f"Key: countersign.example/log, fingerprint {keys.fingerprint()}"
    assert said[-1] == "consistent, signer not pinned"


def test_a_receipt_passes(clock, tmp_path, capsys):
    assert ran(tmp_path, proven(clock, "acknowledgement", RECEIPT)) == 0
    assert "Policy: Social, edition 4" in capsys.readouterr().out


def test_a_pdf_passes(pdf, tmp_path, capsys):
    assert ran(tmp_path, pdf) == 0
    assert "Number: 0123" in capsys.readouterr().out


def test_an_export_passes_as_zip_and_as_folder(clock, ledger_zip, tmp_path, capsys):
    assert ran(tmp_path, ledger_zip) == 0
    assert "Entries: 7, numbered 0 to 6" in capsys.readouterr().out
    evidence.export(tmp_path / "folder")
    (tmp_path / "folder" / ".DS_Store").write_text("no part of it")
    assert verify.main([str(tmp_path / "folder")]) == 0


@pytest.mark.parametrize("size", [1, 7, 64, 1_000])
def test_it_does_not_matter_how_much_is_read_at_once(ledger_zip, tmp_path, monkeypatch, size):
    monkeypatch.setattr(verify, "CHUNK", size)
    assert ran(tmp_path, ledger_zip) == 0


@pytest.mark.parametrize("form", ["vkey", "fingerprint", "plain", "colons"])
def test_a_pinned_key_is_told(backing, tmp_path, capsys, form):
    plain = keys.fingerprint().replace(" ", "")
    forms = {
        "vkey": keys.vkey(),
        "fingerprint": f"{keys.fingerprint()}\n",
        "plain": plain.upper(),
        "colons": ":".join(plain[i : i + 2] for i in range(0, 64, 2)),
    }
    (tmp_path / "key").write_text(forms[form])
    assert ran(tmp_path, backing, "--key", str(tmp_path / "key")) == 0
    assert capsys.readouterr().out.endswith("good, signed by the pinned key\n")


@pytest.mark.parametrize(
    ("pinned", "code"),
    [("0" * 64, 1), ("no key", 2), ("", 2), ("a+00000000+AAAA", 2)],
    ids=["another", "no key", "empty", "malformed"],
)
def test_another_key_is_refused(backing, tmp_path, pinned, code):
    (tmp_path / "key").write_text(pinned)
    assert ran(tmp_path, backing, "--key", str(tmp_path / "key")) == code


def test_the_same_key_under_another_name_is_refused_by_a_pinned_verifier_key(
    backing, tmp_path, settings
):
    settings.COUNTERSIGN_ORIGIN = "other.example/log"
    (tmp_path / "key").write_text(keys.vkey())
    assert ran(tmp_path, backing, "--key", str(tmp_path / "key")) == 1


def test_it_runs_alone_on_a_bare_python_in_a_folder_of_its_own(ledger_zip, tmp_path):
    place = tmp_path / "elsewhere"
    place.mkdir()
    (place / "ledger.zip").write_bytes(ledger_zip)
    (place / "check.py").write_bytes(Path(verify.__file__).read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "check.py", "ledger.zip"],
        cwd=place, env={"PATH": os.defpath}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_it_is_written_for_python_3_9_and_imports_nothing_else():
    tree = ast.parse(Path(verify.__file__).read_text(), feature_version=(3, 9))
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert names <= set(sys.stdlib_module_names)


def test_wrong_use_is_told_from_tampering(tmp_path):
    assert verify.main([str(tmp_path / "nothing")]) == 2
    assert verify.main([str(tmp_path)]) == 2
    for data in (
        b"",
        b"hello",
        b"{}",
        b'{"format":"x"}',
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"{" * 9_999,
    ):
        assert ran(tmp_path, data) == 2
    with pytest.raises(SystemExit) as stopped:
        verify.main([])
    assert stopped.value.code == 2


# What is changed does not


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One change: a bit, a byte, a piece cut out, doubled, moved, added, or the end cut off."""
    place, other = sorted(chance.sample(range(len(data)), 2))
    return chance.choice(
        [
            lambda: (
                data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
            ),
            lambda: data[:place] + chance.randbytes(1) + data[place + 1 :],
            lambda: data[:place] + chance.randbytes(chance.randint(1, 9)) + data[place:],
            lambda: data[:place] + data[place + chance.randint(1, 40) :],
            lambda: data[:place] + data[place:other] * 2 + data[other:],
            lambda: data[:place] + data[other:] + data[place:other],
            lambda: data[:place],
            lambda: data + chance.randbytes(chance.randint(1, 9)),
        ]
    )()


@pytest.mark.parametrize("kind", ["backing", "pdf", "ledger_zip"])
def test_no_changed_byte_passes(kind, request, tmp_path, capsys):
    good = request.getfixturevalue(kind)
    chance = random.Random(20261123)
    codes = []
    for _ in range(MUTATIONS):
        data = mutated(good, chance)
        code = ran(tmp_path, data)
        assert code in ({0} if data == good else {1, 2}), data
        codes.append(code)
    assert codes.count(1) > MUTATIONS // 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["backing", "pdf", "ledger_zip"])
def test_a_single_changed_bit_is_called_an_alteration(kind, request, tmp_path):
    good = request.getfixturevalue(kind)
    version = good.find(b"countersign/evidence/1") + len("countersign/evidence/")
    for place in range(0, len(good), 7):
        data = bytearray(good)
        data[place] ^= 1 << place % 8
        assert ran(tmp_path, bytes(data)) == 1 or place == version, place


def test_a_newer_format_is_not_called_an_alteration(backing, tmp_path):
    assert ran(tmp_path, changed(json.loads(backing), format="countersign/evidence/2")) == 2


@given(st.binary(max_size=200))
def test_no_input_ends_in_a_traceback(data):
    for start in (b"", b"{", b"%PDF-", b"PK\x03\x04"):
        with pytest.raises((verify.TamperedError, verify.UnreadableError)):
            verify.check_evidence(start + data)
        with pytest.raises((verify.TamperedError, verify.UnreadableError)):
            verify.check_pdf(start + data)


@pytest.mark.parametrize(
    "change",
    [
        lambda e: {"kind": "acknowledgement"},
        lambda e: {"record": e["record"] | {"number": "1" * 32}},
        lambda e: {"record": e["record"] | {"recall": "recalled"}},
        lambda e: {"key": "0" * 64},
        lambda e: {"key": e["key"].upper()},
        lambda e: {"index": e["index"] + 1},
        lambda e: {"index": True},
        lambda e: {"inclusion": e["inclusion"][:-1]},
        lambda e: {"inclusion": [*e["inclusion"], "0" * 64]},
        lambda e: {"inclusion": [*e["inclusion"][:-1], e["inclusion"][-1].upper()]},
        lambda e: {"checkpoint": e["checkpoint"].replace("\n", "\r\n")},
        lambda e: {"checkpoint": e["checkpoint"] + e["checkpoint"].split("\n\n")[1]},
        lambda e: {"checkpoint": e["checkpoint"].replace("/log\n9\n", "/log\n10\n")},
        lambda e: {"checkpoint": e["checkpoint"].replace("/log\n9\n", "/log\n9\nmore\n")},
        lambda e: {"document": {"sha256": "0" * 64}},
        lambda e: {"extra": 1},
        lambda e: {"vkey": e["vkey"].replace("countersign", "other")},
        lambda e: {"entry": e["entry"] + "="},
    ],
    ids=range(18),
)
def test_no_field_can_be_exchanged(backing, change):
    value = json.loads(backing)
    with pytest.raises(verify.TamperedError):
        verify.check_evidence(changed(value, **change(value)))


def test_a_field_that_is_missing_is_noticed(backing):
    value = json.loads(backing)
    for name in set(value) - {"format"}:
        with pytest.raises(verify.TamperedError):
            verify.check_evidence(ours.canonical({k: v for k, v in value.items() if k != name}))


def test_json_that_is_written_otherwise_is_noticed(backing):
    value = json.loads(backing)
    for text in (json.dumps(value), json.dumps(value, sort_keys=True, indent=1)):
        with pytest.raises(verify.TamperedError, match="canonical"):
            verify.check_evidence(text.encode())


def test_a_record_whose_digests_are_not_those_of_its_text_is_refused(clock):
    for digests in ({"exact": "0" * 64}, RECORD["text_digest"] | {"folded": "0" * 64}):
        wrong = proven(clock, content=RECORD | {"text_digest": digests})
        with pytest.raises(verify.TamperedError, match="digest"):
            verify.check_evidence(wrong)


def test_what_was_added_to_a_pdf_is_told(pdf):
    with pytest.raises(verify.TamperedError, match="added after the end"):
        verify.check_pdf(pdf + b"\n")
    with pytest.raises(verify.TamperedError, match="pages"):
        verify.check_pdf(pdf.replace(b"200 200", b"200 201", 1))
    with pytest.raises(verify.TamperedError, match="around"):
        verify.check_pdf(pdf.replace(b"/Prev", b"/Prew"))
    with pytest.raises(verify.UnreadableError):
        verify.check_pdf(pdf[: len(pdf) // 3])


def test_evidence_of_a_record_without_pdf_is_not_passed_off_as_one(clock):
    base, document = a_pdf()
    with pytest.raises(verify.TamperedError, match="no PDF"):
        verify.check_pdf(updated(base, document, proven(clock)))


@pytest.fixture
def folder(clock, tmp_path) -> Path:
    entries(clock, 3)
    checkpoints.sign_checkpoint()
    entries(clock, 4)
    evidence.export(tmp_path / "folder")
    return tmp_path / "folder"


def resum(folder: Path) -> None:
    """What a careful forger does: the sums fit again."""
    names = verify.NAMES[:-1]
    sums = [f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in names]
    (folder / "SHA256SUMS").write_text("".join(sums))


def rehash(folder: Path, lines: list[bytes]) -> None:
    """And so do the digests of the entries."""
    (folder / "entries.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    hashes = [verify.leaf_hash(line).hex() for line in lines]
    (folder / "leaf-hashes.txt").write_text("".join(f"{one}\n" for one in hashes))
    resum(folder)


@pytest.mark.parametrize(
    ("forge", "says"),
    [
        (
            lambda lines: [*lines[:5], lines[5].replace(b"seen", b"sold"), lines[6]],
            "entries 0 to 6: one of them",
        ),
        (
            lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
            "entry 1 is missing, out of place",
        ),
        (lambda lines: [*lines[:4], *lines[5:]], "entry 4 is missing"),
        (lambda lines: [*lines[:4], lines[4], *lines[4:]], "entry 5 is missing, out of place"),
        (lambda lines: lines[:5], "the size went down from 7 to 5"),
        (lambda lines: [*lines, lines[6].replace(b'"index":6', b'"index":7')], "entry 7: added"),
    ],
    ids=["changed", "swapped", "deleted", "doubled", "cut off", "added"],
)
def test_a_forged_export_is_refused_with_the_first_bad_index(folder, forge, says):
    lines = (folder / "entries.jsonl").read_bytes().splitlines()
    rehash(folder, forge(lines))
    with pytest.raises(verify.TamperedError, match=says):
        verify.check(folder)


def test_a_changed_entry_is_named(folder):
    path = folder / "entries.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[4] = lines[4].replace(b"seen", b"seem")
    path.write_bytes(b"".join(lines))
    with pytest.raises(verify.TamperedError, match="entry 4 was changed"):
        verify.check(folder)


@pytest.mark.parametrize("name", verify.NAMES)
def test_each_file_of_an_export_counts(folder, name):
    with (folder / name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(verify.TamperedError):
        verify.check(folder)


def test_a_clock_that_went_back_is_told(clock, tmp_path, monkeypatch, capsys):
    entries(clock, 1)
    monkeypatch.setattr("ledger.records.stamp", lambda _: "2001-01-01T00:00:00.000000Z")
    entries(clock, 1)
    evidence.export(tmp_path / "folder")
    assert verify.main([str(tmp_path / "folder")]) == 0
    assert "Note: at entry 1 the company's clock went back" in capsys.readouterr().out


# Signatures

VECTORS = [  # RFC 8032 7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


@pytest.mark.parametrize("vector", VECTORS)
def test_signatures_of_the_rfc_verify(vector):
    public, message, signature = map(bytes.fromhex, vector)
    assert verify.ed25519_verifies(public, message, signature)
    assert not verify.ed25519_verifies(public, message + b"x", signature)


def test_signatures_verify_as_another_library_makes_them():
    for number in range(10):
        key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"%d" % number).digest())
        public, message = key.public_key().public_bytes_raw(), b"m" * number
        signature = key.sign(message)
        assert verify.ed25519_verifies(public, message, signature)
        for place in (0, 31, 32, 63):
            wrong = bytearray(signature)
            wrong[place] ^= 1
            assert not verify.ed25519_verifies(public, message, bytes(wrong))


def test_a_signature_has_one_form_and_a_weak_key_none():
    public, message, signature = map(bytes.fromhex, VECTORS[0])
    larger = int.from_bytes(signature[32:], "little") + verify.ORDER
    assert not verify.ed25519_verifies(
        public, message, signature[:32] + larger.to_bytes(32, "little")
    )
    neutral = (1).to_bytes(32, "little")
    assert not verify.ed25519_verifies(neutral, b"any", neutral + bytes(32))


def test_an_outside_tool_confirms_the_signature(clock, tmp_path):
    """The second path: openssl reads the same key and note."""
    entries(clock, 2)
    note = checkpoints.sign_checkpoint().note
    text, line = note.split("\n\n")
    signature = base64.b64decode(line.split(" ")[2])[4:]
    prefix = bytes.fromhex("302a300506032b6570032100")
    (tmp_path / "key.der").write_bytes(prefix + keys.public_key())
    (tmp_path / "text").write_bytes(f"{text}\n".encode())
    (tmp_path / "signature").write_bytes(signature)
    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der",
         "-rawin", "-in", "text", "-sigfile", "signature"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert re.search("Verified Successfully", done.stdout), done.stderr
