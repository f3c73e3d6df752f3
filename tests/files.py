"""Small files that people might send up, made here: pictures, a video, PDFs, and hostile ones."""

import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

import av
import numpy as np
import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

RED, BLUE = (200, 30, 20), (20, 30, 200)


def saved(picture: Image.Image, form: str, **how: object) -> bytes:
    out = BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (60, 40), colour=RED, **how) -> bytes:
    return saved(Image.new("RGB", size, colour), form, **how)


def moving(form: str, frames: int = 4) -> bytes:
    pictures = [
        Image.new("RGB", (30, 20), (60 * number % 256, number % 251, 0)) for number in range(frames)
    ]
    return saved(pictures[0], form, save_all=True, append_images=pictures[1:], duration=80, loop=0)


def exif(turned: int = 1) -> Image.Exif:
    """What a phone writes: where, when, by what, and which way is up."""
    told = Image.Exif()
    told[ExifTags.Base.Orientation] = turned
    told[ExifTags.Base.Make] = "Fairphone"
    told[ExifTags.Base.DateTime] = "2026:11:28 10:00:00"
    told.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (51.0, 30.0, 3.0), 3: "W", 4: (0, 7, 5)})
    return told


def from_a_phone(turned: int = 1, size: tuple[int, int] = (60, 40)) -> bytes:
    return picture("JPEG", size, exif=exif(turned))


def chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)


def gigapixels() -> bytes:
    """68 bytes that claim 65,535 by 65,535 pixels."""
    head = struct.pack(">IIBBBBB", 65535, 65535, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", b"x\x9c" + 9 * b"\0"), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def archive() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as file:
        file.writestr("letter.txt", "Hello")
    return out.getvalue()


def script_in_a_gif() -> bytes:
    """A picture to a browser that shows it, a script to one that runs it."""
    return b"GIF89a/*" + picture("GIF")[8:] + b"*/=1;alert(1)"


def pdf(words: str = "Hello from the depot.", pages: int = 1, *, told: bool = False) -> bytes:
    """A PDF that says some words; ``told``: with a script, an attachment, an author and what a camera wrote."""
    document = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for _ in range(pages):
        page = document.add_blank_page(page_size=(300, 200))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = document.make_stream(f"BT /F1 12 Tf 20 100 Td ({words}) Tj ET".encode())
    if told:
        _tell(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _tell(document: pikepdf.Pdf) -> None:
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    document.Root.OpenAction = script
    document.docinfo["/Author"] = "Secretive Sam"
    document.attachments["plan.txt"] = b"the secret plan"
    image = document.make_stream(from_a_phone())
    facts = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB"}
    for name, value in facts.items():
        image[name] = pikepdf.Name(value)
    image["/Width"], image["/Height"], image["/BitsPerComponent"] = 60, 40, 8
    image.write(from_a_phone(), filter=pikepdf.Name.DCTDecode)
    page = document.pages[0]
    page.Resources.XObject = pikepdf.Dictionary(Im1=image)
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe")),
    )
    page.Annots = pikepdf.Array([document.make_indirect(link)])


def video(
    form: str = "mp4", codec: str = "libx264", seconds: int = 1, *, told: bool = False
) -> bytes:
    """A red square that lasts; ``told``: with a place and a title."""
    out = BytesIO()
    with av.open(out, "w", format=form) as container:
        if told:  # as phones do
            container.metadata.update({"location": "+51.5007-000.1246/", "title": "Secretive"})
        stream = container.add_stream(codec, rate=5)
        stream.width, stream.height = 64, 48
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.thread_count = 1
        for _ in range(5 * seconds):
            red = np.full((48, 64, 3), RED, dtype=np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(red, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return out.getvalue()


def sent(data: bytes, name: str = "picture.png") -> SimpleUploadedFile:
    """As a browser sends it."""
    return SimpleUploadedFile(name, data)
