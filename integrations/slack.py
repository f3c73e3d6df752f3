"""A review that is wanted, as a Slack message in Block Kit. Pure.

The words of people stand in ``plain_text`` objects, where Slack reads no mark-up and no mention; the fallback line,
which it does read, is escaped as its guide says: ``&``, ``<`` and ``>``.
"""

from .wanted import Wanted, shortened

LONGEST_TEXT, LONGEST_HEADER, LONGEST_FIELD = 3000, 150, 2000  # characters that Slack takes
LONGEST_FALLBACK = 300


def message(wanted: Wanted) -> dict:
    """The body of a request to an incoming webhook."""
    fields = [_plain(f"{name}\n{said}") for name, said in wanted.bounded_facts()]
    blocks = [
        {"type": "header", "text": _plain(wanted.title, LONGEST_HEADER)},
        {"type": "section", "fields": fields},
    ]
    if wanted.text:
        blocks.append({"type": "section", "text": _plain(wanted.text, LONGEST_TEXT)})
    blocks.append({"type": "actions", "elements": [_button(wanted)]})
    return {"text": _bounded(wanted.title, LONGEST_FALLBACK), "blocks": blocks}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _bounded(text: str, longest: int) -> str:
    """Escaped, and no longer than that as sent: a sign that is escaped counts for as many as are sent."""
    short = shortened(text, longest)
    while len(escaped(short)) > longest:
        short = shortened(short, len(short) - (len(escaped(short)) - longest + 4) // 5)
    return escaped(short)


def _plain(text: str, longest: int = LONGEST_FIELD) -> dict:
    return {"type": "plain_text", "text": _bounded(text, longest), "emoji": False}


def _button(wanted: Wanted) -> dict:
    return {
        "type": "button",
        "action_id": "open",
        "text": _plain(wanted.button),
        "url": wanted.link,
        "style": "primary",
    }
