"""What a process gives up before it reads what strangers wrote: memory, sockets, programs, files but Python's own."""

import resource
import sys
import sysconfig
from functools import partial
from pathlib import Path

from .errors import RenderError


def refuse_the_world(libraries: tuple[Path, ...], event: str, args: tuple) -> None:
    """An audit hook: a second wall behind whatever the library in use refuses by itself."""
    if event.startswith(
        ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork")
    ):
        raise RenderError(f"The document tried {event}; a document may reach nothing.")
    if event == "open" and isinstance(args[0], str | bytes):
        path = Path(args[0].decode() if isinstance(args[0], bytes) else args[0]).resolve()
        if not any(path.is_relative_to(library) for library in libraries):
            raise RenderError(f"The document tried to open {path}; a document may open nothing.")


def settle_in(memory: int) -> None:
    """Give up what reading or drawing a document does not need; ``memory`` in bytes."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    paths = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()}
    libraries = tuple(Path(path).resolve() for path in paths)
    sys.addaudithook(partial(refuse_the_world, libraries))


def limit_processor(seconds: int) -> None:
    """So many more seconds of processor time than are used up by now; then the system kills us."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
