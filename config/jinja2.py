"""The one Jinja2 environment of our pages and mails."""

from datetime import date, datetime, tzinfo

from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse
from django.utils import formats, timezone, translation
from jinja2 import Environment, StrictUndefined, select_autoescape

from .breaks import keep_lines


def environment(**options: object) -> Environment:
    """Strict (a misspelt name fails), escaped by extension (a plain mail shows no ``&#39;``)."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    env = Environment(**options | {"autoescape": select_autoescape(["html"])})  # noqa: S701  it does
    env.globals |= {
        "url": url,
        "static": staticfiles_storage.url,
        "today": timezone.localdate,
        "language": translation.get_language,
    }
    env.filters |= {"day": day, "moment": moment, "clock": clock, "keep_lines": keep_lines}
    return env


def url(name: str, *args: object, **query: object) -> str:
    """A path by its name; keyword arguments become the query string."""
    return reverse(name, args=args, query=query or None)


def day(value: date | datetime | str) -> str:
    """A date (also as ISO 8601) as the reader's region writes it."""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return formats.date_format(timezone.localtime(value) if isinstance(value, datetime) else value)


def clock(value: datetime) -> str:
    """A time of today in the reader's zone."""
    return f"{timezone.localtime(value):%H:%M}"


def moment(value: datetime, zone: tzinfo | None = None) -> str:
    """A date and time in the reader's zone, or in the one given, with the zone's name."""
    local = timezone.localtime(value, zone)
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} {local:%Z}"
