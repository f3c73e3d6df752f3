"""X02: nobody gets the language or the time zone of whoever came before."""

import random

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.utils import timezone, translation

from organization.middleware import PersonalPreferences


def answer(_request):
    return HttpResponse(f"{timezone.get_current_timezone_name()} {translation.get_language()}")


def test_a_thousand_mixed_requests_each_get_their_own_zone_and_language(rf, ada, zoe):
    ada.time_zone, ada.language = "Asia/Tokyo", "en"
    zoe.language = "en-gb"
    people = {
        ada: "Asia/Tokyo en",
        zoe: "Europe/London en-gb",  # her unit's zone
        AnonymousUser(): "UTC en",
    }
    middleware = PersonalPreferences(answer)
    for person in random.choices(list(people), k=1000):  # noqa: S311
        request = rf.get("/")
        request.user = person
        assert middleware(request).content.decode() == people[person]


def test_nothing_is_left_behind_when_a_page_fails(rf, ada):
    def fail(_request):
        raise ZeroDivisionError

    ada.time_zone = "Asia/Tokyo"
    request = rf.get("/")
    request.user = ada
    try:
        PersonalPreferences(fail)(request)
    except ZeroDivisionError:
        assert timezone.get_current_timezone_name() == "UTC"
