"""Checks are written one by one by those who draft, and tried by all who see the library."""

import re
from html import unescape

import pytest
from django.urls import reverse

from clause_library import actions
from clause_library.checks.kinds import KINDS
from clause_library.models import ClauseVersion
from ledger.models import Entry
from organization import watching
from organization.models import Company
from tests.counting import queries_of

FROGS = {
    "name": "no-frogs",
    "kind": "tone",
    "category": "style",
    "severity": "advice",
    "message": "No frogs here.",
    "params": {"phrases": ["frog"], "fix": {"replace": "newt"}},
    "examples": {"match": ["A frog."], "pass": ["A newt."]},
}
TYPED = {
    "name": "no-toads",
    "kind": "tone",
    "category": "style",
    "severity": "review",
    "message": "No toads.",
    "param_phrases": "toad",
    "must_match": "A toad.",
    "must_pass": "A newt.",
    "relation": ["employee", "partner"],
}
WRONG = FROGS | {"examples": {"match": ["A toad."], "pass": ["One frog more."]}}


def page(name, *args):
    return reverse(f"clause_library:{name}", args=["giveaways", *args])


@pytest.fixture
def draft(giveaways, lea):
    version = actions.start_version(giveaways, actor=lea)
    return actions.write(version, actor=lea, seen=version.digest, checks=[FROGS])


def checks_of(draft):
    draft.refresh_from_db()
    return [check["name"] for check in draft.checks]


OUTSIDERS = ["ada", "rex", "max", "rita", "amin"]


@pytest.mark.parametrize(
    ("who", "status"), [("lea", 200), ("quinn", 403), *((who, 404) for who in OUTSIDERS)]
)
def test_who_opens_the_editor(client, request, draft, who, status):
    client.force_login(request.getfixturevalue(who))
    for path in [page("new_check"), page("check", 0), page("as_data")]:
        assert client.get(path).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("lea", 200), ("quinn", 200), *((who, 404) for who in OUTSIDERS)]
)
def test_who_tries_the_checks(client, request, draft, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(page("try", 2)).status_code == status
    assert client.post(page("try", 2), {"text": "A frog."}).status_code == status


@pytest.mark.parametrize(
    ("who", "status", "names"),
    [
        ("lea", 302, ["no-frogs", "no-toads"]),
        ("quinn", 403, ["no-frogs"]),
        ("ada", 404, ["no-frogs"]),
    ],
)
def test_who_adds_a_check(client, request, draft, who, status, names):
    client.force_login(request.getfixturevalue(who))
    sent = TYPED | {"seen": draft.digest}
    assert client.post(page("new_check") + "?kind=tone", sent).status_code == status
    assert checks_of(draft) == names


def test_a_new_check_begins_with_its_kind(client, draft, lea):
    client.force_login(lea)
    assert "What should it look for?" in client.get(page("new_check")).content.decode()
    html = client.get(page("new_check") + "?kind=links").content.decode()
    assert "Shortened links" in html
    assert "param_phrases" not in html


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_check_of_every_kind_can_be_begun(client, draft, lea, kind):
    client.force_login(lea)
    html = client.get(f"{page('new_check')}?kind={kind}").content.decode()
    assert KINDS[kind].about in unescape(html)
    assert len(re.findall(r"<option[^>]* selected", html)) >= 2  # its kind and its category


def test_a_check_is_added_changed_copied_and_removed(client, draft, lea):
    client.force_login(lea)
    digests = [draft.digest]

    def press(path, **sent):
        response = client.post(path, {"seen": digests[-1]} | sent)
        draft.refresh_from_db()
        digests.append(draft.digest)
        return response

    assert press(page("new_check") + "?kind=tone", **TYPED).url == page("check", 1)
    press(page("check", 1), **TYPED | {"message": "Not one toad."})
    assert draft.checks[1]["message"] == "Not one toad."
    assert press(page("copy_check", 1)).url == page("check", 2)
    assert checks_of(draft) == ["no-frogs", "no-toads", "no-toads-2"]
    press(page("remove_check", 1))
    assert checks_of(draft) == ["no-frogs", "no-toads-2"]
    assert len(set(digests)) == len(digests)
    assert draft.digest == draft.text.digest


def test_a_check_with_wrong_examples_is_kept_and_each_is_told(client, draft, lea):
    client.force_login(lea)
    sent = TYPED | {"seen": draft.digest, "must_match": "A newt.\r\nA toad."}
    html = client.post(page("new_check") + "?kind=tone", sent, follow=True).content.decode()
    assert "1 example of this clause does not come out as it should" in html
    assert "✗ not caught" in html
    assert "✓ caught" in html
    assert "<mark>toad</mark>" in html
    assert checks_of(draft) == ["no-frogs", "no-toads"]


def test_wrong_examples_stop_the_press_and_say_which(client, draft, lea):
    written = actions.write(draft, actor=lea, seen=draft.digest, checks=[WRONG])
    client.force_login(lea)
    step = reverse("clause_library:step", args=["giveaways", 2, "submit"])
    html = client.post(step, {"seen": written.digest}, follow=True).content.decode()
    assert "Mend this first" in html
    assert "the example “A toad.” must match, and does not" in html
    assert "and “frog” in it is noticed" in html


def test_a_stale_editor_is_a_conflict_and_changes_nothing(client, draft, lea):
    client.force_login(lea)
    for path in [page("check", 0), page("copy_check", 0), page("remove_check", 0)]:
        assert client.post(path, TYPED | {"seen": "0" * 64}).status_code == 409
    assert checks_of(draft) == ["no-frogs"]


def test_the_editor_of_a_check_that_is_not_there_does_not_exist(client, draft, lea):
    client.force_login(lea)
    assert client.get(page("check", 7)).status_code == 404
    actions.submit(draft, actor=lea, seen=draft.digest)
    assert client.get(page("check", 0)).status_code == 404


def test_checks_as_data_come_and_go_unchanged(client, draft, lea):
    client.force_login(lea)
    shown = client.get(page("as_data")).content.decode()
    text = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", shown, re.DOTALL)[1])
    sent = {"checks": text, "seen": draft.digest}
    assert client.post(page("as_data"), sent).url == page("draft")
    draft.refresh_from_db()
    assert draft.checks == [FROGS]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{a: 1", "This is not YAML"),
        ("a: 1", "starting with"),
        ("- name: x", "it lacks category, kind, message, severity"),
        ("- 7", "starting with"),
    ],
)
def test_data_that_is_no_list_of_checks_is_refused_beside_the_field(client, draft, lea, text, says):
    client.force_login(lea)
    html = client.post(page("as_data"), {"checks": text, "seen": draft.digest}).content.decode()
    assert "id_checks_error" in html
    assert says in html
    assert checks_of(draft) == ["no-frogs"]


