#!/usr/bin/env python3
"""Check Countersign evidence on any machine: python verify.py FILE|FOLDER [--key KEYFILE]

FILE is a backing record or receipt (its PDF, or the JSON inside it) or an evidence zip; FOLDER is
an unpacked evidence zip. KEYFILE holds the company's verifier key, or the fingerprint that stands
in its policy. One file, standard library only, Python 3.9 or newer, no network.

Exit 0: good. Exit 1: altered, and it says what. Exit 2: cannot be read, or wrong use.
"""

# ruff: noqa: PLR2004, T201  sizes are those of the formats; this file prints

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import re
import struct
import sys
import unicodedata
import zlib
from pathlib import Path

EVIDENCE = "countersign/evidence/1"
ENTRY = "countersign/entry/1"
RECORD = {
    "backing-record": "countersign/backing-record/1",
    "acknowledgement": "countersign/acknowledgement/1",
}
NOT_PINNED = "consistent, signer not pinned"
CHUNK = 1 << 20  # bytes read at once
LARGEST_FILE = 200_000_000  # bytes of a single record or receipt


class UnreadableError(Exception):
    """This is not evidence that this program can read: exit 2."""


class NewerFormatError(UnreadableError):
    """Evidence in a form that came after this program: exit 2."""


class TamperedError(Exception):
    """The evidence contradicts itself: exit 1."""


def demand(holds, says):
    """Everything that is checked goes through here."""
    if not holds:
        raise TamperedError(says)


# Ed25519 signatures, RFC 8032 section 5.1.7, in extended coordinates

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def ed25519_verifies(public, message, signature):
    """Whether the signature is good; strict: canonical encodings, no key of small order."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce = _point(public), _point(signature[:32])
    factor = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or factor >= ORDER:
        return False
    if _same_point(_times(8, key), NEUTRAL):
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return _same_point(_times(factor, BASE), _plus(nonce, _times(challenge, key)))


def _plus(one, two):
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _twice(point):
    a = point[0] * point[0]
    b = point[1] * point[1]
    c = 2 * point[2] * point[2]
    h = a + b
    e = h - (point[0] + point[1]) ** 2
    g = a - b
    f = c + g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(factor, point):
    result = NEUTRAL
    for bit in f"{factor:b}":
        result = _twice(result)
        if bit == "1":
            result = _plus(result, point)
    return result


def _same_point(one, two):
    return (one[0] * two[2] - two[0] * one[2]) % P == 0 and (
        one[1] * two[2] - two[1] * one[2]
    ) % P == 0


def _point(encoded):
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


# Canonical JSON: one value, one sequence of bytes


def canonical(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def read_canonical(data, name):
    """The value of canonical JSON bytes; other bytes for the same value are an alteration."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_no_doubles,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except ValueError as error:
        raise UnreadableError(f"{name} is not JSON: {error}") from None
    try:
        written = canonical(value)
    except ValueError as error:
        raise TamperedError(f"{name} holds text that is no text: {error}") from None
    demand(written == data, f"{name} is not in canonical form: its bytes were changed")
    return value


def _no_doubles(pairs):
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name appears twice")
    return value


def _no_number(text):
    raise ValueError(f"{text} is not a whole number")


def fields_of(value, kinds, name):
    """A dictionary with exactly these fields, each of its kind."""
    demand(isinstance(value, dict), f"{name} is not an object")
    unknown = sorted(set(value) ^ set(kinds))
    demand(not unknown, f"{name}: unknown or missing field {', '.join(map(clean, unknown))}")
    for field, kind in kinds.items():
        good = isinstance(value[field], kind) and not isinstance(value[field], bool)
        demand(good, f"{name}: the field {field} is of the wrong kind")
    return value


def from_base64(text, name):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise TamperedError(f"{name} is not base64") from None
    demand(base64.b64encode(data).decode() == text, f"{name} is not base64 in its one right form")
    return data


def from_hex(text, size, name):
    good = isinstance(text, str) and re.fullmatch(f"[0-9a-f]{{{2 * size}}}", text)
    demand(good, f"{name} is not {size} bytes in hex")
    return bytes.fromhex(text)


def clean(value):
    """Text for a terminal: nothing in a record may move the cursor."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(value))


def fold(text):
    """The published folding: NFC, line ends as LF, no spaces or tabs before a line's end."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip(" \t") for line in lines.split("\n"))


