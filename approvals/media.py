"""Files that go out with posts: sent up and not yet anybody's, then the exact bytes that revisions name."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from clause_library.checks.model import Medium
from documents.media.cleaned import Cleaned
from documents.models import StoredFile
from organization.models import Person

A_DAY = dt.timedelta(days=1)
FOLDER = "uploads"  # of the storage: what no revision names yet
FILE, THUMBNAIL = "file", "thumbnail"


class Facts(models.Model):
    """What was read from a file once it had been stripped; ``digest`` is the SHA-256 of what was left."""

    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField()  # bytes
    width = models.PositiveIntegerField()  # pixels; of a PDF's first page, points
    height = models.PositiveIntegerField()
    frames = models.PositiveIntegerField()
    duration_ms = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    removed = models.JSONField(default=list)  # in words, for whoever sent it
    words = models.TextField(blank=True)  # that a PDF says

    class Meta:
        abstract = True

    @property
    def previews(self) -> int:
        """How many there are: one of each page, or one of the first frame."""
        return self.pages or 1

    def describe(self, medium: Medium) -> Medium:
        """What an author says of this file, with what the file says itself."""
        return Medium(
            alt_text=medium.alt_text,
            licence=medium.licence,
            minors=medium.minors,
            file=self.digest,
            media_type=self.media_type,
            size=self.size,
            width=self.width,
            height=self.height,
            frames=self.frames,
            duration_ms=self.duration_ms,
            pages=self.pages,
            words=self.words,
        )


class UploadQuerySet(models.QuerySet):
    def of(self, person: Person) -> "UploadQuerySet":
        """Nobody else sees them."""
        return self.filter(uploader=person) if person.is_active else self.none()

    def forgotten(self, at: dt.datetime) -> "UploadQuerySet":
        return self.filter(received_at__lte=at - A_DAY)


class Upload(Facts):
    """A file that its author has sent up. It is theirs alone, of no post yet, and forgotten after a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads"
    )
    received_at = models.DateTimeField(default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["received_at"]
        indexes = [models.Index(fields=["received_at"])]
        constraints = [models.UniqueConstraint(fields=["uploader", "digest"], name="sent_up_once")]

    def __str__(self) -> str:
        return f"{self.media_type} sent up by {self.uploader_id}"

    def keep(self, cleaned: Cleaned) -> None:
        """Write its bytes where they can be taken away again; the row follows."""
        parts = {FILE: cleaned.data, THUMBNAIL: cleaned.thumbnail}
        parts |= {str(number): one for number, one in enumerate(cleaned.previews, start=1)}
        for part, data in parts.items():
            default_storage.save(self._name(part), ContentFile(data))

    def read(self, part: str = FILE) -> bytes:
        """Its own bytes, its thumbnail, or the preview of a page by its number."""
        with default_storage.open(self._name(part)) as file:
            return file.read()

    def picture(self, page: int) -> bytes | None:
        """The preview of a page, from 1; its thumbnail is 0; None where there is none. JPEG."""
        if page > self.previews:
            return None
        return self.read(str(page) if page else THUMBNAIL)

    def erase(self) -> None:
        """Take its bytes away. What a stop leaves behind, the clock finds."""
        for part in (FILE, THUMBNAIL, *map(str, range(1, self.previews + 1))):
            default_storage.delete(self._name(part))

    def _name(self, part: str) -> str:
        return f"{FOLDER}/{self.pk.hex}.{part}"


class MediaFile(Facts):
    """The exact bytes of one picture, video or PDF that a revision names. Rows are written once."""

    digest = models.CharField(primary_key=True, max_length=64)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    shown = models.JSONField()  # digests of the previews that reviewers see
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["kept_at"]

    def __str__(self) -> str:
        return f"{self.media_type} {self.digest[:12]}"

    def picture(self, page: int) -> bytes | None:
        """As of an upload."""
        if page > len(self.shown):
            return None
        wanted = self.shown[page - 1] if page else self.thumbnail_id
        return StoredFile.objects.get(digest=wanted).read()


class RevisionMedium(models.Model):
    """That a revision has this file, in this place. Rows are written once."""

    revision = models.ForeignKey("Revision", on_delete=models.PROTECT, related_name="has_media")
    number = models.PositiveSmallIntegerField()  # from 1
    file = models.ForeignKey(MediaFile, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "revision media"
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="one_file_in_each_place")
        ]

    def __str__(self) -> str:
        return f"Medium {self.number} of {self.revision_id}"


def kept_for(person: Person, digests: Iterable[str]) -> dict[str, Facts]:
    """Of these files those that this person may put into a post, by digest: sent up by them, or in a post of theirs.

    Two queries; none without digests.
    """
    wanted = {digest for digest in digests if digest}
    if not wanted:
        return {}
    own = MediaFile.objects.filter(
        digest__in=wanted, uses__revision__submission__author=person
    ).distinct()
    sent = Upload.objects.of(person).filter(digest__in=wanted)
    return {one.digest: one for one in (*sent, *own)}
