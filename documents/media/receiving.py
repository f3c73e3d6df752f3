"""Files on their way in: to the disk, never into memory, and no further than a file may be large."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from .limits import MOST_REQUESTED, MOST_UPLOADED


class Bounded(TemporaryFileUploadHandler):
    """Counts every byte and writes no more than are allowed.

    A file that was too large comes out with its true size and without its rest, so that the page can name both
    numbers and keep what else was written in the form. A request that is far too large is cut off.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict,  # noqa: N803  Django's name
        content_length: int,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if content_length > MOST_REQUESTED:
            raise RequestDataTooBig(f"{content_length:,} bytes in one request are too many.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = MOST_UPLOADED - start
        if room > 0:
            super().receive_data_chunk(raw_data[:room], start)


def is_whole(file: UploadedFile) -> bool:
    """Whether all that was sent of it was kept."""
    return file.size <= MOST_UPLOADED