# The Merkle tree of RFC 6962


def leaf_hash(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from_path(leaf, index, size, path):
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2)."""
    demand(0 <= index < size, f"there is no entry {index} among {size}")
    node, last, proof = leaf, size - 1, iter(path)
    for sibling in proof:
        demand(last > 0, "the inclusion proof is too long")
        if index & 1 or index == last:
            node = node_hash(sibling, node)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    demand(last == 0, "the inclusion proof is too short")
    return node


class Frontier:
    """A growing tree: the roots of its full subtrees, largest first."""

    def __init__(self):
        self.size, self.roots = 0, []

    def append(self, leaf):
        size = self.size
        while size & 1:
            leaf = node_hash(self.roots.pop(), leaf)
            size >>= 1
        self.roots.append(leaf)
        self.size += 1

    def root(self):
        if not self.roots:
            return hashlib.sha256(b"").digest()
        node = self.roots[-1]
        for left in self.roots[-2::-1]:
            node = node_hash(left, node)
        return node


# Keys and signed notes, as C2SP writes them


class Key:
    """A verifier key: name+hash+base64(0x01, public key)."""

    def __init__(self, text):
        found = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", text)
        demand(found, "the verifier key is malformed")
        self.text, self.name = text, found.group(1)
        encoded = from_base64(found.group(3), "the verifier key")
        demand(len(encoded) == 33 and encoded[0] == 1, "the verifier key is not an Ed25519 key")
        self.public = encoded[1:]
        self.hash = hashlib.sha256(self.name.encode() + b"\n" + encoded).digest()[:4]
        demand(self.hash.hex() == found.group(2), "the verifier key does not fit its own hash")

    @property
    def fingerprint(self):
        return hashlib.sha256(self.public).hexdigest()

    def shown(self):
        """The fingerprint in groups of four, as it stands in the policy."""
        return " ".join(re.findall("....", self.fingerprint))


class Checkpoint:
    """The signed head of the ledger at one size: one signature, and no more."""

    def __init__(self, note, key):
        found = re.fullmatch(
            "([^\n]+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/=]{44})\n\n\u2014 ([^ \n]+) ([A-Za-z0-9+/=]{92})\n",
            note,
        )
        demand(found, "the checkpoint is malformed")
        self.note, self.origin, self.size = note, found.group(1), int(found.group(2))
        self.root = from_base64(found.group(3), "the root in the checkpoint")
        signature = from_base64(found.group(5), "the checkpoint's signature")
        demand(len(self.root) == 32 and len(signature) == 68, "the checkpoint is malformed")
        demand(self.origin == key.name, "the checkpoint is of another ledger than the key")
        demand(found.group(4) == key.name, "the checkpoint is signed under another name")
        demand(signature[:4] == key.hash, "the checkpoint is signed by another key")
        self.signature = signature[4:]

    def verify(self, key):
        signed = self.note[: self.note.index("\n\n") + 1].encode()
        good = ed25519_verifies(key.public, signed, self.signature)
        demand(good, f"the signature of the checkpoint at {self.size} entries is wrong")


def pinned(text):
    """What a key file pins: a fingerprint, or a whole verifier key."""
    text = text.strip()
    digits = re.sub(r"[\s:-]", "", text).lower()
    if re.fullmatch("[0-9a-f]{64}", digits):
        return digits
    try:
        return Key(text).text
    except TamperedError as error:
        raise UnreadableError(
            f"The key file holds neither a fingerprint nor a verifier key: {error}"
        ) from None


def signer(key, pin):
    """The last lines of a good verdict: whose signature it is."""
    if pin is None:
        return [f"Key: {key.name}, fingerprint {key.shown()}", NOT_PINNED]
    demand(
        pin in {key.fingerprint, key.text},
        f"signed by another key than the pinned one: {key.name}, fingerprint {key.shown()}",
    )
    return [f"Key: {key.name}, fingerprint {key.shown()}", "good, signed by the pinned key"]


# One record or receipt


def check_evidence(data, pin=None):
    """What a record's JSON proves, as lines."""
    evidence = read_canonical(data, "the evidence")
    form = str(part(evidence, "format"))
    if form != EVIDENCE and re.fullmatch("countersign/evidence/[1-9][0-9]?", form):
        raise NewerFormatError(f"The format is {form}. Use the verify.py that came with it.")
    if form != EVIDENCE:
        raise UnreadableError(f"This is JSON, but not evidence in the format {EVIDENCE}.")
    fields_of(
        evidence,
        {
            "format": str, "kind": str, "record": dict, "key": str, "entry": str, "index": int,
            "inclusion": list, "checkpoint": str, "vkey": str, "document": (dict, type(None)),
        },
        "the evidence",
    )  # fmt: skip
    key = Key(evidence["vkey"])
    checkpoint = Checkpoint(evidence["checkpoint"], key)
    body_bytes = from_base64(evidence["entry"], "the entry")
    body = read_entry(body_bytes, evidence["index"], key.name)
    path = [from_hex(node, 32, "a hash of the inclusion proof") for node in evidence["inclusion"]]
    root = root_from_path(leaf_hash(body_bytes), evidence["index"], checkpoint.size, path)
    demand(root == checkpoint.root, f"entry {evidence['index']} is not in the signed ledger")
    check_record(evidence, body)
    checkpoint.verify(key)
    return [*told(evidence, body, checkpoint), *signer(key, pin)]


