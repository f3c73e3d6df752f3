"""Stored bytes: whole or not there, the same for ever, and a changed one is found."""

import resource
from hashlib import sha256

import pytest
from django.core.files.storage import FileSystemStorage

from documents import files
from documents.errors import DamagedFileError, NoRoomError

DATA = b"%PDF-1.7 an edition"
DIGEST = sha256(DATA).hexdigest()


@pytest.fixture
def storage(tmp_path):
    return FileSystemStorage(tmp_path / "files")


@pytest.fixture
def small_disk():
    """For this test, no file of this process may grow past 4 kB."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_bytes_lie_under_their_digest(storage, tmp_path):
    assert files.write(storage, DATA) == DIGEST
    assert (tmp_path / "files" / DIGEST[:2] / DIGEST[2:]).read_bytes() == DATA
    assert files.read(storage, DIGEST) == DATA


def test_storing_again_changes_nothing(storage, tmp_path):
    files.write(storage, DATA)
    before = (tmp_path / "files" / DIGEST[:2] / DIGEST[2:]).stat().st_mtime_ns
    files.write(storage, DATA)
    assert (tmp_path / "files" / DIGEST[:2] / DIGEST[2:]).stat().st_mtime_ns == before


def test_a_changed_file_is_found_and_named(storage, tmp_path):
    files.write(storage, DATA)
    (tmp_path / "files" / DIGEST[:2] / DIGEST[2:]).write_bytes(DATA + b"!")
    with pytest.raises(DamagedFileError, match=f"{DIGEST} has been changed"):
        files.read(storage, DIGEST)


def test_a_missing_file_is_named(storage):
    with pytest.raises(DamagedFileError, match=f"{DIGEST} is missing"):
        files.read(storage, DIGEST)


def test_storing_again_mends_a_damaged_file(storage, tmp_path):
    files.write(storage, DATA)
    (tmp_path / "files" / DIGEST[:2] / DIGEST[2:]).write_bytes(b"")
    files.write(storage, DATA)
    assert files.read(storage, DIGEST) == DATA


def test_a_full_disk_leaves_nothing_half_written(storage, tmp_path, small_disk):
    with pytest.raises(NoRoomError, match=r"Nothing was kept"):
        files.write(storage, b"x" * 10_000)
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
