"""A post of which a part is protected speech: the rest goes forward alone, and nothing of that part is stored."""

import uuid

import pytest
from django.db import connection
from django.urls import reverse

from approvals import actions
from approvals.errors import MixedPostError
from approvals.models import Screening, Submission
from approvals.preview import preview
from approvals.states import State
from ledger.models import Entry
from tests.approvals.small_policy import issue_small_policy

pytestmark = pytest.mark.django_db
PROTECTED = "Union meeting on Thursday at six."
CLAIM = "Our lamp is guaranteed to heal."
MIXED = f"{CLAIM} {PROTECTED} Come and see it."
REST = f"{CLAIM} Come and see it."
CHECKS = [
    {
        "name": "promises",
        "kind": "claims",
        "category": "financial_promise",
        "severity": "review",
        "message": "This promises.",
        "params": {"phrases": ["guaranteed"]},
    }
]


@pytest.fixture
def edition(company, lea, quinn):
    """A policy that finds “guaranteed”."""
    return issue_small_policy(drafter=lea, approver=quinn, checks=CHECKS)


def form(channel, text, **extra):
    return {"key": str(uuid.uuid4()), "text": text, "channels": [channel.pk]} | extra


def stored(words: str) -> list[str]:
    """Tables with these words anywhere in a row."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found = []
        for name in names:
            cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608  our own tables
            if any(words in str(_plain(value)) for row in cursor.fetchall() for value in row):
                found.append(name)
    return found


def _plain(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return value


def test_i13_a_mixed_post_is_not_stored_unasked(write):
    entries = Entry.objects.count()
    with pytest.raises(MixedPostError, match="store nothing of it unless you ask"):
        write(MIXED)
    assert (Submission.objects.count(), Entry.objects.count()) == (0, entries)
    assert stored("Union meeting") == []


def test_i13_the_rest_alone_is_screened_and_stored_without_it(write, ada, channel):
    offered = preview(MIXED, ada, [channel])
    assert (offered.rest, offered.taken) == (REST, (PROTECTED,))
    submission = write(offered.rest)
    assert (submission.state, submission.revision.text) == (State.IN_REVIEW, REST)
    assert stored("Union meeting") == []


def test_its_author_may_keep_it_together_and_then_it_is_marked(write, client, rex):
    submission = write(MIXED, together=True)
    assert submission.revision.text == MIXED
    start = MIXED.index(PROTECTED)
    screening = Screening.objects.get()
    assert screening.protected == [[start, start + len(PROTECTED)]]
    client.force_login(rex)
    page = client.get(reverse("approvals:review", args=[submission.pk])).content.decode()
    assert "it is not yours to judge" in page


def test_i13_a_change_to_a_mixed_post_is_asked_about_too(write, ada, channel):
    submission = write()
    with pytest.raises(MixedPostError):
        actions.revise(
            submission,
            actor=ada,
            seen=submission.revision.digest,
            text=MIXED,
            channels=[channel],
        )
    assert Submission.objects.get().revision.number == 1


def test_protected_speech_beside_words_that_need_nobody_is_not_ours(write):
    assert write(f"We opened a bike shed. {PROTECTED}", together=True) is None


def test_i13_protected_speech_alone_is_not_ours_where_all_else_would_wait(write, unit, channel):
    unit.profile = "broker-dealer"
    unit.save()
    channel.content_class, channel.is_official = "static", True
    channel.save()
    assert write(PROTECTED) is None
    with pytest.raises(MixedPostError):
        write(f"Our branch is open on Saturdays. {PROTECTED}")
    assert stored("Union meeting") == []


@pytest.mark.parametrize(
    ("pressed", "status", "kept"),
    [({}, 200, None), ({"rest": "1"}, 200, None), ({"together": "1"}, 302, MIXED)],
    ids=["the main button asks", "the part is taken out of the box", "kept together"],
)
def test_without_javascript_each_press_does_its_own(
    client, edition, channel, ada, pressed, status, kept
):
    client.force_login(ada)
    response = client.post(reverse("approvals:new"), form(channel, MIXED, **pressed))
    assert response.status_code == status
    assert list(Submission.objects.values_list("revision__text", flat=True)) == (
        [kept] if kept else []
    )


def test_what_was_taken_out_is_shown_once_and_the_rest_is_in_the_box(client, edition, channel, ada):
    client.force_login(ada)
    page = client.post(reverse("approvals:new"), form(channel, MIXED, rest="1")).content.decode()
    assert f">\n{REST}</textarea>" in page
    assert "Taken out. You may post this freely, without us:" in page
    assert page.count(PROTECTED) == 1
    assert stored("Union meeting") == []


def test_a_press_that_comes_too_late_takes_nothing_out(client, edition, channel, ada):
    client.force_login(ada)
    page = client.post(reverse("approvals:new"), form(channel, "Hello.", rest="1")).content.decode()
    assert ">\nHello.</textarea>" in page
    assert "Taken out" not in page


def test_a_long_mixed_post_is_asked_about_with_the_way_out(client, edition, channel, ada):
    client.force_login(ada)
    text = MIXED + " It is a long day." * 2000
    page = client.post(reverse("approvals:new"), form(channel, text)).content.decode()
    assert "Take that part out" in page
    assert not Submission.objects.exists()


def test_the_same_press_on_the_page_of_changes(client, write, ada, channel):
    submission = write()
    client.force_login(ada)
    path = reverse("approvals:edit", args=[submission.pk])
    answer = form(channel, MIXED, seen=submission.revision.digest)
    assert "Take that part out" in client.post(path, answer).content.decode()
    page = client.post(path, answer | {"rest": "1"}).content.decode()
    assert f">\n{REST}</textarea>" in page
    assert client.post(path, answer | {"text": REST}).status_code == 302
    assert Submission.objects.get().revision.text == REST
