"""People, units and the company: an administrator's business, and nobody else's."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.models import Entry
from organization import actions, links
from organization.models import Company, Person, Unit
from organization.roles import Role

PASSWORD = "four green kettles whistle"


def said(person, **changes):
    """What the form says of a person when nothing is changed, and then these changes."""
    return {
        "name": person.name,
        "job_title": person.job_title,
        "unit": person.unit_id,
        "relation": person.relation,
        "registration": person.registration,
        "manager": person.manager.email if person.manager else "",
        "roles": [group.name for group in person.groups.all()],
    } | changes


def types():
    return list(Entry.objects.order_by("index").values_list("type", flat=True))


@pytest.mark.parametrize(
    "path",
    [
        "/people/",
        "/people/invite/",
        "/people/{zoe}/",
        "/units/",
        "/units/{unit}/",
        "/setup/company/",
    ],
)
@pytest.mark.parametrize(
    ("who", "status"), [("nobody", 302), ("ada", 404), ("rita", 404), ("max", 404), ("amin", 200)]
)
def test_only_an_administrator_sees(path, who, status, request, zoe, unit, client_of):
    Company.objects.update(set_up_at=None)
    person = None if who == "nobody" else request.getfixturevalue(who)
    found = client_of(person).get(path.format(zoe=zoe.pk, unit=unit.pk))
    assert found.status_code == status


@pytest.mark.parametrize("action", ["deactivate", "take-back", "invite-again", ""])
def test_nobody_else_may_act_on_a_person(action, ada, zoe, client_of):
    path = f"/people/{zoe.pk}/{action}/" if action else f"/people/{zoe.pk}/"
    assert client_of(ada).post(path, said(zoe, name="Other")).status_code == 404
    zoe.refresh_from_db()
    assert (zoe.name, zoe.is_active) == ("Zoe", True)
    assert types() == []


def test_whoever_lacks_the_role_is_refused_by_the_action_too(ada, zoe, unit):
    for act in [
        lambda: actions.change_company(actor=ada, name="X"),
        lambda: actions.create_unit(actor=ada, name="X"),
        lambda: actions.deactivate(zoe, actor=ada),
        lambda: actions.invite(actor=ada, name="X", email="x@x.example", unit=unit, roles=set()),
    ]:
        with pytest.raises(PermissionDenied, match="administrator"):
            act()
    assert types() == []


def test_one_s_own_page_may_be_read_and_not_changed(ada, client_of):
    path = f"/people/{ada.pk}/"
    mine = client_of(ada)
    assert mine.get(path).status_code == 200
    assert mine.post(path, said(ada, roles=["administrator"])).status_code == 403
    assert not ada.holds(Role.ADMINISTRATOR)
    assert types() == []


def test_everybody_sees_which_names_are_ours_and_only_an_administrator_changes_them(
    ada, amin, client_of
):
    mine = client_of(ada)
    assert "RoadRunner" in mine.get("/company/").text
    assert mine.post("/company/", {"name": "Other"}).status_code == 403
    assert Company.current().name == "Acme"
    client_of(amin).post(
        "/company/", {"name": "Acme", "brands": "Kettle\n\n Kettle \nPot", "rivals": ""}
    )
    assert Company.current().brands == ["Kettle", "Pot"]
    assert types() == ["company.changed"]


def test_a_search_finds_people_by_name_address_title_unit_and_role(amin, ada, rex, zoe, client_of):
    admin = client_of(amin)
    pages = {"q=ada": {"Ada"}, "q=zoe@acme": {"Zoe"}, "q=chemist": {"Zoe"}, "who=reviewer": {"Rex"}}
    for query, expected in pages.items():
        text = admin.get(f"/people/?{query}").text
        shown = {name for name in ["Ada", "Rex", "Zoe"] if f">{name}</a>" in text}
        assert shown == expected, query
    assert ">Zoe</a>" not in admin.get(f"/people/?unit={ada.unit_id}").text
    assert admin.get("/people/?unit=%00&q=%00&who=x&page=99").status_code == 200


def queries(client, path):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize("path", ["/people/", "/units/", "/notices/"])
def test_a_long_list_takes_no_more_queries_than_a_short_one(path, amin, unit, client_of):
    admin = client_of(amin)
    amin.notices.create(key="first", event="lapsed")
    few = queries(admin, path)
    for number in range(40):
        person = Person.objects.create_user(f"p{number}@acme.example", f"P{number}", unit)
        person.give(Role.REVIEWER, Role.DRAFTER)
        Unit.objects.create(name=f"Unit {number}")
        amin.notices.create(key=str(number), event="lapsed")
    assert queries(admin, path) == few


def test_an_administrator_changes_a_person_and_the_ledger_says_what(amin, ada, rex, client_of):
    changes = {"job_title": "Lead", "roles": ["reviewer"], "manager": "Rex@acme.example"}
    response = client_of(amin).post(f"/people/{ada.pk}/", said(ada, **changes))
    assert response.status_code == 302
    ada.refresh_from_db()
    assert (ada.job_title, ada.manager) == ("Lead", rex)
    assert ada.holds(Role.REVIEWER)
    assert types() == ["person.changed", "person.role_given"]
    body = bytes(Entry.objects.order_by("index").first().body).decode()
    assert "Lead" not in body  # what is personal is sealed
    assert str(rex.pk) in body


@pytest.mark.parametrize("manager", ["ada@acme.example", "nobody@acme.example"])
def test_a_manager_is_somebody_else_who_is_here(manager, amin, ada, client_of):
    text = client_of(amin).post(f"/people/{ada.pk}/", said(ada, manager=manager)).text
    assert "Nobody" in text
    assert types() == []


def test_whoever_leaves_is_signed_out_at_once_and_keeps_their_name(amin, ada, client_of):
    hers = client_of(ada)
    assert hers.get("/preferences/").status_code == 200
    client_of(amin).post(f"/people/{ada.pk}/deactivate/")
    assert hers.get("/preferences/").status_code == 302
    ada.refresh_from_db()
    assert (ada.is_active, ada.name) == (False, "Ada")
    assert types() == ["person.left"]
    client_of(amin).post(f"/people/{ada.pk}/take-back/")
    assert hers.get("/preferences/").status_code == 302  # the old session does not come back
    assert types() == ["person.left", "person.returned"]


@pytest.mark.parametrize("how", ["by leaving", "by losing the role"])
def test_the_last_administrator_stays(how, amin, client_of):
    admin = client_of(amin)
    if how == "by leaving":
        text = admin.post(f"/people/{amin.pk}/deactivate/", follow=True).text
    else:
        text = admin.post(f"/people/{amin.pk}/", said(amin, roles=[])).text
    assert "only administrator left" in text
    assert amin.holds(Role.ADMINISTRATOR)
    assert types() == []


def invite(client, unit, **changes):
    said = {"name": "Ivy Lee", "email": "Ivy@acme.example", "unit": unit.pk, "relation": "employee"}
    return client.post("/people/invite/", said | {"roles": ["drafter"]} | changes)


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def test_an_invitation_lets_somebody_in_once(
    amin, unit, client_of, on_commit, run_tasks, mailoutbox
):
    with on_commit(execute=True):
        assert invite(client_of(amin), unit).status_code == 302
    run_tasks()
    (letter,) = mailoutbox
    assert letter.to == ["ivy@acme.example"]
    assert "Amin has made an account for you" in letter.body
    path = next(line for line in letter.body.splitlines() if "/accept/" in line)
    path = path[path.index("/accept/") :]
    ivy = client_of()
    assert "Welcome, Ivy" in ivy.get(path).text
    person = Person.objects.get(email="ivy@acme.example")
    assert not person.has_usable_password()  # looking changes nothing
    ivy.post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert ivy.get("/preferences/").status_code == 200
    assert person.holds(Role.DRAFTER)
    assert client_of().get(path).status_code == 410
    assert types() == ["person.invited", "person.role_given", "person.password_accepted"]


def test_a_link_from_before_an_address_was_changed_is_over(zoe, client_of):
    path = links.invitation_path(zoe)
    zoe.email = "zoe.new@acme.example"
    zoe.save()
    assert client_of().get(path).status_code == 410


def test_nobody_is_invited_twice(amin, ada, unit, client_of):
    text = invite(client_of(amin), unit, email="ADA@acme.example").text
    assert "is here already" in text
    assert types() == []


def test_an_invitation_is_not_sent_again_to_who_is_in(amin, ada, zoe, client_of):
    ada.set_password(PASSWORD)
    ada.save()
    admin = client_of(amin)
    assert admin.post(f"/people/{zoe.pk}/invite-again/").status_code == 302
    assert admin.post(f"/people/{ada.pk}/invite-again/").status_code == 409
    assert types() == ["person.invited_again"]


def test_a_unit_is_added_and_changed(amin, client_of):
    admin = client_of(amin)
    unit = {"name": "Sales", "profile": "general", "country": "de", "time_zone": "Europe/Berlin"}
    admin.post("/units/", unit)
    made = Unit.objects.get(name="Sales")
    admin.post(f"/units/{made.pk}/", unit | {"profile": "broker-dealer"})
    made.refresh_from_db()
    assert (made.profile, made.country) == ("broker-dealer", "de")
    assert types() == ["unit.created", "unit.changed"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"time_zone": "Berlin"}, "is not a time zone"), ({"name": "Marketing"}, "already")],
)
def test_a_wrong_unit_is_refused_in_words(wrong, says, amin, unit, client_of):
    form = {"name": "Sales", "profile": "general", "country": "de", "time_zone": "Europe/Berlin"}
    assert says in client_of(amin).post("/units/", form | wrong).text
    assert types() == []


def test_a_test_mail_arrives_or_says_why_not(amin, client_of, mailoutbox, settings):
    admin = client_of(amin)
    assert "on its way" in admin.post("/company/test-mail/", follow=True).text
    assert mailoutbox[0].to == ["amin@acme.example"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert "could not be sent" in admin.post("/company/test-mail/", follow=True).text


def test_every_role_stands_on_the_form(db):
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)
