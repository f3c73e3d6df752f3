"""From the one-time link to a company with units, by two pages."""

import pytest

from ledger.models import Entry
from organization import actions, setup_link
from organization.models import Company, Person, Unit
from organization.roles import Role

PASSWORD = "four green kettles whistle"
FIRST = {
    "name": "Amin Rahimi",
    "email": "amin@acme.example",
    "unit_name": "Head office",
    "unit_zone": "Europe/Berlin",
    "new_password1": PASSWORD,
    "new_password2": PASSWORD,
}
COMPANY = {"name": "Acme", "brands": "RoadRunner\nTornado", "rivals": "Initech"}


def units(*added):
    form = {"units-TOTAL_FORMS": len(added), "units-INITIAL_FORMS": 0}
    for number, unit in enumerate(added):
        form |= {f"units-{number}-{field}": value for field, value in unit.items()}
    return form


SALES = {"name": "Sales", "profile": "general", "country": "gb", "time_zone": "Europe/London"}
EMPTY = {"name": "", "profile": "general", "country": "de", "time_zone": "Europe/Berlin"}


@pytest.fixture
def path(db):
    return f"/setup/{setup_link.make_token()}/"


def test_the_first_page_makes_an_administrator_who_is_signed_in(path, client):
    assert client.get(path).status_code == 200
    response = client.post(path, FIRST)
    assert response.url == "/setup/company/"
    person = Person.objects.get()
    assert person.holds(Role.ADMINISTRATOR)
    assert (person.unit.name, person.unit.time_zone) == ("Head office", "Europe/Berlin")
    assert client.get("/setup/company/").status_code == 200
    types = list(Entry.objects.order_by("index").values_list("type", flat=True))
    assert types == ["unit.created", "person.created", "person.role_given"]


def test_the_link_is_over_once_there_is_an_administrator(path, client, client_of):
    client.post(path, FIRST)
    assert client_of().get(path).status_code == 410
    assert client_of().post(path, FIRST | {"email": "eve@acme.example"}).status_code == 410
    assert Person.objects.count() == 1


def test_of_two_at_once_the_second_is_too_late(amin):
    with pytest.raises(actions.TooLateError, match="already"):
        actions.make_first_administrator(
            name="Eve", email="eve@x.example", password=PASSWORD, unit_name="X", unit_zone="UTC"
        )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"new_password1": "short", "new_password2": "short"}, "at least 12 characters"),
        ({"new_password2": "something else here"}, "match"),
        ({"email": "amin"}, "valid email"),
        ({"unit_zone": "Mars"}, "is not a time zone"),
    ],
)
def test_a_wrong_answer_is_named_and_makes_nobody(wrong, says, path, client):
    assert says in client.post(path, FIRST | wrong).text
    assert not Person.objects.exists()


def test_a_password_like_the_address_is_refused(path, client):
    like = {"new_password1": "amin@acme.examp1", "new_password2": "amin@acme.examp1"}
    assert "too similar" in client.post(path, FIRST | like).text


def test_the_second_page_sets_up_company_and_units(path, client):
    client.post(path, FIRST)
    response = client.post("/setup/company/", COMPANY | units(SALES, EMPTY))
    assert response.url == "/people/"
    company = Company.current()
    assert (company.name, company.brands) == ("Acme", ["RoadRunner", "Tornado"])
    assert company.set_up_at
    assert set(Unit.objects.values_list("name", flat=True)) == {"Head office", "Sales"}
    assert client.get("/setup/company/").url == "/company/"


def test_two_units_of_one_name_are_refused_and_nothing_is_lost(path, client):
    client.post(path, FIRST)
    text = client.post("/setup/company/", COMPANY | units(SALES, SALES)).text
    assert "same name" in text
    assert "Tornado" in text
    assert not Company.current().set_up_at


def test_a_test_mail_from_the_second_page_keeps_what_was_typed(path, client, mailoutbox):
    client.post(path, FIRST)
    text = client.post("/setup/company/", COMPANY | units(SALES) | {"test": "1"}).text
    assert len(mailoutbox) == 1
    assert "Tornado" in text
    assert "Sales" in text
    assert not Company.current().set_up_at
