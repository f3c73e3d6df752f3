"""Thumbnails and previews: JPEG on white, in sRGB, with nothing in them but the picture."""

from io import BytesIO

from PIL import Image

from .limits import LARGE, SMALL


def small(picture: Image.Image) -> bytes:
    """A thumbnail, for lists and records."""
    return _jpeg(picture, SMALL)


def large(picture: Image.Image) -> bytes:
    """A preview, as large as a network shows it."""
    return _jpeg(picture, LARGE)


def _jpeg(picture: Image.Image, longest: int) -> bytes:
    shown = picture.copy()
    shown.thumbnail((longest, longest))
    shown = shown.convert("RGBA")
    ground = Image.new("RGB", shown.size, "white")
    ground.paste(shown, mask=shown.getchannel("A"))
    out = BytesIO()
    ground.save(out, "JPEG", quality=80)
    return out.getvalue()