def read_entry(data, index, origin):
    """The entry's content, which must be of this ledger and at this index."""
    try:
        body = read_canonical(data, f"entry {index}")
    except UnreadableError as error:
        raise TamperedError(str(error)) from None
    fields_of(
        body,
        {
            "format": str, "origin": str, "index": int, "at": str, "type": str, "subject": str,
            "state": (str, type(None)), "actor": dict, "on_behalf_of": (dict, type(None)),
            "data": dict, "sealed": dict,
        },
        f"entry {index}",
    )  # fmt: skip
    demand(body["format"] == ENTRY, f"entry {index} is of an unknown format")
    demand(body["index"] == index, f"entry {index} says that it is entry {body['index']}")
    demand(body["origin"] == origin, f"entry {index} is of another ledger")
    return body


def check_record(evidence, body):
    """The record is the one that the entry sealed; the document is the one it names."""
    record, kind = evidence["record"], evidence["kind"]
    demand(kind in RECORD and record.get("format") == RECORD[kind], "the record is of another kind")
    key = from_hex(evidence["key"], 32, "the record's key")
    sealed = hmac.new(key, canonical(record), hashlib.sha256).hexdigest()
    demand(sealed in body["sealed"].values(), "the record is not the one that the entry sealed")
    demand(
        evidence["document"] == body["data"].get("document"),
        "the document is not the one that the entry names",
    )
    if "text_digest" in record:
        check_digests(record)


def check_digests(record):
    """Recompute both digests of the text; the folded one where this Python knows every letter."""
    text, digests = record.get("text"), record["text_digest"]
    good = isinstance(text, str) and isinstance(digests, dict)
    demand(good, "the record's text or its digests are missing")
    exact = hashlib.sha256(text.encode()).hexdigest()
    demand(digests.get("exact") == exact, "the text does not fit its exact digest")
    folded = hashlib.sha256(fold(text).encode()).hexdigest()
    if digests.get("folded") != folded:
        unknown = any(unicodedata.category(letter) == "Cn" for letter in text)
        demand(unknown, "the text does not fit its folded digest")


def told(evidence, body, checkpoint):
    """In plain words what was proven. Nothing here comes from outside the signed tree."""
    record = evidence["record"]
    lines = [
        f"Kind: {evidence['kind'].replace('-', ' ')}",
        f"Number: {clean(record.get('number'))}",
        f"Company: {clean(record.get('company'))}",
        *(told_backing(record) if evidence["kind"] == "backing-record" else told_receipt(record)),
        f"Recorded: {clean(body['at'])} by the company's clock, as entry {evidence['index']}",
        f"Ledger: {clean(checkpoint.origin)}, signed at {checkpoint.size} entries",
    ]
    if evidence["document"]:
        lines.append(
            f"PDF, without this evidence: SHA-256 {clean(evidence['document'].get('sha256'))}"
        )
    return lines


