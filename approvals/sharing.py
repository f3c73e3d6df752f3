"""How a cleared post gets from our page into a network's own window. Pure; the table is the whole subject.

Checked in November 2026 against what the networks document: X (web intents), Bluesky (action intent links), Mastodon
(its official share page, which takes the text in the fragment, so that no server between reads it), Facebook (the
share dialog takes a link only; its ``quote`` was withdrawn in 2022), LinkedIn (its share page takes a link only; that
the start page takes ``text`` is written nowhere, so we open it empty). Where the text is not taken, the page copies it.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

TEXT, LINK, NOTHING = "text", "link", "nothing"
A_LINK = re.compile(r"https?://\S+")
ENDS = ".,;:!?)]}'\"\u201d\u2019\u00bb"


@dataclass(frozen=True)
class Window:
    """What opens a network's own window, and what it takes along.

    ``address`` holds ``{}`` where the quoted text, or its one link, goes. ``longest``: code points of a text that the
    network posts; 0 where the window takes none.
    """

    address: str
    takes: str
    longest: int = 0


WINDOWS = {
    "x": Window("https://x.com/intent/post?text={}", TEXT, 280),
    "bluesky": Window("https://bsky.app/intent/compose?text={}", TEXT, 300),
    "mastodon": Window("https://share.joinmastodon.org/#text={}", TEXT, 500),
    "facebook": Window("https://www.facebook.com/sharer/sharer.php?u={}", LINK),
    "linkedin": Window("https://www.linkedin.com/feed/?shareActive=true", NOTHING),
    "instagram": Window("https://www.instagram.com/", NOTHING),
    "tiktok": Window("https://www.tiktok.com/upload", NOTHING),
    "youtube": Window("https://studio.youtube.com/", NOTHING),
}


@dataclass(frozen=True)
class Handover:
    """One press: where it leads (empty: nowhere, the text is copied only), and whether the text is copied first."""

    address: str
    copies: bool


def hand_over(network: str, text: str) -> Handover:
    """What one press does for this text. A blog, and a network that is not in the table, has no window of its own."""
    window = WINDOWS.get(network)
    if window is None:
        return Handover("", copies=True)
    if window.takes == TEXT and len(text) <= window.longest:
        return Handover(window.address.format(quote(text, safe="")), copies=False)
    if window.takes == LINK and (link := only_link(text)):
        return Handover(window.address.format(quote(link, safe="")), copies=True)
    return Handover(_start_of(window), copies=True)


def only_link(text: str) -> str:
    """The link of a text that holds one; with two nobody knows which was meant."""
    links = {found.rstrip(ENDS) for found in A_LINK.findall(text)}
    return links.pop() if len(links) == 1 else ""


def _start_of(window: Window) -> str:
    """The window without anything in it."""
    if "{}" not in window.address:
        return window.address
    if window.takes == LINK:
        return "/".join(window.address.split("/")[:3]) + "/"
    return window.address.partition("?")[0].partition("#")[0]
