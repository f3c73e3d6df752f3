"""Files that people hand in: what is taken, what is taken out of them, and what is refused in which words."""

import io

import av
import numpy as np
import pikepdf
import pytest
from PIL import Image

from documents.errors import RefusedFileError
from documents.media import cleaning, limits, pdf
from documents.media.cleaning import clean
from documents.media.kinds import BY_TYPE, kind_of, refuse_size
from tests import files

PLACE = "where it was taken"


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("data", "media_type", "facts"),
    [
        (files.picture("PNG"), "image/png", (60, 40, 1, 0, 0)),
        (files.picture("JPEG"), "image/jpeg", (60, 40, 1, 0, 0)),
        (files.picture("WEBP"), "image/webp", (60, 40, 1, 0, 0)),
        (files.moving("GIF"), "image/gif", (30, 20, 4, 0, 0)),
        (files.moving("WEBP"), "image/webp", (30, 20, 4, 0, 0)),
        (files.moving("PNG"), "image/png", (30, 20, 4, 0, 0)),
        (files.video(), "video/mp4", (64, 48, 0, 1000, 0)),
        (files.video("mov"), "video/mp4", (64, 48, 0, 1000, 0)),
        (files.video("webm", "libvpx"), "video/webm", (64, 48, 0, 1000, 0)),
        (files.pdf(pages=2), "application/pdf", (300, 200, 0, 0, 2)),
    ],
    ids=["png", "jpeg", "webp", "gif", "moving webp", "moving png", "mp4", "mov", "webm", "pdf"],
)
def test_a_file_is_known_by_its_bytes_and_comes_out_the_same_each_time(data, media_type, facts):
    first, again = clean(data), clean(data)
    assert first == again
    assert first.media_type == media_type
    assert (first.width, first.height, first.frames, first.duration_ms, first.pages) == facts
    assert kind_of(first.data).media_type == media_type
    assert max(opened(first.thumbnail).size) <= limits.SMALL
    assert [opened(one).format for one in first.previews] == ["JPEG"] * (first.pages or 1)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_keeps_its_frames_and_its_pace(form):
    kept = opened(clean(files.moving(form)).data)
    assert (kept.n_frames, kept.info.get("loop")) == (4, 0)
    kept.seek(1)
    kept.load()
    assert kept.info["duration"] == 80


def test_a_picture_from_a_phone_tells_no_longer_where_when_and_by_what():
    cleaned = clean(files.from_a_phone())
    assert cleaned.removed == (
        PLACE,
        "which camera or phone took it",
        "when it was taken or changed",
    )
    kept = opened(cleaned.data)
    assert (dict(kept.getexif()), "exif" in kept.info) == ({}, False)
    assert b"Fairphone" not in cleaned.data


def test_a_picture_that_says_nothing_else_had_nothing_taken_out():
    assert clean(files.picture("JPEG")).removed == ()


def test_a_picture_is_turned_upright_before_the_file_forgets_which_way_is_up():
    cleaned = clean(files.from_a_phone(turned=6))
    assert (cleaned.width, cleaned.height) == (40, 60) == opened(cleaned.data).size


def test_what_stands_behind_a_picture_is_not_kept():
    cleaned = clean(files.picture("PNG") + b"the secret plan")
    assert b"secret" not in cleaned.data


def test_a_picture_is_saved_as_fine_as_it_came():
    rough = files.saved(Image.effect_noise((200, 200), 50), "JPEG", quality=40)
    assert opened(clean(rough).data).quantization == opened(rough).quantization


def test_a_see_through_picture_stays_so():
    glass = files.saved(Image.new("RGBA", (20, 20), (255, 0, 0, 90)), "PNG")
    cleaned = clean(glass)
    assert opened(cleaned.data).getpixel((3, 3)) == (255, 0, 0, 90)


def test_a_video_tells_no_longer_where_it_was_taken():
    before = files.video(told=True)
    cleaned = clean(before)
    assert cleaned.removed == (PLACE, "a title, names or comments inside the file")
    assert (b"loci" in before, b"loci" in cleaned.data) == (True, False)
    assert b"Secretive" not in cleaned.data


def test_a_video_keeps_every_frame_as_it_was_written():
    before, after = files.video(), clean(files.video()).data

    def packets(data):
        with av.open(io.BytesIO(data)) as container:
            return [bytes(packet) for packet in container.demux(video=0)]

    assert packets(before) == packets(after)
    assert len(packets(after)) >= 5


UPRIGHT = "00010000" + "00000000" * 3 + "00010000" + "00000000" * 3 + "40000000"
ON_ITS_SIDE = "0" * 8 + "00010000" + "0" * 8 + "ffff0000" + "00000000" * 4 + "40000000"


def test_a_video_held_upright_is_known_and_shown_upright():
    data = files.video()
    header = data.index(b"tkhd")
    at = data.index(bytes.fromhex(UPRIGHT), header)
    turned = data[:at] + bytes.fromhex(ON_ITS_SIDE) + data[at + 36 :]
    cleaned = clean(turned)
    assert (cleaned.width, cleaned.height) == (48, 64)
    assert bytes.fromhex(ON_ITS_SIDE) in cleaned.data
    assert opened(cleaned.previews[0]).size == (48, 64)


