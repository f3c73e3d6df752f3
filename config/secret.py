"""The key that signs sessions and links: made once, kept outside the database."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """Read the installation's secret key, or make it with mode 600 on the first run."""
    path = data / "keys" / "secret_key"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with path.open("x", opener=_private) as file:
                file.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass  # another process was faster; its key is the key
    return path.read_text()


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
