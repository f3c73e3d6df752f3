"""The API: who may do what with which token, and that every rule is the pages'."""

import datetime as dt
import json

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from approvals import actions as posts
from approvals import backing
from approvals.models import Review, Submission
from approvals.states import State
from integrations import bearer
from integrations.api import api
from integrations.models import Token, UsedKey
from integrations.scopes import FOR_PROGRAMS, Scope
from ledger.models import Entry
from organization import actions as people
from organization.models import Attempt
from tests.approvals.small_policy import issue_small_policy
from tests.approvals.test_mixed_posts import CHECKS, MIXED, PROTECTED, REST, stored

pytestmark = pytest.mark.django_db
TEXT = "We opened a bike shed today."
PROBLEM = "application/problem+json"


@pytest.fixture
def post(channel):
    return {"text": TEXT, "channels": [channel.pk]}


def decision(submission, verdict="clear", **extra):
    return {"verdict": verdict, "seen": submission.revision.digest} | extra


def test_a_program_puts_a_post_forward_and_sees_where_it_stands(program, post, ada, rex, edition):
    ours = program(ada)
    made = ours.post("submissions", post, key="first")
    assert made.status_code == 201
    told = made.json()
    assert (told["state"], told["owner"], told["findings"]) == ("in_review", "Rex", [])
    answer = ours.get(f"submissions/{told['id']}")
    assert "no-store" in answer["Cache-Control"]
    detail = answer.json()
    assert detail["text"] == TEXT
    assert detail["due_at"] == told["due_at"]
    listed = ours.get("submissions", state="in_review").json()
    assert [one["id"] for one in listed["items"]] == [told["id"]]
    assert ours.get("submissions", state="cleared").json()["count"] == 0


def test_a_post_that_a_standing_approval_covers_is_cleared_in_one_request(
    program, post, ada, standing
):
    told = program(ada).post("submissions", post, key="k").json()
    assert (told["state"], told["lane"]) == ("cleared", "green")
    assert len(told["clearance"]) == 32


def test_a_uuid_as_key_is_the_submissions_id(program, post, ada, edition):
    key = "0d2b7a5e-8ad4-4f5d-9bbd-6f5a2f9c1e11"
    assert program(ada).post("submissions", post, key=key).json()["id"] == key


def test_screening_stores_nothing(program, post, ada, edition):
    entries = Entry.objects.count()
    ours = program(ada)
    entries = Entry.objects.count()
    told = ours.post("screen", post).json()
    assert (told["lane"], told["needs_clearance"]) == ("amber", True)
    assert told["answer_by"]
    assert Entry.objects.count() == entries
    assert not Submission.objects.exists()


def test_i13_protected_speech_is_told_to_need_no_clearance_and_leaves_nothing(
    program, post, ada, edition
):
    ours = program(ada)
    entries = Entry.objects.count()
    answer = ours.post("submissions", post | {"text": PROTECTED}, key="k")
    assert (answer.status_code, answer.json()["needs_clearance"]) == (200, False)
    assert Entry.objects.count() == entries
    assert not UsedKey.objects.exists()
    assert stored("Union") == []


def test_i13_a_mixed_post_is_a_conflict_with_the_way_on(program, channel, ada, lea, quinn, rex):
    issue_small_policy(drafter=lea, approver=quinn, checks=CHECKS)
    ours, body = program(ada), {"text": MIXED, "channels": [channel.pk]}
    answer = ours.post("submissions", body, key="k")
    assert (answer.status_code, answer["Content-Type"]) == (409, PROBLEM)
    assert answer.json()["type"] == "urn:countersign:mixed-post"
    assert stored("Union") == []
    assert ours.post("screen", body).json()["rest"] == REST
    assert ours.post("submissions", body | {"together": True}, key="k").status_code == 201


def test_i11_the_same_key_and_body_are_answered_the_same_and_act_once(program, post, ada, edition):
    ours = program(ada)
    first = ours.post("submissions", post, key="k")
    entries = Entry.objects.count()
    again = ours.post("submissions", post, key="k")
    assert (again.status_code, again.content) == (201, first.content)
    assert Submission.objects.count() == 1
    assert Entry.objects.count() == entries


