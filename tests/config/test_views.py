"""The front door, health, our key, and what a person sees who is stopped."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import path
from django_fsm import TransitionNotAllowed

from config import readiness, urls
from ledger import guards, keys

pytestmark = pytest.mark.django_db


class TooLateError(Exception):
    status = 409
    says = "The post has changed since you opened it."


class NotPossibleError(Exception):
    says = "This name cannot be shown in a PDF."


FAULTS = {
    "moved-on": TransitionNotAllowed(),
    "changed": TooLateError(),
    "impossible": NotPossibleError(),
    "not-yours": PermissionDenied("Only the author changes a post."),
    "not-yours-at-all": PermissionDenied("submission: clear"),
    "our-mistake": ZeroDivisionError(),
}


def fail(_request, name):
    raise FAULTS[name]


urlpatterns = [path("fail/<str:name>", fail), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


def test_a_stranger_is_shown_to_the_sign_in_page(client):
    response = client.get("/", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[-1][0].startswith("/sign-in/")


def test_health_is_one_word_and_one_query(client, django_assert_num_queries):
    client.get("/healthz")
    with django_assert_num_queries(1):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]


def test_health_says_that_migrations_are_pending(client, monkeypatch):
    monkeypatch.setattr(readiness, "_migrated", set())
    ((app, last),) = MigrationLoader(connection).graph.leaf_nodes("approvals")
    MigrationRecorder(connection).record_unapplied(app, last)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.content == b"Migrations are pending. Run `manage.py migrate`."


def test_who_asks_from_the_machine_itself_learns_what_is_wrong(client):
    guards.remove(connection)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"manage.py migrate" in response.content


def test_a_stranger_learns_only_that_something_is_wrong(client):
    guards.remove(connection)
    response = client.get("/readyz", REMOTE_ADDR="203.0.113.9")
    assert response.status_code == 503
    assert response.content.startswith(b"Not ready.")
    assert b"guard" not in response.content


def test_an_administrator_learns_it_from_anywhere(client, amin):
    guards.remove(connection)
    client.force_login(amin)
    assert b"guard" in client.get("/readyz", REMOTE_ADDR="203.0.113.9").content


def test_our_key_stands_at_a_well_known_address(client):
    words = client.get("/.well-known/countersign-key").content.decode()
    assert words == f"{keys.vkey()}\nfingerprint: {keys.fingerprint()}\n"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("name", "status", "says"),
    [
        ("moved-on", 409, "This has moved on since you opened the page"),
        ("changed", 409, TooLateError.says),
        ("impossible", 422, NotPossibleError.says),
        ("not-yours", 403, "Only the author changes a post."),
        ("not-yours-at-all", 403, "Ask an administrator who may"),
        ("nothing-here", 500, "Our mistake"),
    ],
)
def test_a_refusal_says_what_happened(name, status, says, ada):
    client = Client(raise_request_exception=False)
    client.force_login(ada)
    response = client.get(f"/fail/{name}")
    assert response.status_code == status
    assert says in response.content.decode()


@pytest.mark.urls(__name__)
def test_a_refusal_leads_back_to_our_own_pages_only(client, ada):
    client.force_login(ada)
    ours = client.get("/fail/changed", headers={"Referer": "http://testserver/posts/"})
    foreign = client.get("/fail/changed", headers={"Referer": "https://evil.example/posts/"})
    assert '<a href="/posts/">Go back</a>' in ours.content.decode()
    assert '<a href="/">Go back</a>' in foreign.content.decode()


@pytest.mark.urls(__name__)
def test_our_mistake_has_a_reference_that_the_log_repeats(caplog):
    response = Client(raise_request_exception=False).get("/fail/our-mistake")
    (line,) = [line for line in caplog.messages if line.startswith("Reference ")]
    reference = line.split()[1].rstrip(":")
    assert reference in response.content.decode()
    assert "ZeroDivisionError" in line


def test_an_unknown_page_is_not_found_politely(client):
    response = client.get("/no/such/page")
    assert response.status_code == 404
    assert "There is nothing here that you can see" in response.content.decode()


def test_a_foreign_host_name_is_refused(client):
    response = client.get("/posts/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "We could not read that" in response.content.decode()


def test_a_form_from_elsewhere_is_refused_in_plain_words(ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    response = client.post("/posts/new/", {"text": "x"})
    assert response.status_code == 403
    assert "This form was open for too long" in response.content.decode()
