"""Pictures and video, by what the author declares of them: a text for who cannot see, a right to use them, children."""

from collections.abc import Callable, Iterable, Mapping

from ..model import CheckError, Medium
from ..reading import Noticed, Reading
from .base import Kind
from .params import Param, Shape

LOOKS: dict[str, Callable[[Medium], bool]] = {
    "alt_text": lambda medium: not medium.alt_text.strip(),
    "licence": lambda medium: medium.licence == "unknown",
    "minors": lambda medium: medium.minors == "without_consent",
}


class Media(Kind):
    """``looks``: which of alt_text (none given), licence (nobody knows it), minors (no consent) to look for."""

    title = "Pictures and video"
    about = "Pictures and video without alt text, without a known licence, or of children without consent."
    takes: Mapping[str, Param] = {
        "looks": Param(
            "What it looks for",
            "Tick what to look for.",
            Shape.OPTIONS,
            {
                "alt_text": "no alt text",
                "licence": "no known licence",
                "minors": "children without consent",
            },
        ),
    }

    def compile(self) -> None:
        looks = self.params.get("looks", ())
        if not looks or set(looks) - set(LOOKS):
            raise CheckError(f"looks lists some of {', '.join(LOOKS)}")
        self._looks = [LOOKS[name] for name in looks]

    def look(self, reading: Reading) -> Iterable[Noticed]:
        """One finding behind the text, however many pictures lack it."""
        end = len(reading.view.text)
        if any(lacks(medium) for medium in reading.post.media for lacks in self._looks):
            yield Noticed(end, end)