def test_another_body_with_the_same_key_is_refused(program, post, ada, edition):
    ours = program(ada)
    ours.post("submissions", post, key="k")
    answer = ours.post("submissions", post | {"text": "Another text."}, key="k")
    assert answer.status_code == 422
    assert "was used for another request" in answer.json()["detail"]
    assert Submission.objects.count() == 1


def test_a_key_whose_request_is_under_way_is_a_conflict_until_it_must_have_died(
    program, post, ada, edition
):
    ours = program(ada)
    UsedKey.objects.create(person=ada, key="k")
    assert ours.post("submissions", post, key="k").status_code == 409
    assert not Submission.objects.exists()
    UsedKey.objects.update(taken_at=timezone.now() - dt.timedelta(minutes=2))
    assert ours.post("submissions", post, key="k").status_code == 201


def test_a_key_is_not_used_up_by_a_refusal(program, post, ada, edition):
    ours = program(ada)
    assert ours.post("submissions", post | {"channels": [999]}, key="k").status_code == 422
    assert ours.post("submissions", post, key="k").status_code == 201


def test_two_people_may_use_the_same_key(program, post, ada, zoe, edition):
    first = program(ada).post("submissions", post, key="k").json()
    second = program(zoe).post("submissions", post, key="k").json()
    assert first["id"] != second["id"]


def test_what_is_kept_of_a_request_is_neither_its_text_nor_a_guessable_digest(
    program, post, ada, edition
):
    program(ada).post("submissions", post, key="k")
    kept = UsedKey.objects.get()
    assert TEXT not in kept.answer
    assert len(kept.request) == 64


def test_a_repeated_decision_is_answered_the_same_and_counts_once(program, submission, rex):
    ours, path = program(rex), f"submissions/{submission.pk}/decision"
    first = ours.post(path, decision(submission), key="k")
    again = ours.post(path, decision(submission), key="k")
    assert (first.status_code, again.content) == (200, first.content)
    assert Review.objects.count() == 1
    assert ours.post(path, decision(submission), key="other").status_code == 409


def test_i14_what_a_program_does_is_done_by_its_person_and_marked(client, program, submission, rex):
    told = program(rex).post(f"submissions/{submission.pk}/decision", decision(submission)).json()
    assert told["state"] == "cleared"
    entry = Entry.objects.filter(type="submission.clear").get()
    assert entry.content["actor"] == {
        "kind": "person",
        "id": str(rex.pk),
        "through": "API token Newsroom",
    }
    client.force_login(rex)
    page = client.get(f"/posts/{submission.pk}/").content.decode()
    assert "Rex, by API token Newsroom: clear" in page


@pytest.mark.parametrize(
    ("who", "status", "state"),
    [
        ("rex", 200, State.CLEARED),
        ("ada", 404, State.IN_REVIEW),
        ("zoe", 404, State.IN_REVIEW),
        ("amin", 404, State.IN_REVIEW),
        ("rita", 403, State.IN_REVIEW),
    ],
    ids=["its reviewer", "its author", "a stranger", "an administrator", "who sees it"],
)
def test_who_may_clear_a_post(request, program, submission, who, status, state):
    ours = program(request.getfixturevalue(who))
    entries = Entry.objects.count()
    answer = ours.post(f"submissions/{submission.pk}/decision", decision(submission))
    submission.refresh_from_db()
    assert (answer.status_code, submission.state) == (status, state)
    assert (Entry.objects.count() > entries) == (status == 200)


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 200), ("rex", 200), ("rita", 200), ("zoe", 404), ("lea", 404)]
)
def test_who_sees_a_post(request, program, submission, who, status):
    ours = program(request.getfixturevalue(who))
    assert ours.get(f"submissions/{submission.pk}").status_code == status


