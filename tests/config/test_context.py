"""Each reader sees the places that are theirs, at the price of two queries."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from config.context import DESTINATIONS, navigation


@pytest.fixture
def see(rf):
    """What the pages know when this person opens this path."""

    def see(person, path="/"):
        request = rf.get(path)
        request.user = person
        return navigation(request)

    return see


@pytest.mark.parametrize("destination", DESTINATIONS, ids=lambda place: place.label)
def test_each_place_exists(destination):
    assert reverse(destination.url_name)


def test_a_reviewer_sees_the_queue_and_an_employee_does_not(see, ada, rex):
    queue = reverse("approvals:queue")
    assert queue in {place.path for place in see(rex)["nav"]}
    assert queue not in {place.path for place in see(ada)["nav"]}


def test_only_the_innermost_place_is_current(see, rex):
    nav = see(rex, reverse("approvals:queue"))["nav"]
    assert [place.path for place in nav if place.current] == [reverse("approvals:queue")]


def test_who_is_not_signed_in_sees_no_places(see, company):
    assert see(AnonymousUser()) == {"person": None, "nav": [], "company_name": "Acme"}


def test_two_queries_for_a_whole_request(rf, amin, django_assert_num_queries):
    request = rf.get("/")
    request.user = amin
    with django_assert_num_queries(2):
        navigation(request)
        navigation(request)


def test_a_request_that_was_refused_before_anyone_was_known_is_survived(rf, company):
    assert navigation(rf.get("/"))["person"] is None
