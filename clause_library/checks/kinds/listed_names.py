"""Names on lists that the company keeps: projects, customers that are not yet public."""

from collections.abc import Iterable, Mapping

from ..model import CheckError
from ..names import names_in
from ..reading import Noticed, Reading
from ..view import View
from .base import Kind
from .params import Param, Shape


class ListedNames(Kind):
    """``lists``: which lists. ``fix``: what to say instead.

    A finding is the name as typed and nothing else, with the same message for every list: it tells an author no
    more than they wrote.
    """

    title = "Listed names"
    about = "Names on lists that the company keeps: projects, customers that are not yet public."
    takes: Mapping[str, Param] = {
        "lists": Param(
            "Lists",
            "Lists that the company keeps: project_names, unannounced_customers.",
            Shape.LINES,
        ),
        "fix": Param("Wording to offer instead", "What to say in the name's place.", Shape.TEXT),
    }

    def compile(self) -> None:
        self._lists = tuple(self.params.get("lists", ()))
        if not self._lists or not all(isinstance(name, str) for name in self._lists):
            raise CheckError("lists names at least one list that the company keeps")
        self._fix = self.params.get("fix")
        if self._fix is not None and not isinstance(self._fix, str):
            raise CheckError("fix is what to say instead of the name")

    def look(self, reading: Reading) -> Iterable[Noticed]:
        for name in self._lists:
            for start, end in names_in(reading.view, tuple(reading.post.listed.get(name, ()))):
                yield self._notice(start, end, reading.view)

    def _notice(self, start: int, end: int, view: View) -> Noticed:
        """With the # of its tag; no fix where the name is only a piece of a word or of a link."""
        plain = view.plain
        if start and plain[start - 1] in "#@":
            start -= 1
        first, last = view.plain_as_typed(start, end)
        around = plain[start - 1 : start] + plain[end : end + 1]
        in_link = any(link[0] <= start < link[1] for link in view.links)
        if self._fix is None or in_link or any(map(_is_written_on, around)):
            return Noticed(first, last)
        return Noticed(first, last, _capital(self._fix) if _begins(plain, start) else self._fix)


def _is_written_on(char: str) -> bool:
    return char.isalnum() or char in "_-"


def _begins(plain: str, start: int) -> bool:
    """Whether a sentence begins here."""
    return plain[:start].rstrip(" \"'")[-1:] in {"", ".", "!", "?", "\n"}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