def test_i02_a_decision_about_a_text_that_has_changed_is_a_conflict(
    program, submission, rex, ada, channel
):
    seen = submission.revision.digest
    posts.revise(submission, actor=ada, seen=seen, text="Another.", channels=[channel])
    answer = program(rex).post(
        f"submissions/{submission.pk}/decision", {"verdict": "clear", "seen": seen}
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:countersign:text-changed")


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"verdict": "send_back"}, "reason"),
        ({"verdict": "decline", "reason": "No."}, "provision"),
        ({"verdict": "approve"}, "body.payload.verdict"),
        ({"verdict": "clear", "state": "published"}, "body.payload.state"),
    ],
)
def test_what_a_decision_lacks_is_said_as_on_the_page(program, submission, rex, said, where):
    answer = program(rex).post(
        f"submissions/{submission.pk}/decision", decision(submission, **said)
    )
    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    assert [one["where"] for one in answer.json()["errors"]] == [where]
    submission.refresh_from_db()
    assert submission.state == State.IN_REVIEW


def test_a_post_is_declined_with_the_number_of_a_provision(program, submission, rex):
    said = decision(submission, "decline", reason="It promises too much.", provision="1.2")
    told = program(rex).post(f"submissions/{submission.pk}/decision", said).json()
    assert told["state"] == "declined"
    assert Review.objects.get().provision.number == "1.2"
    detail = program(rex).get(f"submissions/{submission.pk}").json()
    assert detail["reviews"][0]["provision"] == "1.2"


def test_what_waits_for_a_reviewer_is_listed(program, submission, rex, ada):
    listed = program(rex).get("submissions", of="to_review").json()
    assert [one["id"] for one in listed["items"]] == [str(submission.pk)]
    assert program(ada).get("submissions", of="to_review").json()["count"] == 0


def test_an_author_reports_a_post_published_or_takes_it_back(
    program, submission, write, rex, ada, channel
):
    ours, seen = program(ada), submission.revision.digest
    other = write("Another post.")
    path = f"submissions/{other.pk}/withdraw"
    assert ours.post(path, {"seen": other.revision.digest}).json()["state"] == "withdrawn"
    path = f"submissions/{submission.pk}/published"
    assert ours.post(path, {"seen": seen}).status_code == 409
    posts.decide(submission, actor=rex, verdict="clear", seen=seen)
    wrong = ours.post(path, {"seen": seen, "url": "not a link"})
    assert (wrong.status_code, "not a link" in wrong.json()["detail"]) == (422, True)
    told = ours.post(path, {"seen": seen, "url": "https://social.example/1"}).json()
    assert (told["state"], bool(told["published_at"])) == ("published", True)
    assert program(rex).post(path, {"seen": seen}).status_code == 404


def test_the_record_is_there_once_it_is_made(program, submission, rex, ada):
    ours, path = program(ada), f"submissions/{submission.pk}/backing-record"
    assert "not cleared" in ours.get(path).json()["detail"]
    seen = submission.revision.digest
    decided = posts.decide(submission, actor=rex, verdict="clear", seen=seen)
    assert "being made" in ours.get(path).json()["detail"]
    backing.issue(decided.clearance.pk)
    assert ours.get(path).json()["kind"] == "backing-record"
    pdf = ours.get(f"{path}.pdf")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_channels_say_which_of_them_the_person_reviews(program, channel, ada, rex):
    assert program(ada).get("channels").json()[0]["may_review"] is False
    assert program(rex).get("channels").json()[0]["may_review"] is True


# Tokens


SCOPES = {
    ("get", "channels"): set(FOR_PROGRAMS),
    ("post", "screen"): {Scope.SCREEN},
    ("post", "submissions"): {Scope.SUBMIT},
    ("get", "submissions"): {Scope.READ},
    ("get", "submissions/{pk}"): {Scope.READ},
    ("post", "submissions/{pk}/decision"): {Scope.DECIDE},
    ("post", "submissions/{pk}/withdraw"): {Scope.SUBMIT},
    ("post", "submissions/{pk}/published"): {Scope.SUBMIT},
    ("get", "submissions/{pk}/backing-record"): {Scope.READ},
    ("get", "submissions/{pk}/backing-record.pdf"): {Scope.READ},
}


