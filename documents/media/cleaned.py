"""What is left of a file once it has been read and stripped."""

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Cleaned:
    """The file as it is kept, hashed and shown, and what was read from it.

    ``removed``: what it no longer says, in words. ``words``: what a PDF says. Thumbnail and previews are JPEG,
    the first frame or each page.
    """

    data: bytes
    media_type: str
    width: int = 0
    height: int = 0
    frames: int = 0
    duration_ms: int = 0
    pages: int = 0
    removed: tuple[str, ...] = ()
    words: str = ""
    thumbnail: bytes = b""
    previews: tuple[bytes, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what is kept."""
        return sha256(self.data).hexdigest()

    def facts(self) -> dict:
        """What is known of it besides bytes, as JSON keeps it."""
        return {
            "media_type": self.media_type,
            "width": self.width,
            "height": self.height,
            "frames": self.frames,
            "duration_ms": self.duration_ms,
            "pages": self.pages,
            "removed": list(self.removed),
            "words": self.words,
        }
