"""A stored file's row is added once and never changes."""

import pytest

from documents.errors import DamagedFileError
from documents.models import StoredFile, store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path):
    backend = "django.core.files.storage.FileSystemStorage"
    place = {"BACKEND": backend, "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": place}


def test_storing_twice_gives_one_row():
    first, second = store(b"one", "application/pdf"), store(b"one", "application/pdf")
    assert first == second
    assert StoredFile.objects.get() == first
    assert (first.size, first.media_type, first.read()) == (3, "application/pdf", b"one")


def test_a_row_is_never_changed_or_deleted():
    file = store(b"one", "application/pdf")
    file.media_type = "text/html"
    for change in [
        file.save,
        file.delete,
        StoredFile.objects.all().delete,
        lambda: StoredFile.objects.update(size=4),
    ]:
        with pytest.raises(TypeError):
            change()
    assert StoredFile.objects.get().media_type == "application/pdf"


def test_reading_changed_bytes_is_refused(tmp_path):
    file = store(b"one", "application/pdf")
    (tmp_path / file.digest[:2] / file.digest[2:]).write_bytes(b"two")
    with pytest.raises(DamagedFileError, match=file.digest):
        file.read()
