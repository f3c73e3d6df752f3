"""Signing in, by a password that cannot be guessed at leisure, and choosing a new one by mail."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from ledger.models import Entry
from organization import links, patience
from organization.models import Attempt

PASSWORD = "four green kettles whistle"
OTHER = "seven blue teapots hum along"


@pytest.fixture
def known(ada):
    """Ada, who has chosen a password."""
    ada.set_password(PASSWORD)
    ada.save()
    return ada


def sign_in(client, password=PASSWORD, email="ada@acme.example", **extra):
    return client.post("/sign-in/", {"email": email, "password": password, **extra})


def is_in(client):
    return "_auth_user_id" in client.session


def test_the_right_password_lets_in_and_says_how_and_when(known, client):
    response = sign_in(client)
    assert (response.status_code, response.url) == (302, "/")
    assert client.session["sign_in"]["method"] == "password"
    assert client.session["sign_in"]["at"].endswith("Z")


def test_the_address_may_be_written_in_any_case(known, client):
    sign_in(client, email=" Ada@ACME.example ")
    assert is_in(client)


@pytest.mark.parametrize(
    ("password", "email"),
    [("wrong", "ada@acme.example"), (PASSWORD, "nobody@acme.example"), ("x", "zoe@acme.example")],
    ids=["wrong password", "unknown address", "no password chosen yet"],
)
def test_every_failure_has_the_same_answer(password, email, known, zoe, client):
    response = sign_in(client, password, email)
    assert response.status_code == 200
    assert "do not belong together" in response.text
    assert not is_in(client)


def test_whoever_left_stays_out(known, client):
    known.is_active = False
    known.save()
    sign_in(client)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("target", "ends_at"),
    [("/people/", "/people/"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("", "/")],
)
def test_one_goes_on_to_where_one_was_going_and_nowhere_else(target, ends_at, known, client):
    assert sign_in(client, next=target).url == ends_at


def test_the_sixth_guess_waits_even_with_the_right_password(known, client):
    for _ in range(patience.HERE):
        sign_in(client, "guess")
    response = sign_in(client)
    assert "Wait a quarter of an hour" in response.text
    assert not is_in(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        sign_in(client)
    assert is_in(client)


def test_guesses_from_elsewhere_do_not_keep_out_a_device_that_is_known(known, client, client_of):
    sign_in(client)
    client.post("/sign-out/")
    guesser = client_of(REMOTE_ADDR="203.0.113.9")
    for _ in range(200):
        Attempt.objects.create(key=list(patience.of_sign_in(request_of(guesser), known.email))[2])
    sign_in(client)
    assert is_in(client)


def test_guessing_at_many_accounts_from_one_address_is_stopped(known, client):
    Attempt.objects.bulk_create(
        Attempt(key=key)
        for key in patience.of_sign_in(request_of(client), "x@acme.example")
        for _ in range(patience.ADDRESS)
    )
    assert "too many wrong passwords" in sign_in(client).text


def test_an_office_behind_one_address_signs_in_without_waiting(known, client, client_of):
    for _ in range(patience.ADDRESS + 1):
        device = client_of()
        sign_in(device)
        assert is_in(device)


def test_neither_addresses_nor_accounts_are_kept_in_plain(known, client):
    sign_in(client, "guess")
    kept = " ".join(Attempt.objects.values_list("key", flat=True))
    assert kept
    assert "ada" not in kept
    assert "127.0.0.1" not in kept


def test_signing_out_takes_a_press(known, client):
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405
    assert is_in(client)
    client.post("/sign-out/")
    assert not is_in(client)


def test_strangers_cannot_tell_who_has_an_account(known, client, run_tasks, mailoutbox):
    answers = [
        client.post("/forgotten/", {"email": email}).text.replace(email, "…")
        for email in ["ada@acme.example", "nobody@acme.example"]
    ]
    assert answers[0] == answers[1]
    run_tasks()
    assert [letter.to for letter in mailoutbox] == [["ada@acme.example"]]


def test_a_forgotten_password_is_mailed_also_to_who_wants_no_notices(
    known, client, run_tasks, mailoutbox
):
    known.mail_notices = False
    known.save()
    client.post("/forgotten/", {"email": known.email})
    run_tasks()
    assert len(mailoutbox) == 1


def test_nobody_s_mailbox_is_flooded(known, client, run_tasks, mailoutbox):
    for _ in range(patience.MAILS + 2):
        client.post("/forgotten/", {"email": known.email})
    run_tasks()
    assert len(mailoutbox) == patience.MAILS


def test_the_mailed_link_sets_a_password_once(known, client, client_of, run_tasks, mailoutbox):
    client.post("/forgotten/", {"email": known.email})
    run_tasks()
    path = next(line for line in mailoutbox[0].body.splitlines() if "/reset/" in line)
    path = path[path.index("/reset/") :]
    assert not Entry.objects.filter(type="person.password_reset").exists()
    assert client.get(path).status_code == 200
    client.post(path, {"new_password1": OTHER, "new_password2": OTHER})
    assert is_in(client)
    known.refresh_from_db()
    assert known.check_password(OTHER)
    assert Entry.objects.filter(type="person.password_reset").count() == 1
    assert client_of().get(path).status_code == 410


def test_a_new_password_ends_the_sessions_elsewhere(known, client, client_of):
    elsewhere = client_of()
    sign_in(elsewhere)
    path = links.reset_path(type(known).objects.get(pk=known.pk))
    client.post(path, {"new_password1": OTHER, "new_password2": OTHER})
    assert elsewhere.get("/preferences/").status_code == 302


@pytest.mark.parametrize("path", ["/reset/x/y/", "/reset/AAAA/a-b/", "/accept/x/y~z/", "/setup/x/"])
def test_a_made_up_link_is_over(path, known, client):
    response = client.get(path)
    assert response.status_code == 410
    assert "does not work any more" in response.text


@pytest.mark.parametrize(
    ("password", "says"),
    [("kettle", "at least 12"), ("password1234", "too common")],
)
def test_a_weak_password_is_refused_with_the_reason(password, says, known, client):
    path = links.reset_path(known)
    response = client.post(path, {"new_password1": password, "new_password2": password})
    assert says in response.text
    known.refresh_from_db()
    assert known.check_password(PASSWORD)


def request_of(client):
    """A request as this client would send it, signed out."""
    return client.get("/sign-in/").wsgi_request