def test_every_operation_stands_in_the_table_of_scopes():
    operations = {
        (method, path.removeprefix("/api/v1/"))
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    assert operations == set(SCOPES)


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize(("method", "path"), SCOPES)
def test_a_token_reaches_as_far_as_its_scopes(program, submission, ada, scope, method, path):
    ours, path_of_it = program(ada, scope), path.replace("{pk}", str(submission.pk))
    answer = (
        ours.get(path_of_it) if method == "get" else ours.post(path_of_it, {"wrong": 1}, key="k")
    )
    refused = answer.status_code == 403 and "needs the scope" in answer.json()["detail"]
    assert refused == (scope not in SCOPES[method, path])


def test_without_a_token_there_is_no_answer_however_one_is_signed_in(client, submission, ada):
    client.force_login(ada)
    answer = client.get("/api/v1/submissions")
    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("why", ["revoked", "over", "left"])
def test_a_token_that_is_revoked_or_over_or_of_somebody_who_left_opens_nothing(
    program, ada, amin, why, submission
):
    ours = program(ada)
    assert ours.get("submissions").status_code == 200
    if why == "revoked":
        Token.objects.update(revoked_at=timezone.now())
    if why == "over":
        Token.objects.update(ends_at=timezone.now())
    if why == "left":
        people.deactivate(ada, actor=amin)
    assert ours.get("submissions").status_code == 401


def test_too_many_requests_in_a_minute_wait_for_the_next(program, ada, monkeypatch):
    monkeypatch.setattr(bearer, "A_MINUTE", 3)
    ours = program(ada)
    with time_machine.travel("2026-12-01T10:00:40Z", tick=False):
        assert [ours.get("channels").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert ours.get("channels")["Retry-After"] == "20"
    with time_machine.travel("2026-12-01T10:01:00Z", tick=False):
        assert ours.get("channels").status_code == 200
    assert Token.objects.get().last_used_on == dt.date(2026, 12, 1)


def test_guessing_at_tokens_is_slowed_down(client, db):
    wrong = {"authorization": "Bearer cs_wrong"}
    statuses = [client.get("/api/v1/channels", headers=wrong).status_code for _ in range(52)]
    assert (statuses[0], statuses[49], statuses[51]) == (401, 401, 429)
    assert Attempt.objects.exists()


# Bodies


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{", "application/json", 400),
        ('{"text": NaN}', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        ('{"text": "a"}', "text/plain", 415),
        (json.dumps({"text": "x" * 2_000_001}), "application/json", 413),
        (json.dumps({"text": "x" * 21_000_000}), "application/json", 413),
        (json.dumps({"text": "\ud800"}), "application/json", 422),
        (json.dumps({"text": "a", "lane": "green"}), "application/json", 422),
        ("[]", "application/json", 422),
        ("", "application/json", 422),
    ],
    ids=[
        "cut",
        "nan",
        "deep",
        "no utf-8",
        "no json",
        "large",
        "huge",
        "half",
        "extra",
        "list",
        "none",
    ],
)
def test_a_body_that_cannot_be_is_refused_in_words(
    client, token_of, ada, edition, body, content_type, status
):
    headers = {"authorization": f"Bearer {token_of(ada)}"}
    answer = client.post("/api/v1/screen", body, content_type=content_type, headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    assert answer.json()["status"] == status


@pytest.mark.parametrize("path", ["nowhere", "submissions/a/b", "submissions/x%2Fy"])
def test_other_paths_are_problems_too(client, path, db):
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "2026-12-01T10:00:00", "soon"])
def test_a_window_is_a_moment_with_an_offset_that_somebody_can_mean(
    program, post, ada, edition, moment
):
    answer = program(ada).post("submissions", post | {"window_from": moment}, key="k")
    assert answer.status_code == 422


@time_machine.travel("2026-12-01T10:00:40Z", tick=False)
def test_a_list_costs_the_same_whatever_its_length(program, write, ada):
    ours, counts = program(ada), []
    ours.get("submissions")
    for wanted in (1, 12):
        while Submission.objects.count() < wanted:
            write(f"Post {Submission.objects.count()}.")
        with CaptureQueriesContext(connection) as queries:
            ours.get("submissions")
        counts.append(len(queries))
    assert counts[0] == counts[1]
