"""Files kept for ever under the digest of their bytes."""

from django.core.files.storage import default_storage
from django.db import models

from . import files


class StoredFileQuerySet(models.QuerySet):
    """Rows are added and read. Nothing here changes or removes one."""

    def update(self, **_fields: object) -> int:
        raise TypeError("A stored file never changes. Store the new bytes as a new file.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A stored file is evidence and is never deleted here.")


class StoredFile(models.Model):
    """One sequence of bytes that evidence names: an edition's PDF, a receipt, a backing record."""

    digest = models.CharField(primary_key=True, max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StoredFileQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.media_type} {self.digest[:12]}"

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise TypeError("A stored file never changes. Store the new bytes as a new file.")
        super().save(*args, **kwargs)

    def delete(self, *_args: object, **_kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("A stored file is evidence and is never deleted here.")

    def read(self) -> bytes:
        """The bytes as stored; DamagedFileError when they are not the ones that were stored."""
        return files.read(default_storage, self.digest)

    def read_part(self, start: int, size: int) -> bytes:
        """Some of the bytes, unchecked; whoever reads the first of them has had all of them checked."""
        if start == 0:
            return self.read()[:size]
        return files.read_part(default_storage, self.digest, start, size)


def store(data: bytes, media_type: str) -> StoredFile:
    """Keep these bytes, once however often they come. The file is whole on disk before the row is."""
    digest = files.write(default_storage, data)
    row, _ = StoredFile.objects.get_or_create(
        digest=digest, defaults={"media_type": media_type, "size": len(data)}
    )
    return row
