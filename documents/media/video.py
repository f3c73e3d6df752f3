"""Videos: their streams copied, undecoded, into a new container that says nothing else. In a process of its own."""

import logging
from io import BytesIO
from math import isclose

import av
from av.container import InputContainer
from PIL import Image

from ..errors import RefusedFileError
from .child import serve
from .cleaned import Cleaned
from .kinds import BY_TYPE
from .limits import LARGEST_VIDEO, LONGEST_VIDEO
from .small import large, small

DAMAGED = "This video is cut off or damaged. Save it again and send that."
CODECS = {
    "mp4": {"h264", "hevc", "av1", "mpeg4", "aac", "mp3", "opus"},
    "webm": {"vp8", "vp9", "av1", "opus", "vorbis"},
}
TYPES = {kind.format: kind.media_type for kind in BY_TYPE.values()}
A_SECOND = av.time_base
UPRIGHT = {
    90: Image.Transpose.ROTATE_90,
    -90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    -180: Image.Transpose.ROTATE_180,
}


def clean(data: bytes, form: str) -> Cleaned:
    """The same picture and sound, in a container without place, time, device or further tracks."""
    logging.getLogger("libav").setLevel(logging.CRITICAL)
    try:
        with av.open(BytesIO(data), "r", format=form, metadata_errors="ignore") as source:
            stream = _refuse_unfit(source, form)
            turned, poster = _poster(source)
            removed = _told_by(source)
            duration = source.duration
        with av.open(BytesIO(data), "r", format=form, metadata_errors="ignore") as source:
            copied = _copied(source, form)
    except (av.FFmpegError, ValueError, IndexError, StopIteration) as error:
        if isinstance(error, RefusedFileError):
            raise
        raise RefusedFileError(DAMAGED) from error
    width, height = stream[::-1] if turned else stream
    return Cleaned(
        data=copied,
        media_type=TYPES[form],
        width=width,
        height=height,
        duration_ms=duration * 1000 // A_SECOND,
        removed=removed,
        thumbnail=small(poster),
        previews=(large(poster),),
    )


def _refuse_unfit(source: InputContainer, form: str) -> tuple[int, int]:
    """Width and height as the container says, once they and its length are known to be within limits."""
    if len(source.streams.video) != 1:
        raise RefusedFileError("This file has no video in it, or several. Send one video.")
    for stream in (*source.streams.video, *source.streams.audio):
        name = stream.codec_context.name
        if name not in CODECS[form]:
            raise RefusedFileError(
                f"This video is written as {name}, which browsers and networks do not show. "
                "Save it as MP4 (H.264 with AAC)."
            )
    stream = source.streams.video[0]
    if not 0 < stream.width <= LARGEST_VIDEO or not 0 < stream.height <= LARGEST_VIDEO:
        raise RefusedFileError(
            f"This video says that it has {stream.width:,} by {stream.height:,} pixels; "
            f"{LARGEST_VIDEO:,} a side is the most. Save it smaller."
        )
    if not source.duration or source.duration > LONGEST_VIDEO * A_SECOND:
        length = f"{source.duration / A_SECOND / 60:,.0f} minutes" if source.duration else "no end"
        raise RefusedFileError(
            f"This video says that it has {length}; {LONGEST_VIDEO // 60} minutes is the most."
        )
    return stream.width, stream.height


def _poster(source: InputContainer) -> tuple[bool, Image.Image]:
    """Whether it is shown on its side, and the first frame upright."""
    frame = next(source.decode(video=0))
    angle = next((one for one in UPRIGHT if isclose(frame.rotation, one)), 0)
    picture = Image.fromarray(frame.to_ndarray(format="rgb24"))
    if angle:
        picture = picture.transpose(UPRIGHT[angle])
    return angle in {90, -90}, picture


def _told_by(source: InputContainer) -> tuple[str, ...]:
    said = {name.lower() for name in source.metadata}
    said |= {name.lower() for stream in source.streams for name in stream.metadata}
    told = ["where it was taken"] if any("location" in name for name in said) else []
    if any(name.endswith(("make", "model")) for name in said):
        told.append("which camera or phone took it")
    if any(name.endswith(("creation_time", "creationdate", "date")) for name in said):
        told.append("when it was taken or changed")
    if said & {"title", "comment", "description", "artist", "author", "copyright", "synopsis"}:
        told.append("a title, names or comments inside the file")
    if any(stream.type not in {"video", "audio"} for stream in source.streams):
        told.append("further tracks, such as the camera's own measurements")
    return tuple(told)


def _copied(source: InputContainer, form: str) -> bytes:
    out = BytesIO()
    with av.open(out, "w", format=form, options={"fflags": "+bitexact"}) as target:
        tracks = {
            stream.index: target.add_stream_from_template(stream)
            for stream in (*source.streams.video, *source.streams.audio)
        }
        for packet in source.demux():
            track = tracks.get(packet.stream.index)
            if track is not None and packet.dts is not None:
                packet.stream = track
                target.mux(packet)
    return out.getvalue()


if __name__ == "__main__":
    serve("video", clean)
