"""A server on this machine that stands in for Slack, Teams or a program, and checks a request as the real one does."""

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

MOST_BLOCKS, MOST_FIELDS, LONGEST_FIELD, LONGEST_URL = 50, 10, 2000, 3000
LARGEST_CARD = 28 * 1024
BARE = re.compile(r"&(?!amp;|lt;|gt;)|[<>]")
CARD = "application/vnd.microsoft.card.adaptive"
ELEMENTS = {"RichTextBlock": "inlines", "Container": "items", "TextRun": None}


def slack(body: bytes) -> tuple[int, str]:
    """An incoming webhook: ``ok``, or the error that Slack names. Limits: the reference of Block Kit."""
    try:
        told = json.loads(body)
    except ValueError:
        return 400, "invalid_payload"
    if not isinstance(told, dict) or not (told.get("text") or told.get("blocks")):
        return 400, "no_text"
    if BARE.search(told.get("text", "")):
        return 400, "invalid_payload"
    blocks = told.get("blocks", [])
    fits = len(blocks) <= MOST_BLOCKS and all(map(_is_block, blocks))
    return (200, "ok") if fits else (400, "invalid_blocks")


def _is_block(block: dict) -> bool:
    fields, elements = block.get("fields", []), block.get("elements", [])
    try:
        parsed = Block.parse(block)
        known = parsed is not None and parsed.to_dict()["type"] == block["type"]
    except SlackObjectFormationError:
        return False
    return (
        known
        and len(fields) <= MOST_FIELDS
        and all(0 < len(one["text"]) <= LONGEST_FIELD for one in fields)
        and all(len(one.get("url", "")) <= LONGEST_URL for one in elements)
        and all(one["text"] and not BARE.search(one["text"]) for one in _texts(block))
    )


def _texts(block: dict):
    """Every text object of a block."""
    found = [block, *block.get("elements", [])]
    return [*block.get("fields", []), *(one["text"] for one in found if "text" in one)]


def teams(body: bytes) -> tuple[int, str]:
    """The webhook of a workflow: 202, or why not. Format: “Create incoming webhooks with Workflows”."""
    if len(body) > LARGEST_CARD:
        return 413, "RequestEntityTooLarge"
    try:
        told = json.loads(body)
    except ValueError:
        return 400, "InvalidRequestContent"
    attachments = told.get("attachments") or []
    if told.get("type") != "message" or not attachments:
        return 400, "TriggerInputSchemaMismatch"
    fits = all(one.get("contentType") == CARD and _is_card(one["content"]) for one in attachments)
    return (202, "") if fits else (400, "BadRequest: Card format invalid")


def _is_card(card: dict) -> bool:
    version = tuple(map(int, card["version"].split(".")))
    return (
        card["type"] == "AdaptiveCard"
        and version <= (1, 5)
        and bool(card["body"])
        and all(map(_is_element, card["body"]))
        and all(
            one["type"] == "Action.OpenUrl" and one["title"] and one["url"].startswith("http")
            for one in card.get("actions", [])
        )
    )


def _is_element(element: dict) -> bool:
    inner = ELEMENTS.get(element["type"], "unknown")
    if inner is None:
        return isinstance(element["text"], str)
    return bool(element.get(inner)) and all(map(_is_element, element[inner]))


@dataclass
class StandIn:
    """``answer`` says what comes back for a body; ``got`` is all that came."""

    answer: object
    got: list = field(default_factory=list)
    url: str = ""
    host: str = ""
    trusts_it: object = None


@contextmanager
def standing_in(answer, tls=None):
    """Serve on a free port of the loopback until the block ends. ``answer``: body → (status, text[, headers])."""
    this = StandIn(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            this.got.append((dict(self.headers), body))
            status, text, *headers = this.answer(body)
            self.send_response(status)
            for name, value in (headers or [{}])[0].items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # whoever hangs up is no news
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    this.host = f"127.0.0.1:{server.server_port}"
    this.url = f"http://{this.host}/hook"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    try:
        yield this
    finally:
        server.shutdown()
        server.server_close()