def told_backing(record):
    author, window = record.get("author") or {}, record.get("window") or {}
    digests = record.get("text_digest") or {}
    return [
        f"Author: {clean(part(author, 'name'))}",
        f"Cleared: {clean(record.get('cleared_at'))}",
        f"Window: {clean(part(window, 'from'))} to {clean(part(window, 'until'))}",
        f"Text, exact bytes: SHA-256 {clean(part(digests, 'exact'))}, recomputed",
        f"Text, folded: SHA-256 {clean(part(digests, 'folded'))}, recomputed",
    ]


def told_receipt(record):
    person, policy = record.get("person") or {}, record.get("policy") or {}
    return [
        f"Person: {clean(part(person, 'name'))}",
        f"Policy: {clean(part(policy, 'title'))}, edition {clean(part(policy, 'edition'))}",
        f"Acknowledged: {clean(record.get('acknowledged_at'))}",
        f"Policy page: SHA-256 {clean(part(policy, 'html_sha256'))}",
        f"Policy PDF: SHA-256 {clean(part(policy, 'pdf_sha256'))}",
    ]


def part(value, name):
    return value.get(name) if isinstance(value, dict) else None


# A PDF: base bytes, then one update that holds the evidence, rebuilt and compared byte for byte

HEAD = re.compile(
    rb"\n(\d{1,10}) 0 obj\n<< /Type /EmbeddedFile /Subtype /application#2Fjson "
    rb"/Params << /Size (\d{1,10}) >> /Length (\d{1,10}) >>\nstream\n"
)


def check_pdf(data, pin=None):
    """Find the evidence, check it, and rebuild the whole file from it."""
    place = data.rfind(b" 0 obj\n<< /Type /EmbeddedFile /Subtype /application#2Fjson /Params")
    head = HEAD.match(data, data.rfind(b"\n", 0, max(place, 0))) if place > 0 else None
    if head is None:
        raise UnreadableError("There is no evidence in this PDF, or it was cut off.")
    evidence_bytes = data[head.end() : head.end() + int(head.group(2))]
    evidence = read_canonical(evidence_bytes, "the evidence")
    document = part(evidence, "document")
    demand(document is not None, "the evidence belongs to no PDF")
    fields_of(
        document,
        {
            "length": int, "sha256": str, "object": int, "size": int, "root": int,
            "info": (int, type(None)), "prev": int, "id": list,
        },
        "the document",
    )  # fmt: skip
    base = data[: document["length"]]
    good = hashlib.sha256(base).hexdigest() == document["sha256"]
    demand(good, "the pages of the PDF are not those that the entry names")
    rebuilt = base + pdf_update(document, evidence_bytes)
    demand(data[: len(rebuilt)] == rebuilt, "the PDF around the evidence was changed")
    demand(len(data) == len(rebuilt), "bytes were added after the end of the PDF")
    return check_evidence(evidence_bytes, pin)


def pdf_update(document, evidence):
    """The one incremental update that redefines the placeholder; `document` says where."""
    start = document["length"] + 1
    stream = b"%d 0 obj\n<< /Type /EmbeddedFile /Subtype /application#2Fjson " % document["object"]
    stream += b"/Params << /Size %d >> /Length %d >>\n" % (len(evidence), len(evidence))
    stream += b"stream\n" + evidence + b"\nendstream\nendobj\n"
    info = b"" if document["info"] is None else b"/Info %d 0 R " % document["info"]
    first, second = (str(part_of_id).encode("ascii", "replace") for part_of_id in document["id"])
    return b"\n" + stream + (
        b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %d 0 R %s/ID [<%s> <%s>] /Prev %d >>\n"
        b"startxref\n%d\n%%%%EOF\n"
    ) % (
        document["object"], start, document["size"], document["root"], info, first, second,
        document["prev"], start + len(stream),
    )  # fmt: skip


# An evidence zip, or its unpacked folder

NAMES = [
    "README.txt", "checkpoints.txt", "entries.jsonl", "key.txt", "leaf-hashes.txt", "verify.py",
    "SHA256SUMS",
]  # fmt: skip
FIXED_TIME = (0, 0x0021)  # 1980-01-01, as zip writes it: the same content gives the same bytes


def zip_local(name, crc, size):
    head = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, *FIXED_TIME, crc, size, size,
                       len(name), 0)  # fmt: skip
    return head + name.encode()


