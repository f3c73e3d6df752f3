"""A notice in one line: the subject that its mail has."""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string

from .models import Company, Notice, Person


class Headline(NamedTuple):
    notice: Notice
    says: str


def of(notices: Iterable[Notice], person: Person) -> list[Headline]:
    """Notices with their headlines, in the language of the page. Asks for the company once."""
    shared = {"person": person, "company_name": Company.current().name}
    return [Headline(notice, _first_line(notice, shared)) for notice in notices]


def _first_line(notice: Notice, shared: dict) -> str:
    link = settings.COUNTERSIGN_URL + notice.path
    text = render_to_string(f"emails/{notice.event}.txt", notice.context | shared | {"link": link})
    return text.lstrip().partition("\n")[0]
