"""Every mail says one thing in plain words, as text and as HTML."""

import html
import re
from pathlib import Path

import pytest

from organization import mail
from organization.models import Notice

FOLDER = Path(__file__).parents[2] / "templates/emails"
EVENTS = sorted(path.stem for path in FOLDER.glob("*.txt"))
CONTEXT = {
    "asked": "one reviewer of the desk",
    "author": "Ada <Lovelace>",
    "away": "Rex",
    "because": "Half of the promised time was up.",
    "begins": "1 July",
    "by": "Amin",
    "channel": "Own <LinkedIn>",
    "channels": "LinkedIn",
    "cleared": "U+0061 LATIN SMALL LETTER A",
    "column": 7,
    "drafter": "Lea",
    "due": "Friday",
    "due_on": "30 November 2026",
    "findings": ["Who says <hello>?"],
    "edition": 4,
    "in_force_from": "1 December 2026",
    "inviter": "Amin",
    "line": 1,
    "number": "0123456789abcdef",
    "officer": "Quinn",
    "policy_title": "Social media policy",
    "provision": "2.3 Claims & promises",
    "published": "U+0430 CYRILLIC SMALL LETTER A",
    "receiver": "Archive",
    "reason": "Don't name <prices>.",
    "reviewer": "Rex",
    "to": "Petra",
    "text": "Our <new> shed & its bikes.",
    "until": "3 July",
}


def test_each_has_both_forms():
    assert sorted(path.stem for path in FOLDER.glob("*.html")) == EVENTS


@pytest.mark.parametrize("event", EVENTS)
def test_it_reads_well_as_text_and_as_html(event, ada):
    letter = mail.message(Notice(person=ada, event=event, context=CONTEXT, path="/there/"))
    assert 5 < len(letter.subject) < 78
    assert letter.body.startswith("Hello Ada,\n\n")
    assert "/there/" in letter.body
    assert "\n\n\n" not in letter.body
    assert not re.search("&#?[a-z0-9]+;|{{|{%", letter.body)
    (page,) = [alternative.content for alternative in letter.alternatives]
    assert 'href="http://127.0.0.1:8000/there/"' in page
    assert "<prices>" not in page
    assert "style=" not in page
    for paragraph in re.findall(r"<p>(.*?)</p>", page, re.DOTALL)[1:-2]:
        assert html.unescape(paragraph) in letter.body