def zip_central(name, crc, size, offset):
    head = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 0, *FIXED_TIME, crc, size,
                       size, len(name), 0, 0, 0, 0, 0, offset)  # fmt: skip
    return head + name.encode()


def zip_end(count, size, offset):
    return struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, size, offset, 0)


class ZipParts:
    """An evidence zip, held to the one form in which it is written: nothing unsaid between."""

    def __init__(self, file):
        self.file, self.places, central, offset = file, {}, b"", 0
        for name in NAMES:
            length = len(zip_local(name, 0, 0))
            head = self._read(offset, length)
            if len(head) < length:
                raise UnreadableError(f"The zip is cut off: {name} is missing.")
            crc, size = struct.unpack("<II", head[14:22])
            demand(head == zip_local(name, crc, size), f"the zip's header of {name} was changed")
            self.places[name] = (offset + length, size)
            demand(self._crc(name) == crc, f"{name} does not fit its checksum")
            central += zip_central(name, crc, size, offset)
            offset += length + size
        tail = central + zip_end(len(NAMES), len(central), offset)
        demand(self._read(offset, len(tail) + 1) == tail, "the end of the zip was changed")

    def chunks(self, name):
        """The file's content in pieces. Several files may be read in turns: each read seeks."""
        start, size = self.places[name]
        for offset in range(0, size, CHUNK):
            wanted = min(CHUNK, size - offset)
            chunk = self._read(start + offset, wanted)
            if len(chunk) < wanted:
                raise UnreadableError(f"The zip is cut off in {name}.")
            yield chunk

    def _read(self, offset, size):
        self.file.seek(offset)
        return self.file.read(size)

    def _crc(self, name):
        crc = 0
        for chunk in self.chunks(name):
            crc = zlib.crc32(chunk, crc)
        return crc


class FolderParts:
    """An unpacked evidence zip. Other files in the folder are not part of it."""

    def __init__(self, folder):
        self.folder = folder
        for name in NAMES:
            if not (folder / name).is_file():
                raise UnreadableError(f"{name} is missing in the folder.")

    def chunks(self, name):
        with (self.folder / name).open("rb") as file:
            while True:
                chunk = file.read(CHUNK)
                if not chunk:
                    return
                yield chunk


def check_export(parts, pin=None):
    """Every entry is in the tree, every checkpoint fits it, every file fits its sum."""
    key = Key(text_of(parts, "key.txt").rstrip("\n"))
    demand(text_of(parts, "key.txt") == key.text + "\n", "key.txt was changed")
    checkpoints = read_checkpoints(text_of(parts, "checkpoints.txt"), key)
    notes = check_entries(parts, checkpoints, key.name)
    sums = "".join(f"{digest_of(parts, name)}  {name}\n" for name in NAMES[:-1])
    wrong = [
        line.split("  ")[1]
        for line in sums.splitlines()
        if line not in text_of(parts, "SHA256SUMS").splitlines()
    ]
    demand(not wrong, f"{', '.join(wrong)}: does not fit SHA256SUMS")
    demand(sums == text_of(parts, "SHA256SUMS"), "SHA256SUMS was changed")
    last = checkpoints[-1]
    return [
        "Kind: ledger",
        f"Ledger: {clean(last.origin)}",
        f"Entries: {last.size}, numbered 0 to {last.size - 1}, none missing, none changed",
        f"Checkpoints: {len(checkpoints)}, all signed, each the beginning of the next",
        f"Root: {last.root.hex()}",
        *notes,
        *signer(key, pin),
    ]


def read_checkpoints(text, key):
    blocks = re.findall("[^\n]+\n[^\n]+\n[^\n]+\n\n\u2014 [^\n]+\n\n", text)
    demand(blocks and "".join(blocks) == text, "checkpoints.txt was changed")
    checkpoints = [Checkpoint(block[:-1], key) for block in blocks]
    for checkpoint in checkpoints:
        checkpoint.verify(key)
    sizes = [checkpoint.size for checkpoint in checkpoints]
    demand(sizes == sorted(set(sizes)) and sizes[0] > 0, "the checkpoints are out of order")
    return checkpoints


