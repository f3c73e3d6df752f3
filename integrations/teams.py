"""A review that is wanted, as a Microsoft Teams message: an Adaptive Card for the webhook of a workflow. Pure.

The words of people stand in text runs, which know no Markdown, so that none of them becomes a link or a mention.
"""

from .wanted import Wanted, shortened

VERSION = "1.5"  # the newest that Teams shows everywhere
LONGEST_TEXT = 4000  # characters; the whole message may have 28 KB
MOST_BYTES = 3 * LONGEST_TEXT
LONGEST_TITLE = 150


def message(wanted: Wanted) -> dict:
    """The body of a request to a workflow that starts “when a Teams webhook request is received”."""
    body = [
        _words(shortened(wanted.title, LONGEST_TITLE), size="Medium", weight="Bolder"),
        *[_fact(name, said) for name, said in wanted.bounded_facts()],
    ]
    if wanted.text:
        words = _words(_fitting(wanted.text))
        body.append({"type": "Container", "style": "emphasis", "items": [words]})
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": VERSION,
        "fallbackText": shortened(wanted.title, LONGEST_TITLE),
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": wanted.button, "url": wanted.link}],
    }
    content_type = "application/vnd.microsoft.card.adaptive"
    attachment = {"contentType": content_type, "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _words(text: str, **looks: str) -> dict:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **looks}]}


def _fact(name: str, said: str) -> dict:
    label = {"type": "TextRun", "text": f"{name}: ", "weight": "Bolder"}
    return {"type": "RichTextBlock", "inlines": [label, {"type": "TextRun", "text": said}]}


def _fitting(text: str) -> str:
    """Bounded by bytes as sent (UTF-8), so that a text of many emoji fits as well."""
    short = shortened(text, LONGEST_TEXT)
    while len(short.encode()) > MOST_BYTES:
        short = shortened(short, len(short) * 3 // 4)
    return short
