"""Does the post fit the network: length as the network counts, tags, mentions?"""

import unicodedata
from collections.abc import Iterable, Mapping

import re2

from ..model import CheckError
from ..reading import Noticed, Reading
from ..view import encodable
from .base import Kind
from .params import Param, Shape

_LINK_ON_X = 23
_WIDE = re2.compile(
    r"[^\x{0}-\x{10FF}\x{2000}-\x{200D}\x{2010}-\x{201F}\x{2032}-\x{2037}]"
)  # 2 on X


class ChannelFit(Kind):
    """``limits``: {network: characters}; ``tags``: {network: most tags}; ``mentions``: {network: most mentions}."""

    title = "Channel fit"
    about = "Posts that are too long for a network, or have too many tags or mentions for it."
    takes: Mapping[str, Param] = {
        "limits": Param(
            "Most characters", "{network: most characters}, as the network counts.", Shape.DATA
        ),
        "tags": Param("Most tags", "{network: most #tags}.", Shape.DATA),
        "mentions": Param("Most mentions", "{network: most @mentions}.", Shape.DATA),
    }

    reads_channel = True

    def compile(self) -> None:
        for key in ("limits", "tags", "mentions"):
            if any(
                not isinstance(most, int) or most < 1 for most in self.params.get(key, {}).values()
            ):
                raise CheckError(f"{key} gives a whole number above 0 for each network")

    def look(self, reading: Reading) -> Iterable[Noticed]:
        channel, text = reading.post.channel, reading.view.text
        limit = self.params.get("limits", {}).get(channel)
        if limit is not None and length_on(channel, reading) > limit:
            yield Noticed(min(limit, len(text)), len(text))
        for key, sign in (("tags", "#"), ("mentions", "@")):
            most = self.params.get(key, {}).get(channel)
            if most is None or text.count(sign) <= most:
                continue
            places = [
                n for n, char in enumerate(text) if char == sign and text[n + 1 : n + 2].isalpha()
            ]
            if len(places) > most:
                yield Noticed(places[most], len(text.rstrip()))


def length_on(channel: str, reading: Reading) -> int:
    """Characters as the network counts them: X counts a link as 23 and wide characters twice."""
    text = unicodedata.normalize("NFC", reading.view.text)
    if channel not in {"x", "twitter"}:
        return len(text)
    links = reading.view.links
    in_links = sum(
        last - first for first, last in (reading.view.plain_as_typed(*link) for link in links)
    )
    return len(text) + _count_wide(text) - in_links + _LINK_ON_X * len(links)


def _count_wide(text: str) -> int:
    return 0 if text.isascii() else len(_WIDE.findall(encodable(text)))
