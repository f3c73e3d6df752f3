"""What the library refuses, in words for whoever wrote it."""

from dataclasses import dataclass
from pathlib import Path


class WordingError(ValueError):
    """Words that cannot be used as they stand: where, what it is, and what to do."""

    def __init__(self, line: int, construct: str, says: str) -> None:
        super().__init__(f"Line {line}: {construct} {says}")
        self.line, self.construct, self.says = line, construct, says


class NotReadyError(ValueError):
    """A clause version that cannot go on as it stands; a sentence for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Problem:
    path: Path
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.says}"


class LibraryError(ValueError):
    """Files of the library that cannot be used; it names every problem at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
