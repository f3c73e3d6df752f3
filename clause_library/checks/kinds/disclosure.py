"""Does praise for our brand say who speaks, in words that readers understand, before the fold? (16 CFR 255.5)"""

from collections.abc import Iterable, Mapping

from ..patterns import Span, near
from ..reading import Noticed, Reading
from .base import Kind
from .params import Param, Shape

_BESIDE = 2  # sentences between praise and the name it is about
_SOUP = 4  # tags in a row among which nobody notices one
_WIDEST_TAG = 200  # characters of a tag with the spaces after it; a wider one ends the row


class Disclosure(Kind):
    """Finds an endorsement without a clear connection. All wordings stand in ``params``, by language.

    ``praise``, ``partner_praise``: what endorses. ``not_praise``: in the same sentence, no endorsement.
    ``accepted``: {language: patterns}. ``languages``: {language: its small words}. ``vague``: tags that fool nobody.
    ``fixes``: {relation: {language: text}} put in front, ``{company}`` filled in.
    ``messages``: {late|vague|language: text}. ``fold``: code points that are read before "more".
    """

    title = "Disclosure"
    about = "Praise for us that does not say, clearly and early, that its author works for us or is paid."
    takes: Mapping[str, Param] = {
        "praise": Param("Praise", "What endorses us."),
        "partner_praise": Param("Praise by partners", "What endorses us when a partner says it."),
        "not_praise": Param("No praise", "With one of these in the sentence it endorses nothing."),
        "about": Param("About us", "What makes a sentence one about us."),
        "vague": Param("Vague", "Tags that no reader understands as a tie to us."),
        "excuses": Param(
            "What undoes a disclosure",
            "Where one of these holds, it does not count.",
            Shape.EXCUSES,
        ),
        "accepted": Param(
            "Accepted",
            "What says the tie clearly: {language: [patterns]}; “any” for all languages.",
            Shape.DATA,
        ),
        "languages": Param(
            "Languages",
            "{language: [its small words]}, to tell which one a post is in.",
            Shape.DATA,
        ),
        "fixes": Param(
            "Wording to offer",
            "{relation: {language: text}}, put in front; {company} is filled in.",
            Shape.DATA,
        ),
        "messages": Param(
            "Messages",
            "{late, vague or language: text}, where the usual one does not fit.",
            Shape.DATA,
        ),
        "fold": Param("Fold", "How many characters are read before “more”.", Shape.DATA),
    }

    def compile(self) -> None:
        self._praise = self.patterns("praise", sets_off=True)
        self._partner_praise = self.patterns("partner_praise", sets_off=True)
        self.triggers = self._praise | self._partner_praise
        self._not_praise = self.patterns("not_praise")
        self._about = self.patterns("about")
        self._accepted = {
            language: frozenset(self.numbers(found))
            for language, found in self.params["accepted"].items()
        }
        self._small_words = {
            language: frozenset(found) for language, found in self.params["languages"].items()
        }
        self._vague = self.patterns("vague")
        self._excused = self.excuses()
        self._fixes = self.params["fixes"]
        self._messages = self.params.get("messages", {})
        self._fold = int(self.params.get("fold", 125))

    def look(self, reading: Reading) -> Iterable[Noticed]:
        praising = self._praising(reading)
        if not praising:
            return
        language = self._language(reading, praising)
        early, late, foreign = self._disclosures(reading, language)
        if early:
            return
        yield Noticed(
            0, 0, self._text(reading, language), self._message(reading, late=late, foreign=foreign)
        )

    def _praising(self, reading: Reading) -> frozenset[int]:
        """The sentences that praise and speak of us, or stand beside one that does."""
        matches = reading.matches
        about = near(matches.sentences(self._about), _BESIDE)
        linked = self._links_to_us(reading)
        numbers = self._praise
        if reading.post.author_relation == "partner":
            numbers |= self._partner_praise
        praising = matches.sentences(numbers) - matches.sentences(self._not_praise)
        return praising if linked else praising & about

    def _links_to_us(self, reading: Reading) -> bool:
        names = ["".join(name.lower().split()) for name in reading.post.company]
        hosts = [
            reading.view.plain[start:end].partition("//")[2].partition("/")[0]
            for start, end in reading.view.links
        ]
        return any(name in host for host in hosts for name in names if name)

    def _language(self, reading: Reading, praising: frozenset[int]) -> str:
        """The language of the praise: what else stands in the post does not matter."""
        text = " ".join(map(reading.sentence_text, sorted(praising)))
        tokens = text.replace("'", " ").split()
        scores = {
            language: sum(token.strip('.,!?:;"()') in small for token in tokens)
            for language, small in self._small_words.items()
        }
        best = max(scores, key=scores.get, default="en")
        return best if scores.get(best, 0) > max(1, scores.get("en", 0)) else "en"

    def _disclosures(self, reading: Reading, language: str) -> tuple[bool, bool, bool]:
        """Is there one early enough, one too late, one in another language only?"""
        early = late = foreign = False
        for spoken, numbers in self._accepted.items():
            for span in reading.matches.all(numbers):
                if any(excuse.holds(span, reading) for excuse in self._excused) or self._is_drowned(
                    span, reading
                ):
                    continue
                if spoken not in (language, "any"):
                    foreign = True
                elif self._is_early(span, reading):
                    early = True
                else:
                    late = True
        return early, late, foreign

    def _is_early(self, span: Span, reading: Reading) -> bool:
        start, _ = reading.view.as_typed(span.start, span.end)
        return start <= self._fold or (span.sentence <= 1 and start <= 2 * self._fold)

    def _is_drowned(self, span: Span, reading: Reading) -> bool:
        """Among a row of tags, unless it leads them."""
        words = reading.view.words
        if words[max(0, span.start - 1) : span.start + 1].count("#") == 0:
            return False
        before = tags_before(words, span.start, _SOUP)
        return before > 0 and before + tags_after(words, span.end, _SOUP) + 1 >= _SOUP

    def _text(self, reading: Reading, language: str) -> str:
        by_language = self._fixes[reading.post.author_relation]
        company = reading.post.company[0] if reading.post.company else "the company"
        return by_language.get(language, by_language["en"]).replace("{company}", company)

    def _message(self, reading: Reading, *, late: bool, foreign: bool) -> str | None:
        if late:
            return self._messages.get("late")
        if foreign:
            return self._messages.get("language")
        if reading.matches.occurs(self._vague):
            return self._messages.get("vague")
        return None


def tags_before(words: str, place: int, most: int) -> int:
    """How many tags in a row end at a place, a half-read one with them; counted up to ``most``."""
    count = 0
    rest = words[max(0, place - most * _WIDEST_TAG) : place].rstrip("#").split()
    while count < most and count < len(rest) and rest[-count - 1].startswith("#"):
        count += 1
    return count


def tags_after(words: str, place: int, most: int) -> int:
    """How many tags in a row follow a place; counted up to ``most``."""
    count = 0
    rest = words[place : place + most * _WIDEST_TAG].split()
    while count < most and count < len(rest) and rest[count].startswith("#"):
        count += 1
    return count
