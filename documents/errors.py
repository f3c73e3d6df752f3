"""What can go wrong with a document, each with what to do about it."""


class RenderError(Exception):
    """No PDF was made; the message says why and what to do."""


class DocumentTooLarge(RenderError):  # noqa: N818 - the condition is the name
    """The document is past the size limit, or took more time or memory than one may take."""


class DamagedFileError(Exception):
    """A stored file is missing, or its bytes are no longer those that were stored."""


class NoRoomError(Exception):
    """The file could not be written whole, so nothing was kept of it."""


class RefusedFileError(ValueError):
    """A file that somebody handed in is not taken; ``says`` tells why and the way on. Nothing was kept."""

    def __init__(self, says: str) -> None:
        self.says = says
        super().__init__(says)
