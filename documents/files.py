"""Bytes in a storage, each under its own digest: ``ab/cdef…``. Written whole or not at all."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from .errors import DamagedFileError, NoRoomError


def name_of(digest: str) -> str:
    """Where the bytes with this digest lie."""
    return f"{digest[:2]}/{digest[2:]}"


def write(storage: Storage, data: bytes) -> str:
    """Put the bytes there unless they are there already, unharmed; give back their digest."""
    digest = sha256(data).hexdigest()
    if not _is_whole(storage, digest):
        _put(storage, name_of(digest), data)
    return digest


def read(storage: Storage, digest: str) -> bytes:
    """The bytes with this digest, and no others."""
    try:
        with storage.open(name_of(digest)) as file:
            data = file.read()
    except FileNotFoundError as error:
        raise DamagedFileError(f"The stored file {digest} is missing. {RESTORE}") from error
    if sha256(data).hexdigest() != digest:
        raise DamagedFileError(f"The stored file {digest} has been changed. {RESTORE}")
    return data


def read_part(storage: Storage, digest: str, start: int, size: int) -> bytes:
    """Some of the bytes, without looking at the rest: for a player that has read the beginning by ``read``."""
    try:
        with storage.open(name_of(digest)) as file:
            file.seek(start)
            return file.read(size)
    except FileNotFoundError as error:
        raise DamagedFileError(f"The stored file {digest} is missing. {RESTORE}") from error


RESTORE = "Put it back from a backup: it is known by its SHA-256."


def _is_whole(storage: Storage, digest: str) -> bool:
    try:
        read(storage, digest)
    except DamagedFileError:
        return False
    return True


def _put(storage: Storage, name: str, data: bytes) -> None:
    try:
        path = Path(storage.path(name))
    except NotImplementedError:  # an object store, whose writes are whole or absent
        storage.save(name, ContentFile(data))
        return
    try:
        _put_on_disk(path, data)
    except OSError as error:
        message = f"Could not write {len(data):,} bytes to {path.parent}: {error.strerror}."
        raise NoRoomError(
            f"{message} Nothing was kept. Make room or fix the disk, then try again."
        ) from error


def _put_on_disk(path: Path, data: bytes) -> None:
    """Beside its place first, flushed, then renamed into it, so that no reader ever sees a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o640)
        Path(beside).replace(path)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
