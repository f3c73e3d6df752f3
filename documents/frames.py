"""How the renderer and its parent talk: a JSON line that gives sizes, then that many raw bytes."""

import json
from typing import BinaryIO


def send(stream: BinaryIO, message: dict, *parts: bytes) -> None:
    """Write one message and its parts."""
    head = json.dumps(message | {"sizes": [len(part) for part in parts]}).encode()
    stream.write(head + b"\n" + b"".join(parts))
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict, list[bytes]]:
    """Read one message and its parts; EOFError when the other side has gone."""
    head = stream.readline()
    if not head.endswith(b"\n"):
        raise EOFError
    message = json.loads(head)
    return message, [_exactly(stream, size) for size in message.pop("sizes")]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    part = stream.read(size)
    if len(part) != size:
        raise EOFError
    return part
