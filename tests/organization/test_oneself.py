"""Preferences, password, consent and notices: each for oneself alone."""

import pytest

from ledger.models import Entry
from organization import consent
from organization.consent import give_consent, withdraw_consent

PASSWORD, OTHER = "four green kettles whistle", "seven blue teapots hum along"
PAGES = ["/preferences/", "/password/", "/notices/"]


def types():
    return list(Entry.objects.order_by("index").values_list("type", flat=True))


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_asked_to_sign_in(path, client, company):
    assert client.get(path).url == f"/sign-in/?next={path}"


def test_language_and_zone_hold_from_the_next_page_on(ada, client_of):
    hers = client_of(ada)
    hers.post("/preferences/", {"language": "en-gb", "time_zone": "Asia/Tokyo"})
    ada.refresh_from_db()
    assert (ada.language, ada.time_zone, ada.mail_notices) == ("en-gb", "Asia/Tokyo", False)
    assert types() == ["person.preferences_changed"]
    page = hers.get("/preferences/").text
    assert '<html lang="en-gb"' in page


def test_an_unknown_zone_is_refused(ada, client_of):
    text = client_of(ada).post("/preferences/", {"language": "en", "time_zone": "Tokyo"}).text
    assert "is not a time zone" in text
    assert types() == []


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(ada, client_of):
    ada.set_password(PASSWORD)
    ada.save()
    here, elsewhere = client_of(ada), client_of(ada)
    new = {"new_password1": OTHER, "new_password2": OTHER}
    assert "not your password" in here.post("/password/", new | {"old_password": "x"}).text
    assert types() == []
    here.post("/password/", new | {"old_password": PASSWORD})
    assert here.get("/preferences/").status_code == 200
    assert elsewhere.get("/preferences/").status_code == 302
    assert types() == ["person.password_changed"]


def test_consent_is_given_once_and_may_be_taken_back(ada, client_of):
    given = give_consent(ada).consented_at
    assert give_consent(ada).consented_at == given
    assert "Take my consent back" in client_of(ada).get("/preferences/").text
    client_of(ada).post("/preferences/consent/", {"agree": "no"})
    ada.refresh_from_db()
    assert ada.consented_at is None
    assert withdraw_consent(ada).consented_at is None
    assert types() == ["person.consent_given", "person.consent_withdrawn"]
    assert consent.digest() in bytes(Entry.objects.first().body).decode()


def test_the_words_name_paper_and_the_way_back():
    """15 U.S.C. 7001(c)(1)(B)."""
    assert "on paper" in consent.WORDS
    assert "take this consent back" in consent.WORDS


def test_one_reads_one_s_own_notices_only(ada, zoe, client_of):
    context = {"reviewer": "Rex", "reason": "Name your employer."}
    ada.notices.create(key="1", event="sent_back", context=context, path="/posts/1/")
    assert "Your post needs a change" in client_of(ada).get("/notices/").text
    assert "Nothing yet" in client_of(zoe).get("/notices/").text
