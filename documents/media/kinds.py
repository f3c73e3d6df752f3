"""What a file is, by its bytes and never by its name. Pure."""

from dataclasses import dataclass

from ..errors import RefusedFileError
from .limits import MEGABYTE, MOST_BYTES

TAKEN = "Send a JPEG, PNG, GIF or WebP picture, an MP4, MOV or WebM video, or a PDF."


@dataclass(frozen=True)
class Kind:
    """``family`` names the module that reads it: image, video or pdf. ``format`` is what its library calls it."""

    family: str
    format: str
    media_type: str
    name: str
    ending: str


JPEG = Kind("image", "JPEG", "image/jpeg", "JPEG", "jpg")
PNG = Kind("image", "PNG", "image/png", "PNG", "png")
GIF = Kind("image", "GIF", "image/gif", "GIF", "gif")
WEBP = Kind("image", "WEBP", "image/webp", "WebP", "webp")
MP4 = Kind("video", "mp4", "video/mp4", "MP4", "mp4")
WEBM = Kind("video", "webm", "video/webm", "WebM", "webm")
PDF = Kind("pdf", "pdf", "application/pdf", "PDF", "pdf")
BY_TYPE = {kind.media_type: kind for kind in (JPEG, PNG, GIF, WEBP, MP4, WEBM, PDF)}

SIGNS = (
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"GIF87a", GIF),
    (0, b"GIF89a", GIF),
    (8, b"WEBP", WEBP),
    (0, b"%PDF-", PDF),
    (0, b"\x1aE\xdf\xa3", WEBM),
    (4, b"ftyp", MP4),
    (4, b"moov", MP4),  # old QuickTime
    (4, b"mdat", MP4),
    (4, b"wide", MP4),
)
ARCHIVE = f"This is an archive, whatever its name says. {TAKEN}"
SCRIPT = f"This file can hold scripts. Save the picture as PNG first. {TAKEN}"
PROGRAM = f"This is a program. {TAKEN}"
HEIC = "This picture is in Apple's HEIC format, which networks do not take. Save it as JPEG first."
AVIF = "This picture is in the AVIF format, which most networks do not take. Save it as JPEG first."
OLD = "Save this picture as JPEG or PNG first; networks do not take its format."
NOT_TAKEN = (
    (0, b"PK\x03\x04", ARCHIVE),
    (0, b"PK\x05\x06", ARCHIVE),
    (0, b"Rar!", ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (0, b"\x1f\x8b", ARCHIVE),
    (257, b"ustar", ARCHIVE),
    (0, b"MZ", PROGRAM),
    (0, b"\x7fELF", PROGRAM),
    (0, b"BM", OLD),
    (0, b"II*\0", OLD),
    (0, b"MM\0*", OLD),
    *((8, brand, HEIC) for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1")),
    *((8, brand, AVIF) for brand in (b"avif", b"avis")),
)
MARKUP = (b"<svg", b"<?xml", b"<html", b"<!doctype", b"<script", b"<?php")
ALSO_SCRIPT = (b"<script", b"<?php", b"<!doctype html")
# What makes the first bytes of a picture the beginning of a script too: a comment or an assignment.
SCRIPT_STARTS = {"GIF": (6, (b"/*", b"=", b"//")), "JPEG": (4, (b"/*",))}
END_OF_ARCHIVE, WHERE_AN_ARCHIVE_ENDS = b"PK\x05\x06", 66_000
WHERE_A_PDF_BEGINS = 1024
TWO_THINGS = (
    "This file is a {name} and {also} at once, which is how harmful files are hidden. "
    "Open the picture, save it again under a new name, and send that."
)


def kind_of(data: bytes) -> Kind:
    """Its kind; RefusedFileError where it is none that we take, too large, or two things at once."""
    for at, sign, says in NOT_TAKEN:
        if data.startswith(sign, at):
            raise RefusedFileError(says)
    kind = next((kind for at, sign, kind in SIGNS if data.startswith(sign, at)), None)
    if kind is None:
        raise RefusedFileError(_unknown(data))
    if kind is WEBP and not data.startswith(b"RIFF"):
        raise RefusedFileError(_unknown(data))
    refuse_size(kind, len(data))
    if also := _also(kind, data):
        raise RefusedFileError(TWO_THINGS.format(name=kind.name, also=also))
    return kind


def _unknown(data: bytes) -> str:
    if not data:
        return f"This file is empty. {TAKEN}"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return SCRIPT if start.startswith(MARKUP) else f"We cannot tell what this file is. {TAKEN}"


def refuse_size(kind: Kind, size: int) -> None:
    """Refuse, with both numbers, what is larger than its family may be."""
    most = MOST_BYTES[kind.family]
    if size > most:
        raise RefusedFileError(
            f"This {kind.name} has {size / MEGABYTE:,.1f} MB; {most // MEGABYTE} MB is the most. "
            "Save it smaller."
        )


def _also(kind: Kind, data: bytes) -> str:
    """What else the same bytes would be taken for, or nothing."""
    at, starts = SCRIPT_STARTS.get(kind.format, (0, ()))
    if (starts and data.startswith(starts, at)) or (
        kind is not PDF and any(mark in data.lower() for mark in ALSO_SCRIPT)
    ):
        return "a script"
    if END_OF_ARCHIVE in data[-WHERE_AN_ARCHIVE_ENDS:]:
        return "an archive"
    if kind is not PDF and b"%PDF-" in data[:WHERE_A_PDF_BEGINS]:
        return "a PDF"
    return ""
