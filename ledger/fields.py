"""A column of bytes that is always read as bytes, whatever a database driver hands over."""

from typing import Any

from django.db import models


class BytesField(models.BinaryField):
    """PostgreSQL's driver gives memoryviews; SQLite gives text where somebody wrote text."""

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        if value is None:
            return None
        return value.encode() if isinstance(value, str) else bytes(value)