def test_a_pdf_loses_scripts_attachments_and_names():
    cleaned = clean(files.pdf(told=True))
    assert cleaned.removed == (
        "who made it, when and with what",
        "files attached to it",
        "scripts, and what it does when it is opened",
        "what cameras wrote into its pictures",
    )
    with pikepdf.open(io.BytesIO(cleaned.data)) as kept:
        everything = (
            b"".join(
                one.read_raw_bytes() if isinstance(one, pikepdf.Stream) else one.unparse()
                for one in kept.objects
            )
            + kept.trailer.unparse()
        )
        assert len(kept.attachments) == 0
    for secret in (b"alert", b"Secretive", b"plan", b"calc.exe", b"Fairphone", b"JavaScript"):
        assert secret not in everything


def test_a_pdf_says_its_words():
    assert clean(files.pdf("Guaranteed returns.")).words == "Guaranteed returns."


def test_the_words_of_a_pdf_are_bounded():
    assert len(clean(files.pdf("word " * 3000, pages=2)).words) == limits.LONGEST_WORDS


def test_a_jpeg_inside_a_pdf_keeps_its_picture_byte_for_byte():
    plain, told = files.picture("JPEG"), files.from_a_phone()
    assert pdf.without_notes(told) == pdf.without_notes(plain)
    assert opened(pdf.without_notes(told)).size == (60, 40)


def locked_pdf():
    with pikepdf.open(io.BytesIO(files.pdf())) as document:
        out = io.BytesIO()
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def sound_alone():
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=8000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        silence.sample_rate = 8000
        for packet in (*stream.encode(silence), *stream.encode()):
            container.mux(packet)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This file is empty."),
        (b"hello", "We cannot tell what this file is."),
        (files.gigapixels(), "This picture says that it has 65,535 by 65,535 pixels; 40 million"),
        (files.archive(), "This is an archive, whatever its name says."),
        (b"Rar!\x1a\x07", "This is an archive"),
        (b"\x1f\x8b\x08", "This is an archive"),
        (b"MZ\x90", "This is a program."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This file can hold scripts."),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg/>", "This file can hold scripts."),
        (b"<!DOCTYPE html><p>", "This file can hold scripts."),
        (b"\0\0\0\x18ftypheic", "This picture is in Apple's HEIC format"),
        (b"\0\0\0\x18ftypavif", "This picture is in the AVIF format"),
        (b"BM\0\0", "Save this picture as JPEG or PNG first"),
        (b"RIFX\0\0\0\0WEBP", "We cannot tell what this file is."),
        (files.script_in_a_gif(), "This file is a GIF and a script at once"),
        (files.picture() + b"<script>alert(1)</script>", "This file is a PNG and a script at once"),
        (files.picture() + files.archive(), "This file is a PNG and an archive at once"),
        (files.pdf() + files.archive(), "This file is a PDF and an archive at once"),
        (b"\xff\xd8\xff\xe0%PDF-1.7", "This file is a JPEG and a PDF at once"),
        (files.picture("JPEG", (300, 300))[:500], "This picture is cut off or damaged."),
        (files.picture("PNG", (300, 300))[:60], "This picture is cut off or damaged."),
        (files.picture("WEBP")[:30], "This picture is cut off or damaged."),
        (files.moving("GIF")[:40], "This picture is cut off or damaged."),
        (files.video()[:300], "This video is cut off or damaged."),
        (files.video("webm", "libvpx")[:120], "This video is cut off or damaged."),
        (b"\0\0\0\x18ftypisom", "This video is cut off or damaged."),
        (sound_alone(), "This file has no video in it"),
        (files.video("mov", "mjpeg"), "This video is written as mjpeg"),
        (files.pdf()[:200], "This PDF is cut off or damaged."),
        (b"%PDF-1.7 nothing more", "This PDF is cut off or damaged."),
        (locked_pdf(), "This PDF asks for a password."),
        (files.pdf(pages=51), "This PDF has 51 pages; 50 is the most."),
        (files.moving("GIF", frames=501), "This moving picture has 501 frames"),
    ],
)
def test_what_is_not_taken_is_refused_in_words(data, words):
    with pytest.raises(RefusedFileError) as refused:
        clean(data)
    assert refused.value.says.startswith(words)


def test_the_bomb_is_as_small_as_they_come():
    assert len(files.gigapixels()) == 68


def test_the_name_of_an_archive_does_not_make_it_a_picture():
    with pytest.raises(RefusedFileError, match="archive"):
        clean(files.sent(files.archive(), "holiday.png").read())


def test_a_file_too_large_is_refused_before_anything_of_it_is_read():
    png = BY_TYPE["image/png"]
    refuse_size(png, 20_000_000)
    with pytest.raises(RefusedFileError, match=r"This PNG has 20\.1 MB; 20 MB is the most\."):
        refuse_size(png, 20_050_000)


def test_whoever_reads_files_is_killed_when_its_time_is_up(monkeypatch):
    monkeypatch.setattr(cleaning, "WALL_SECONDS", 0.01)
    with pytest.raises(RefusedFileError, match="takes too much work"):
        clean(files.picture())