def test_a_tried_post_shows_findings_fixes_and_what_is_left(client, draft, lea):
    client.force_login(lea)
    before = Entry.objects.count(), ClauseVersion.objects.values_list("digest", flat=True)
    html = client.post(page("try", 2), {"text": "My frog and I", "relation": "employee"})
    html = html.content.decode()
    assert "<mark>frog</mark>" in html
    assert "No frogs here." in html
    assert "My newt and I" in html
    fixed = client.post(
        page("try", 2), {"text": "My frog and I", "relation": "employee", "fix": "0"}
    ).content.decode()
    assert "Nothing found" in fixed
    assert "My newt and I</textarea>" in fixed
    assert Entry.objects.count() == before[0]


def test_while_somebody_types_the_answer_comes_alone(client, draft, lea):
    client.force_login(lea)
    sent = {"text": "A frog", "relation": "employee"}
    html = client.post(page("try", 2), sent, headers={"X-Requested-With": "fetch"})
    assert "<html" not in html.content.decode()
    assert "<mark>frog</mark>" in html.content.decode()


def test_posts_are_tried_with_the_companys_names_and_lists(client, draft, lea, company):
    listed = FROGS | {
        "name": "kept",
        "kind": "listed_names",
        "params": {"lists": ["project_names"]},
    }
    about_us = FROGS | {"name": "us", "category": "text", "params": {"find": ["zqcompany"]}}
    actions.write(draft, actor=lea, seen=draft.digest, checks=[listed, about_us])
    watching.add_names(actor=lea, which="project_names", names=["Bullfrog Pond"])
    client.force_login(lea)
    sent = {"text": "RoadRunner meets Bullfrog Pond", "relation": "employee"}
    html = client.post(page("try", 2), sent).content.decode()
    assert "<mark>RoadRunner</mark>" in html
    assert "<mark>Bullfrog Pond</mark>" in html
    assert Company.current().name == "Acme"


@pytest.mark.parametrize("text", ["", "x" * 10_001])
def test_a_try_without_a_post_says_so(client, draft, lea, text):
    client.force_login(lea)
    answer = client.post(page("try", 2), {"text": text, "relation": "employee"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_the_version_page_shows_each_check_in_words(client, draft, lea):
    client.force_login(lea)
    html = client.get(page("version", 2)).content.decode()
    for words in ["Tone", "No frogs here.", "people who work here", "✓ caught", "✓ passed"]:
        assert words in html


def test_a_page_of_many_checks_asks_as_little_as_one_of_few(client, draft, lea):
    client.force_login(lea)
    paths = [page("version", 2), page("draft"), page("check", 0)]
    few = [queries_of(client, path) for path in paths]
    many = [FROGS | {"name": f"no-frogs-{number}"} for number in range(20)]
    actions.write(draft, actor=lea, seen=draft.digest, checks=many)
    assert [queries_of(client, path) for path in paths] == few


def test_i07_no_page_of_checks_changes_anything_on_get(client, draft, lea):
    client.force_login(lea)
    for path in [page("copy_check", 0), page("remove_check", 0)]:
        assert client.get(path).status_code == 405
    digest = draft.digest
    for path in [page("new_check"), page("check", 0), page("as_data"), page("try", 2)]:
        client.get(path)
    draft.refresh_from_db()
    assert draft.digest == digest
