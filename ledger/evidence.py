"""What leaves the house as proof: the evidence of one record, and the export of the whole ledger."""

import base64
import datetime as dt
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from . import checkpoints, keys, stored_tree, verify
from .canonical import canonical
from .models import Checkpoint, Entry

LARGEST_ZIP = 4_000_000_000  # bytes; beyond it zip needs a form that the verifier does not read


class ErasedError(LookupError):
    """What the entry sealed was erased: there is nothing left to prove it with."""


class ExportError(ValueError):
    """The export cannot be written as asked."""


def evidence(
    entry: Entry,
    kind: str,
    record_label: str = "record",
    document: dict[str, Any] | None = None,
) -> bytes:
    """The evidence of one record as canonical JSON; it stands alone and inside the PDF.

    `kind` is backing-record or acknowledgement. `document` is the one in the entry's data. Waits
    for a checkpoint over the entry, which must be committed.
    """
    sealed = entry.opened(record_label)
    if sealed is None:
        raise ErasedError(f"What entry {entry.index} sealed under {record_label!r} was erased.")
    if document != entry.content["data"].get("document"):
        raise ValueError(f"The document is not the one that entry {entry.index} names.")
    checkpoint = checkpoints.checkpoint_for(entry.index)
    proof = stored_tree.inclusion_proof(entry.index, checkpoint.size)
    key, record = sealed
    return canonical(
        {
            "format": verify.EVIDENCE,
            "kind": kind,
            "record": record,
            "key": key,
            "entry": base64.b64encode(entry.body).decode(),
            "index": entry.index,
            "inclusion": [node.hex() for node in proof],
            "checkpoint": checkpoint.note,
            "vkey": keys.vkey(),
            "document": document,
        }
    )


def export(target: Path) -> Checkpoint:
    """Write the whole ledger up to its head: a zip if the name ends so, else a folder.

    The same ledger gives the same bytes. It holds no personal data: only what entries say.
    """
    checkpoint = checkpoints.sign_checkpoint()
    if checkpoint is None:
        raise ExportError("The ledger is empty: there is nothing to export.")
    if target.exists():
        raise ExportError(f"{target} is there already. Choose another name.")
    if target.suffix == ".zip":
        _write_zip(target, checkpoint)
    else:
        _write_folder(target, checkpoint)
    return checkpoint


def _parts(head: Checkpoint) -> dict[str, Iterator[bytes]]:
    """The content of each file but the sums, in pieces."""
    entries = Entry.objects.filter(index__lt=head.size).order_by("index")
    return {
        "README.txt": iter([_readme(head)]),
        "checkpoints.txt": (f"{note}\n".encode() for note in _notes(head)),
        "entries.jsonl": _lines(_column(entries, "body")),
        "key.txt": iter([f"{keys.vkey()}\n".encode()]),
        "leaf-hashes.txt": _lines(leaf.hex().encode() for leaf in _column(entries, "leaf_hash")),
        "verify.py": iter([Path(verify.__file__).read_bytes()]),
    }


def _column(entries: Iterable[Any], name: str) -> Iterator[bytes]:
    return entries.values_list(name, flat=True).iterator(chunk_size=5_000)


def _lines(items: Iterable[bytes]) -> Iterator[bytes]:
    return (item + b"\n" for item in items)


def _notes(head: Checkpoint) -> Iterator[str]:
    """The last checkpoint of each day, and the head."""
    day: dt.date | None = None
    note = None
    signed = Checkpoint.objects.filter(size__lte=head.size).order_by("size")
    for text, at in signed.values_list("note", "signed_at").iterator():
        on = at.astimezone(dt.UTC).date()
        if note and on != day:
            yield note
        note, day = text, on
    if note:
        yield note


def _write_folder(folder: Path, head: Checkpoint) -> None:
    folder.mkdir(parents=True)
    sums = {}
    for name, pieces in _parts(head).items():
        digest = hashlib.sha256()
        with (folder / name).open("wb") as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        sums[name] = digest.hexdigest()
    (folder / "SHA256SUMS").write_bytes(_sums(sums))


def _write_zip(path: Path, head: Checkpoint) -> None:
    """Stored, in a fixed order, with fixed times; under its name only when it is whole."""
    draft = path.with_name(path.name + ".part")
    sums: dict[str, str] = {}
    places: list[tuple[str, int, int, int]] = []
    try:
        with draft.open("w+b") as file:
            for name, pieces in _parts(head).items():
                sums[name] = _store(file, name, pieces, places)
            _store(file, "SHA256SUMS", iter([_sums(sums)]), places)
            offset = file.tell()
            central = b"".join(verify.zip_central(*place) for place in places)
            file.write(central + verify.zip_end(len(places), len(central), offset))
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def _store(
    file: Any, name: str, pieces: Iterator[bytes], places: list[tuple[str, int, int, int]]
) -> str:
    """Write one file into the zip, then its sizes into the header before it."""
    offset = file.tell()
    file.write(verify.zip_local(name, 0, 0))
    digest, crc, size = hashlib.sha256(), 0, 0
    for piece in pieces:
        digest.update(piece)
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        file.write(piece)
    if file.tell() > LARGEST_ZIP:
        raise ExportError("The ledger is too large for a zip. Export it to a folder.")
    file.seek(offset)
    file.write(verify.zip_local(name, crc, size))
    file.seek(0, 2)
    places.append((name, crc, size, offset))
    return digest.hexdigest()


def _sums(sums: dict[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()


def _readme(head: Checkpoint) -> bytes:
    return README.format(
        origin=settings.COUNTERSIGN_ORIGIN,
        size=head.size,
        last=head.size - 1,
        fingerprint=keys.fingerprint(),
    ).encode()


README = """\
Evidence: the ledger {origin}

What this is
  {size} entries, numbered 0 to {last}, in the order in which they were made. Each says who did
  what, to what, and when. Names, texts and other personal data are not in here: an entry holds a
  keyed digest of them, and whoever keeps a record or receipt can show that it belongs to its entry.

What it proves
  The entries form one tree of digests (RFC 6962). Its head is signed. If one letter of one entry
  is changed, or an entry is added, taken out or moved, the tree no longer fits the signed head.
  Compare the head with one that you got earlier, by mail or in a PDF: both must belong to the same
  ledger, and the earlier one must be the beginning of this one.

What it does not prove
  That the times are true: they are the company's clock. What happened after the last checkpoint.
  And nothing against someone who holds the database, the signing key and every earlier checkpoint
  that was handed out.

How to check it, without the company and without its software
  Install Python 3.9 or newer from python.org. In this folder run:

    python verify.py .  --key KEYFILE

  KEYFILE is a text file with the fingerprint that stands in the company's policy. Take it from
  there, not from here. This export names the key with the fingerprint

    {fingerprint}

  Without --key the program says "consistent, signer not pinned": all fits together, but who
  signed it is for you to find out. It ends with 0 if all is good, 1 if something was altered, 2 if
  it cannot be read. The same check by other tools: each line of leaf-hashes.txt is the SHA-256 of
  a zero byte and the same line of entries.jsonl without its line end; checkpoints.txt holds signed
  notes (C2SP) by an Ed25519 key.

The files
  entries.jsonl     one entry a line, exactly the bytes that were recorded
  leaf-hashes.txt   the digest of each entry
  checkpoints.txt   signed heads: the last of each day, and the head of this export
  key.txt           the verifier key
  verify.py         the program
  SHA256SUMS        digests of these files, for sha256sum -c
"""
