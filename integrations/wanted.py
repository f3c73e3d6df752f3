"""What a room of reviewers is told of a post that waits: plain values, as both Slack and Teams show them. Pure."""

from dataclasses import dataclass

LONGEST_FACT = 200  # characters


@dataclass(frozen=True)
class Wanted:
    """A review that is wanted. ``facts`` are pairs of words; ``text`` is empty where it is not to leave."""

    title: str
    facts: tuple[tuple[str, str], ...]
    text: str
    link: str  # carries an id and no right: whoever opens it signs in and decides there
    button: str = "Open it to decide"

    def bounded_facts(self) -> list[tuple[str, str]]:
        """None longer than a room needs."""
        return [(name, shortened(said, LONGEST_FACT)) for name, said in self.facts]


def shortened(text: str, longest: int) -> str:
    """At most so many characters, an ellipsis among them where something is left out."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
