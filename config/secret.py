"""The key that signs sessions and links: made once, kept outside the database."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def secret_key(data: Path) -> str:
    """Read the installation's secret key, or make it with mode 600 on the first run.

    Commands that store nothing run where nothing can be written too: their key lives as long as they do.
    Whatever serves pages has made the folder before it starts.
    """
    path = data / "keys" / "secret_key"
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_once(path, secrets.token_urlsafe(64))
        return path.read_text()
    except OSError:
        return secrets.token_urlsafe(64)


def _write_once(path: Path, text: str) -> None:
    """Appears whole or not at all; whoever comes second keeps the first one's."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # mkstemp gives mode 600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        with suppress(FileExistsError):
            path.hardlink_to(name)
    finally:
        Path(name).unlink()
