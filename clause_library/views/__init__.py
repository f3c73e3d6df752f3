"""Pages of the library: find a clause, read it, write it, write its checks and try them."""

from .checks import as_data, check, copy_check, new_check, remove_check, try_checks
from .library import clause, clauses, draft, start, step, version

__all__ = [
    "as_data",
    "check",
    "clause",
    "clauses",
    "copy_check",
    "draft",
    "new_check",
    "remove_check",
    "start",
    "step",
    "try_checks",
    "version",
]
