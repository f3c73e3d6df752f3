import zipfile

import pytest
from django.core.management import CommandError, call_command

from ledger import checkpoints, evidence, verify
from ledger.models import Sealed
from ledger.records import record

from .conftest import entries

pytestmark = pytest.mark.django_db
SUBJECT = "approvals.backingrecord:" + "0" * 32
RECORD = {"format": "countersign/acknowledgement/1", "number": "0" * 32}


def test_the_same_ledger_gives_the_same_zip(clock, tmp_path):
    entries(clock, 300, sealed={"person": "Ada"})
    evidence.export(tmp_path / "one.zip")
    evidence.export(tmp_path / "two.zip")
    one = (tmp_path / "one.zip").read_bytes()
    assert one == (tmp_path / "two.zip").read_bytes()
    assert b"Ada" not in one


def test_any_program_opens_the_zip_and_it_holds_what_the_folder_holds(clock, tmp_path):
    entries(clock, 3)
    evidence.export(tmp_path / "ledger.zip")
    evidence.export(tmp_path / "folder")
    with zipfile.ZipFile(tmp_path / "ledger.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == verify.NAMES
        for name in verify.NAMES:
            assert archive.read(name) == (tmp_path / "folder" / name).read_bytes()


def test_entries_after_the_head_are_left_for_the_next_export(clock, tmp_path):
    entries(clock, 2)
    checkpoint = evidence.export(tmp_path / "one")
    assert checkpoint.size == 2
    entries(clock, 1)
    assert len((tmp_path / "one" / "entries.jsonl").read_bytes().splitlines()) == 2
    assert evidence.export(tmp_path / "two").size == 3


def test_nothing_is_overwritten_and_nothing_half_written_is_left(clock, tmp_path, monkeypatch):
    with pytest.raises(evidence.ExportError, match="empty"):
        evidence.export(tmp_path / "ledger.zip")
    entries(clock, 2)
    monkeypatch.setattr(evidence, "LARGEST_ZIP", 10)
    with pytest.raises(evidence.ExportError, match="folder"):
        evidence.export(tmp_path / "ledger.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["var"]
    (tmp_path / "there").mkdir()
    with pytest.raises(evidence.ExportError, match="already"):
        evidence.export(tmp_path / "there")


def test_what_was_erased_cannot_be_proven_any_more_and_all_else_can(clock, tmp_path):
    first, second = (
        record("record.issued", actor=clock, subject=SUBJECT, sealed={"record": RECORD})
        for _ in range(2)
    )
    Sealed.objects.filter(entry=first).delete()
    with pytest.raises(evidence.ErasedError):
        evidence.evidence(first, "acknowledgement")
    assert verify.check_evidence(evidence.evidence(second, "acknowledgement"))
    evidence.export(tmp_path / "folder")
    assert verify.check(tmp_path / "folder")


def test_a_document_that_the_entry_does_not_name_is_refused(clock):
    entry = record("record.issued", actor=clock, subject=SUBJECT, sealed={"record": RECORD})
    with pytest.raises(ValueError, match="document"):
        evidence.evidence(entry, "acknowledgement", document={"length": 1})


def test_the_same_evidence_has_the_same_bytes(clock):
    entry = record("record.issued", actor=clock, subject=SUBJECT, sealed={"record": RECORD})
    checkpoints.sign_checkpoint()
    first = evidence.evidence(entry, "acknowledgement")
    entries(clock, 5)
    checkpoints.sign_checkpoint()
    assert evidence.evidence(entry, "acknowledgement") == first


def test_the_commands_export_and_refuse_in_words(clock, tmp_path, capsys):
    with pytest.raises(CommandError, match="empty"):
        call_command("export_ledger", out=tmp_path / "a.zip")
    entries(clock, 2)
    call_command("export_ledger", "--out", str(tmp_path / "a.zip"))
    assert verify.main([str(tmp_path / "a.zip")]) == 0
