"""The key that signs checkpoints: made at set-up, kept in a file, never in the database."""

import base64
import hashlib
import os
import re
import tempfile
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ED25519 = b"\x01"  # the algorithm's number in C2SP signed notes


class KeyMissingError(ImproperlyConfigured):
    """The signing key is not there, or cannot be read."""


def key_path() -> Path:
    return settings.COUNTERSIGN_DATA / "keys" / "ledger.pem"


def ensure_key() -> bool:
    """Make the key unless there is one; True if it was made.

    A ledger that was signed before never gets a new key by itself: the old one must be found.
    """
    path = key_path()
    if path.exists():
        signing_key()
        return False
    _name()
    signed = settings.COUNTERSIGN_DATA / "checkpoints" / "checkpoints.txt"
    if signed.exists():
        raise KeyMissingError(
            f"{path} is missing, but {signed} was signed with it. Restore the key from a backup."
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    return _write_once(path)


def signing_key() -> Ed25519PrivateKey:
    try:
        pem = key_path().read_bytes()
    except FileNotFoundError as error:
        raise KeyMissingError(
            f"{key_path()} is missing. Run `manage.py make_key`, or restore it from a backup."
        ) from error
    return _loaded(pem)


def public_key() -> bytes:
    """The 32 bytes of the public key."""
    return signing_key().public_key().public_bytes_raw()


def fingerprint() -> str:
    """SHA-256 of the public key, in groups of four, as people compare it."""
    return " ".join(re.findall("....", hashlib.sha256(public_key()).hexdigest()))


def key_hash() -> bytes:
    """The four bytes that tell keys apart in a signed note."""
    return hashlib.sha256(_name().encode() + b"\n" + ED25519 + public_key()).digest()[:4]


def vkey() -> str:
    """The verifier key as C2SP writes it: name+hash+base64."""
    encoded = base64.b64encode(ED25519 + public_key()).decode()
    return f"{_name()}+{key_hash().hex()}+{encoded}"


def _name() -> str:
    origin = settings.COUNTERSIGN_ORIGIN
    if not re.fullmatch(r"[^\s+]+", origin):
        raise ImproperlyConfigured(f"COUNTERSIGN_ORIGIN={origin!r} holds a space or a plus sign.")
    return origin


@lru_cache(maxsize=8)
def _loaded(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyMissingError(f"{key_path()} is damaged. Restore it from a backup.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissingError(f"{key_path()} is not an Ed25519 key. Restore it from a backup.")
    return key


def _write_once(path: Path) -> bool:
    """Appears whole or not at all, with mode 600; whoever comes second keeps the first one's key."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # mkstemp gives mode 600
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
