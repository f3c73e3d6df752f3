"""Pictures: read within limits, turned upright, saved anew with nothing but what is seen. In a process of its own."""

from io import BytesIO

from PIL import ExifTags, Image, ImageCms, ImageOps, ImageSequence, JpegImagePlugin

from ..errors import RefusedFileError
from .child import serve
from .cleaned import Cleaned
from .kinds import BY_TYPE
from .limits import MEGABYTE, MOST_FRAMES, MOST_PIXELS, MOST_PIXELS_MOVING
from .small import large, small

DAMAGED = "This picture is cut off or damaged. Save it again and send that."
TYPES = {kind.format: kind.media_type for kind in BY_TYPE.values()}
HOW = {
    "JPEG": {"quality": 95, "optimize": True},
    "PNG": {"optimize": False},
    "GIF": {},
    "WEBP": {"quality": 95, "method": 4},
}
TOLD_BY_EXIF = {
    ExifTags.Base.Make: "which camera or phone took it",
    ExifTags.Base.Model: "which camera or phone took it",
    ExifTags.Base.DateTime: "when it was taken or changed",
    ExifTags.Base.DateTimeOriginal: "when it was taken or changed",
    ExifTags.Base.Artist: "who made it",
    ExifTags.Base.Copyright: "who made it",
    ExifTags.Base.ImageDescription: "a description inside the file",
    ExifTags.Base.Software: "which program saved it",
}


def clean(data: bytes, form: str) -> Cleaned:
    """The same picture, upright, in sRGB, without a word about where, when and by whom it was made."""
    Image.MAX_IMAGE_PIXELS = None  # ours is lower, and asked of the header just below
    try:
        picture = Image.open(BytesIO(data), formats=[form])
        _refuse_size(picture)
        removed = _told_by(picture)
        frames = _frames(picture)
    except (OSError, SyntaxError, ValueError, EOFError, IndexError) as error:
        if isinstance(error, RefusedFileError):
            raise
        raise RefusedFileError(DAMAGED) from error
    first = frames[0]
    return Cleaned(
        data=_saved(picture, frames, form),
        media_type=TYPES[form],
        width=first.width,
        height=first.height,
        frames=len(frames),
        removed=removed,
        thumbnail=small(first),
        previews=(large(first),),
    )


def _refuse_size(picture: Image.Image) -> None:
    pixels, frames = picture.width * picture.height, getattr(picture, "n_frames", 1)
    if pixels > MOST_PIXELS:
        raise RefusedFileError(
            f"This picture says that it has {picture.width:,} by {picture.height:,} pixels; "
            f"{MOST_PIXELS // MEGABYTE} million is the most. Save it smaller."
        )
    if frames > MOST_FRAMES or pixels * frames > MOST_PIXELS_MOVING:
        raise RefusedFileError(
            f"This moving picture has {frames:,} frames of {picture.width:,} by {picture.height:,} "
            "pixels, which is too much. Make it shorter or smaller, or send a video."
        )


def _told_by(picture: Image.Image) -> tuple[str, ...]:
    """What the file says besides the picture, in words, each once."""
    exif, info = picture.getexif(), picture.info
    told = ["where it was taken"] if exif.get_ifd(ExifTags.IFD.GPSInfo) else []
    tags = set(exif) | set(exif.get_ifd(ExifTags.IFD.Exif))
    told += [words for tag, words in TOLD_BY_EXIF.items() if tag in tags]
    if exif.get_ifd(ExifTags.IFD.IFD1):
        told.append("a small copy of the picture from before it was edited")
    if {"xmp", "XML:com.adobe.xmp"} & set(info):
        told.append("notes of editing programs (XMP)")
    if "photoshop" in info:
        told.append("captions and credits (IPTC)")
    if info.get("comment") or getattr(picture, "text", None):
        told.append("a comment inside the file")
    if getattr(picture, "mpinfo", None) or "mp" in info:
        told.append("further pictures behind this one")
    return tuple(dict.fromkeys(told))


def _frames(picture: Image.Image) -> list[Image.Image]:
    if not getattr(picture, "is_animated", False) or picture.format in {"JPEG", "MPO"}:
        picture.load()
        return [_as_seen(picture)]
    return [_bare(frame.copy()) for frame in ImageSequence.Iterator(picture)]


def _as_seen(picture: Image.Image) -> Image.Image:
    """Upright and in sRGB, so that neither needs a word in the file."""
    upright = ImageOps.exif_transpose(picture)
    profile = upright.info.get("icc_profile")
    if profile and upright.mode in {"RGB", "RGBA", "L", "CMYK"}:
        upright = _in_srgb(upright, profile)
    return _bare(upright.convert("RGB") if upright.mode == "CMYK" else upright)


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(picture, source, target, outputMode=mode)
    except (OSError, ImageCms.PyCMSError):  # a profile that does not fit: the numbers as they are
        return picture


def _bare(picture: Image.Image) -> Image.Image:
    """Keep what is needed to show it, and nothing else that the file said."""
    needed = {"transparency", "duration", "disposal", "blend", "loop", "background"}
    picture.info = {name: value for name, value in picture.info.items() if name in needed}
    return picture


def _saved(picture: Image.Image, frames: list[Image.Image], form: str) -> bytes:
    first, *more = frames
    how = dict(HOW[form])
    if form == "JPEG" and first.mode == picture.mode:  # as fine as it came, and no larger
        how |= {
            "qtables": picture.quantization,
            "subsampling": JpegImagePlugin.get_sampling(picture),
        }
        del how["quality"]
    if more:
        how |= {
            "save_all": True,
            "append_images": more,
            "duration": [int(one.info.get("duration", 100)) for one in frames],
            "loop": picture.info.get("loop", 0),
        }
    out = BytesIO()
    first.save(out, form, **how)
    return out.getvalue()


if __name__ == "__main__":
    serve("image", clean)
