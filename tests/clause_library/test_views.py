"""Pages of the library: for those who write and approve; to others they do not exist."""

from dataclasses import replace

import pytest
from django.urls import reverse

from clause_library import actions
from clause_library.models import ClauseVersion
from clause_library.states import State
from ledger.models import Entry
from tests.clause_library.small_library import small_library
from tests.counting import queries_of


def page(name, *args):
    return reverse(f"clause_library:{name}", args=args)


@pytest.fixture
def draft(giveaways, lea):
    return actions.start_version(giveaways, actor=lea)


def written(version, **changes):
    """What the form for a draft sends."""
    fields = {
        "title": version.title,
        "short": version.short,
        "body": version.body,
        "why": version.why,
        "do": "Ask us first.",
        "dont": "Win a car!",
        "significance": "material",
        "change_note": "A week before.",
        "seen": version.digest,
    }
    return fields | changes


OUTSIDERS = ["ada", "rex", "max", "rita", "amin"]


@pytest.mark.parametrize(
    ("who", "status"), [("lea", 200), ("quinn", 200), *((who, 404) for who in OUTSIDERS)]
)
def test_who_sees_the_library(client, request, draft, who, status):
    client.force_login(request.getfixturevalue(who))
    for path in [page("list"), page("version", "giveaways", 1)]:
        assert client.get(path).status_code == status


def test_visitors_are_asked_to_sign_in(client, library):
    for path in [page("list"), page("version", "giveaways", 1), page("draft", "giveaways")]:
        assert client.get(path).status_code == 302


def test_the_list_finds_by_word_and_by_shelf(client, library, lea):
    client.force_login(lea)

    def found(**query):
        html = client.get(page("list"), query).content.decode()
        return [
            title for title in ["Names", "Results", "Giveaways"] if f"<strong>{title}</" in html
        ]

    assert found() == ["Names", "Results", "Giveaways"]
    assert found(q="own name") == ["Names"]
    assert found(shelf="money") == ["Results", "Giveaways"]
    assert found(shelf="money", q="results") == ["Results"]
    assert "Nothing found" in client.get(page("list"), {"q": "unheard of"}).content.decode()


def test_the_list_asks_as_many_queries_for_three_clauses_as_for_thirty(client, library, lea):
    client.force_login(lea)
    few = queries_of(client, page("list"))
    more = small_library()
    names = [f"names-{number}" for number in range(27)]
    more.clauses.update({name: replace(more.clauses["names"], name=name) for name in names})
    actions.load_library(more)
    assert queries_of(client, page("list")) == few


def test_a_page_shows_measure_reasons_and_what_changed(client, draft, lea):
    actions.write(draft, actor=lea, seen=draft.digest, body="Clear each giveaway next week.")
    client.force_login(lea)
    html = client.get(page("version", "giveaways", 2)).content.decode()
    assert "Reading grade" in html
    assert "What changed since version 1" in html
    assert "<ins>" in html
    assert "Prizes have rules." in html


def test_a_drafter_writes_saves_and_sends_to_review(client, giveaways, lea):
    client.force_login(lea)
    assert client.post(page("start", "giveaways")).url == page("draft", "giveaways")
    draft = giveaways.versions.get(number=2)
    body = "Clear each giveaway a week before."
    response = client.post(page("draft", "giveaways"), written(draft, body=body))
    assert response.url == page("version", "giveaways", 2)
    draft.refresh_from_db()
    assert (draft.body, draft.dont) == (body, ["Win a car!"])
    client.post(page("step", "giveaways", 2, "submit"), {"seen": draft.digest})
    draft.refresh_from_db()
    assert draft.state == State.IN_REVIEW


def test_broken_words_are_saved_and_told_but_not_sent(client, draft, lea):
    client.force_login(lea)
    sent = written(draft, body="{% include 'x' %}")
    html = client.post(page("draft", "giveaways"), sent, follow=True).content.decode()
    assert "Line 1" in html
    draft.refresh_from_db()
    client.post(page("step", "giveaways", 2, "submit"), {"seen": draft.digest})
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_stale_screen_is_a_conflict(client, draft, lea):
    client.force_login(lea)
    client.post(page("draft", "giveaways"), written(draft, body="First."))
    response = client.post(page("draft", "giveaways"), written(draft, body="Second."))
    assert response.status_code == 409
    assert "Nothing was saved" in response.content.decode()
    draft.refresh_from_db()
    assert draft.body == "First."


@pytest.mark.parametrize(
    ("who", "status", "state"),
    [
        ("quinn", 302, State.APPROVED),
        ("lea", 403, State.IN_REVIEW),
        ("ada", 404, State.IN_REVIEW),
        ("amin", 404, State.IN_REVIEW),
    ],
    ids=["an approver may", "its drafter may not", "an author may not", "nor an administrator"],
)
def test_who_may_approve_a_version(client, request, draft, lea, who, status, state):
    actions.submit(draft, actor=lea, seen=draft.digest)
    entries = Entry.objects.count()
    client.force_login(request.getfixturevalue(who))
    response = client.post(page("step", "giveaways", 2, "approve"), {"seen": draft.digest})
    draft.refresh_from_db()
    assert (response.status_code, draft.state) == (status, state)
    assert Entry.objects.count() == entries + (status == 302)


def test_sending_back_needs_a_sentence(client, draft, lea, quinn):
    actions.submit(draft, actor=lea, seen=draft.digest)
    client.force_login(quinn)
    client.post(page("step", "giveaways", 2, "send-back"), {"seen": draft.digest})
    draft.refresh_from_db()
    assert draft.state == State.IN_REVIEW
    note = {"seen": draft.digest, "note": "Say when."}
    client.post(page("step", "giveaways", 2, "send-back"), note)
    client.force_login(lea)
    assert "Say when." in client.get(page("version", "giveaways", 2)).content.decode()


def test_i07_no_page_changes_anything_on_get(client, draft, lea):
    client.force_login(lea)
    before = Entry.objects.count(), ClauseVersion.objects.count()
    for path in [page("start", "giveaways"), page("step", "giveaways", 2, "submit")]:
        assert client.get(path).status_code == 405
    for path in [page("list"), page("clause", "names"), page("draft", "giveaways")]:
        client.get(path)
    assert (Entry.objects.count(), ClauseVersion.objects.count()) == before


def test_a_clause_leads_to_the_version_that_policies_use(client, draft, lea):
    client.force_login(lea)
    assert client.get(page("clause", "giveaways")).url == page("version", "giveaways", 1)


@pytest.mark.parametrize("query", ["q=%00", "shelf=%00", "q=%25_%5C", "shelf=no-such-shelf"])
def test_nothing_typed_into_the_search_breaks_it(client, library, lea, query):
    client.force_login(lea)
    assert client.get(f"{page('list')}?{query}").status_code == 200