def check_entries(parts, checkpoints, origin):
    """Hash every entry into the tree, and compare with each checkpoint on the way."""
    tree, expected, reached, notes, before = (
        Frontier(),
        lines_of(parts, "leaf-hashes.txt"),
        0,
        [],
        "",
    )
    roots = {checkpoint.size: checkpoint.root for checkpoint in checkpoints}
    total = checkpoints[-1].size
    for line in lines_of(parts, "entries.jsonl"):
        index = tree.size
        demand(index < total, f"entry {index}: added after the last checkpoint")
        leaf = leaf_hash(line)
        demand(
            next(expected, b"") == leaf.hex().encode(),
            f"entry {index} was changed, or its line in leaf-hashes.txt",
        )
        at = entry_time(line, index, origin)
        if at < before and not notes:
            notes.append(f"Note: at entry {index} the company's clock went back")
        before = at
        tree.append(leaf)
        if tree.size in roots:
            demand(
                tree.root() == roots[tree.size],
                f"entries {reached} to {index}: one of them is not the one that was signed; "
                f"first bad index is at least {reached}",
            )
            reached = tree.size
    demand(
        tree.size == total,
        f"entry {tree.size} is missing: the size went down from {total} to {tree.size}",
    )
    demand(next(expected, None) is None, "leaf-hashes.txt has too many lines")
    return notes


def entry_time(line, index, origin):
    """When the entry was made; it must say that it is of this ledger, at this index."""
    try:
        body = json.loads(line)
        good = (body["format"], body["index"], body["origin"]) == (ENTRY, index, origin)
        at = str(body["at"])
    except (ValueError, LookupError, TypeError):
        good, at = False, ""
    demand(good, f"entry {index} is missing, out of place or of another ledger")
    return at


def lines_of(parts, name):
    """Lines without their ends; every line must have one."""
    rest = b""
    for chunk in parts.chunks(name):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
    demand(not rest, f"{name} is cut off")


def digest_of(parts, name):
    digest = hashlib.sha256()
    for chunk in parts.chunks(name):
        digest.update(chunk)
    return digest.hexdigest()


def text_of(parts, name):
    try:
        return b"".join(parts.chunks(name)).decode("utf-8")
    except UnicodeDecodeError:
        raise TamperedError(f"{name} is not text") from None


# The command

MARKS = [b'"checkpoint":"', b'"entry":"', b'"inclusion":[', b'"record":{', b'"vkey":"']


def check(path, pin=None):
    """What the file or folder proves, as lines."""
    if path.is_dir():
        return check_export(FolderParts(path), pin)
    with path.open("rb") as file:
        start = file.read(200)
        if is_zip(start):
            return check_export(ZipParts(file), pin)
        file.seek(0)
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise UnreadableError("The file is too large for a record or receipt.")
    if start[:5] == b"%PDF-":
        return check_pdf(data, pin)
    if start[:1] == b"{":
        return check_evidence(data, pin)
    raise UnreadableError("This is neither a PDF, nor JSON, nor an evidence zip.")


def is_zip(start):
    """By its first file, so that a changed first byte does not make it something else."""
    return NAMES[0].encode() in start[20:50] or b"Evidence: the ledger" in start[30:80]


def was_evidence(path):
    """Whether enough is left to say that this was evidence and was changed, not something else."""
    if path.is_dir():
        return sum((path / name).is_file() for name in NAMES) > len(NAMES) // 2
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE)
    return is_zip(data[:200]) or sum(mark in data for mark in MARKS) > len(MARKS) // 2


def main(arguments=None):
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("path", metavar="FILE|FOLDER", type=Path)
    parser.add_argument("--key", metavar="KEYFILE", type=Path, help="verifier key or fingerprint")
    options = parser.parse_args(arguments)
    try:
        pin = pinned(options.key.read_text("utf-8")) if options.key else None
    except (UnreadableError, OSError, ValueError) as error:
        return refuse(error)
    try:
        lines = check(options.path, pin)
    except TamperedError as error:
        return accuse(error)
    except (NewerFormatError, OSError, MemoryError) as error:
        return refuse(error)
    except (UnreadableError, ArithmeticError, AttributeError, LookupError, RecursionError,
            TypeError, ValueError, struct.error) as error:  # fmt: skip
        return accuse(error) if was_evidence(options.path) else refuse(error)
    print("\n".join(lines))
    return 0


def accuse(error):
    print(f"ALTERED: {clean(error)}")
    return 1


def refuse(error):
    print(f"Cannot be read: {clean(error)}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
