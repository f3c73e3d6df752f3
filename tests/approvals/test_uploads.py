"""Files sent up for a post: whose they are, when they are kept, when they are gone, and who may see them."""

import datetime as dt
import hashlib
import json
import os
import uuid

import pytest
import time_machine
from django.core.exceptions import RequestDataTooBig
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from approvals import actions, uploads
from approvals.errors import RefusedPostError
from approvals.media import FOLDER
from approvals.models import Hit, MediaFile, RevisionMedium, Submission, Upload, Verdict
from approvals.states import State
from clause_library.checks.model import Medium
from documents.errors import RefusedFileError
from documents.media import limits
from documents.media.receiving import Bounded
from documents.models import StoredFile
from ledger.models import Entry
from organization.roles import Role
from tests import files
from tests.approvals.small_policy import issue_small_policy
from tests.conftest import hire
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
TEXT = "We opened a bike shed today."
PROTECTED = "Our pay is too low. We should form a union."
SECRET = {
    "name": "promises",
    "kind": "claims",
    "category": "financial_promise",
    "severity": "review",
    "message": "This promises a gain.",
    "params": {"phrases": ["guaranteed returns"]},
}


def bytes_waiting():
    """How many files lie where uploads wait."""
    return len(default_storage.listdir(FOLDER)[1]) if default_storage.exists(FOLDER) else 0


@pytest.fixture
def upload(ada):
    """A picture that Ada has sent up."""
    return uploads.receive(files.sent(files.from_a_phone()), ada)


@pytest.fixture
def medium(upload):
    return Medium("A red square.", "own", file=upload.digest)


@pytest.fixture
def post(write, medium):
    """A post of Ada's with a picture; it waits for Rex."""
    return write(media=[medium])


@pytest.fixture
def film(ada, write):
    """A post of Ada's with a video."""
    sent = uploads.receive(files.sent(files.video()), ada)
    return write(media=[Medium("A red square.", "own", file=sent.digest)])


def form(channel, **extra):
    return {"key": str(uuid.uuid4()), "text": TEXT, "channels": [channel.pk]} | extra


# What is sent up


def test_an_upload_says_what_was_taken_out_and_holds_what_is_left(upload):
    assert upload.removed[0] == "where it was taken"
    assert hashlib.sha256(upload.read()).hexdigest() == upload.digest
    assert b"Fairphone" not in upload.read()
    assert (upload.width, upload.height, upload.size) == (60, 40, len(upload.read()))


def test_the_same_file_again_is_the_same_upload_and_its_day_begins_anew(ada):
    with time_machine.travel("2026-11-28T10:00Z", tick=False):
        first = uploads.receive(files.sent(files.picture()), ada)
    with time_machine.travel("2026-11-28T18:00Z", tick=False):
        again = uploads.receive(files.sent(files.picture(), "other.jpg"), ada)
    assert (again.pk, Upload.objects.count()) == (first.pk, 1)
    assert again.received_at == dt.datetime(2026, 11, 28, 18, tzinfo=dt.UTC)


def test_an_upload_leaves_nothing_in_the_ledger_and_no_stored_file(upload):
    assert (Entry.objects.count(), StoredFile.objects.count(), bytes_waiting()) == (0, 0, 3)


def test_nobody_keeps_more_than_twenty_files_waiting(ada, upload, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_WAITING", 1)
    with pytest.raises(RefusedFileError, match="You have 1 files here that are in no post"):
        uploads.receive(files.sent(files.picture()), ada)


def test_a_refused_file_leaves_nothing(ada):
    with pytest.raises(RefusedFileError):
        uploads.receive(files.sent(files.archive()), ada)
    assert (Upload.objects.count(), bytes_waiting()) == (0, 0)


# What is too large


def test_no_more_is_written_than_a_file_may_have(monkeypatch, ada):
    monkeypatch.setattr("documents.media.receiving.MOST_UPLOADED", 100)
    handler = Bounded()
    handler.new_file("medium_1_new", "big.png", "image/png", None)
    for start in range(0, 600, 60):
        handler.receive_data_chunk(files.picture()[:60].ljust(60, b"\0"), start)
    file = handler.file_complete(600)
    assert (file.size, os.path.getsize(file.temporary_file_path())) == (600, 100)  # noqa: PTH202
    monkeypatch.setattr("documents.media.kinds.MOST_BYTES", {"image": 100})
    with pytest.raises(RefusedFileError, match=r"This PNG has 0\.0 MB"):
        uploads.receive(file, ada)


def test_a_file_that_is_too_large_costs_nobody_their_words(
    client, edition, channel, ada, monkeypatch
):
    monkeypatch.setattr("documents.media.receiving.MOST_UPLOADED", 200)
    monkeypatch.setattr("documents.media.kinds.MOST_BYTES", {"image": 200})
    client.force_login(ada)
    big = files.sent(files.picture("JPEG", (300, 300)))
    page = client.post(reverse("approvals:new"), form(channel, medium_1_new=big)).content.decode()
    assert "0 MB is the most. Save it smaller." in page
    assert TEXT in page
    assert (Submission.objects.count(), Upload.objects.count()) == (0, 0)


def test_a_request_far_too_large_is_not_read():
    handler = Bounded()
    assert handler.handle_raw_input(None, {}, limits.MOST_REQUESTED) is None
    with pytest.raises(RequestDataTooBig):
        handler.handle_raw_input(None, {}, limits.MOST_REQUESTED + 1)


# What a post claims


def test_a_post_keeps_the_file_and_the_upload_is_gone(
    post, upload, django_capture_on_commit_callbacks
):
    kept = RevisionMedium.objects.get().file
    assert (kept.digest, kept.stored.read()) == (upload.digest, kept.stored.read())
    assert hashlib.sha256(kept.stored.read()).hexdigest() == upload.digest
    assert Upload.objects.count() == 0
    assert [len(kept.picture(page)) > 100 for page in (0, 1)] == [True, True]
    assert kept.picture(2) is None


def test_its_bytes_leave_the_waiting_place(ada, edition, channel, medium, transactional_db):
    actions.submit(actor=ada, key=uuid.uuid4(), text=TEXT, channels=[channel], media=[medium])
    assert bytes_waiting() == 0


def test_pressing_twice_keeps_the_file_once(write, medium):
    key = uuid.uuid4()
    assert write(key=key, media=[medium]) == write(key=key, media=[medium])
    assert (MediaFile.objects.count(), RevisionMedium.objects.count()) == (1, 1)


def test_two_people_who_send_the_same_file_share_one(write, post, unit):
    bo = hire("Bo", unit)
    digest = uploads.receive(files.sent(files.from_a_phone()), bo).digest
    write(author=bo, media=[Medium("A red square.", "own", file=digest)])
    assert (MediaFile.objects.count(), RevisionMedium.objects.count()) == (1, 2)


def test_nobody_puts_a_file_of_somebody_elses_into_a_post(write, upload, unit):
    bo = hire("Bo", unit)
    with pytest.raises(RefusedPostError, match="is no longer here"):
        write(author=bo, media=[Medium("Mine now.", "own", file=upload.digest)])
    assert Submission.objects.count() == 0
    assert Upload.objects.get().uploader == upload.uploader


def test_what_the_form_says_of_a_file_counts_for_nothing(write, upload):
    lied = Medium("A dot.", "own", file=upload.digest, media_type="text/html", width=1, words="x")
    said = write(media=[lied]).revision.declared[0]
    assert (said.media_type, said.width, said.words) == ("image/jpeg", 60, "")


def test_an_author_uses_a_file_of_an_earlier_post_again(post, write, medium):
    again = write(text="Once more.", media=[medium])
    assert again.revision.declared[0].file == medium.file


def test_i02_a_change_of_one_byte_ends_the_clearance(write, ada, rex, channel):
    """Two pictures that differ in one pixel's one value."""
    first, second = (
        uploads.receive(files.sent(files.picture("PNG", (8, 8), (200, 30, blue))), ada)
        for blue in (20, 21)
    )
    post = write(media=[Medium("A square.", "own", file=first.digest)])
    post = actions.decide(post, actor=rex, verdict=Verdict.CLEAR, seen=post.revision.digest)
    clearance, seen = post.clearance, post.revision.digest
    media = [Medium("A square.", "own", file=second.digest)]
    post = actions.revise(post, actor=ada, seen=seen, text=TEXT, channels=[channel], media=media)
    clearance.refresh_from_db()
    assert first.size == second.size
    assert post.revision.digest != seen
    assert (post.state, post.revision.number, post.clearance) == (State.IN_REVIEW, 2, None)
    assert not clearance.is_valid()


def test_i02_without_its_picture_the_post_is_no_longer_cleared(post, ada, rex, channel):
    cleared = actions.decide(post, actor=rex, verdict=Verdict.CLEAR, seen=post.revision.digest)
    seen = cleared.revision.digest
    bare = actions.revise(cleared, actor=ada, seen=seen, text=TEXT, channels=[channel])
    assert (bare.state, bare.clearance) == (State.IN_REVIEW, None)


# What is forgotten


def test_after_a_day_an_upload_is_forgotten_with_its_bytes(upload, transactional_db):
    uploads.forget(upload.received_at + dt.timedelta(hours=23, minutes=59))
    assert (Upload.objects.count(), bytes_waiting()) == (1, 3)
    uploads.forget(upload.received_at + dt.timedelta(days=1))
    assert (Upload.objects.count(), bytes_waiting()) == (0, 0)


def test_what_a_post_has_is_not_forgotten(post, medium):
    uploads.forget(timezone.now() + dt.timedelta(days=400))
    assert RevisionMedium.objects.get().file.stored.read()


def test_bytes_that_a_stop_left_behind_are_swept_after_a_day(upload):
    """As when a process is killed after it has written the file and before it has written the row."""
    Upload.objects.all().delete()
    now = timezone.now()
    uploads.forget(now)
    assert bytes_waiting() == 3
    uploads.forget(now + dt.timedelta(days=1, minutes=1))
    assert bytes_waiting() == 0


def test_a_forgotten_file_is_asked_for_again(write, medium):
    uploads.forget(timezone.now() + dt.timedelta(days=2))
    with pytest.raises(RefusedPostError, match=r"after a day\. Choose it again"):
        write(media=[medium])


# What is protected


def test_i13_protected_speech_leaves_no_file_behind(write, medium):
    assert write(text=PROTECTED, media=[medium]) is None
    assert (Upload.objects.count(), MediaFile.objects.count(), StoredFile.objects.count()) == (
        0,
        0,
        0,
    )


def test_i13_of_protected_speech_a_file_that_comes_along_is_not_taken_in(
    client, edition, channel, ada, monkeypatch
):
    monkeypatch.setattr(uploads, "receive", lambda *_: pytest.fail("it was taken in"))
    client.force_login(ada)
    picture = files.sent(files.picture())
    page = client.post(
        reverse("approvals:new"), form(channel, text=PROTECTED, medium_1_new=picture)
    )
    assert "You need no clearance for this" in page.content.decode()


def test_i13_while_it_is_written_neither(client, edition, channel, ada):
    client.force_login(ada)
    row = client.post(
        reverse("approvals:attach", args=[1]),
        form(channel, text=PROTECTED, attach="1", medium_1_new=files.sent(files.picture())),
    ).content.decode()
    assert "This post needs no clearance, so we kept nothing of the file." in row
    assert (Upload.objects.count(), bytes_waiting()) == (0, 0)


# The form


def test_without_javascript_a_file_goes_up_with_any_press(client, edition, channel, ada):
    client.force_login(ada)
    new = reverse("approvals:new")
    sent = form(channel, attach="2", medium_2_new=files.sent(files.from_a_phone()))
    page = client.post(new, sent).content.decode()
    upload = Upload.objects.get()
    assert f'name="medium_2_file" value="{upload.digest}"' in page
    assert "We took out where it was taken" in page
    assert Submission.objects.count() == 0
    said = {"medium_2_file": upload.digest, "medium_2_alt_text": "A square."}
    assert client.post(new, form(channel, **said)).status_code == 302
    assert Submission.objects.get().revision.declared[0].alt_text == "A square."


def test_a_file_may_come_with_the_press_that_submits(client, edition, channel, ada):
    client.force_login(ada)
    sent = form(channel, medium_1_new=files.sent(files.picture()), medium_1_alt_text="A square.")
    assert client.post(reverse("approvals:new"), sent).status_code == 302
    assert RevisionMedium.objects.get().number == 1


def test_a_file_that_is_not_taken_is_told_beside_its_field_and_nothing_is_submitted(
    client, edition, channel, ada
):
    client.force_login(ada)
    sent = form(channel, medium_1_new=files.sent(files.archive(), "holiday.png"))
    page = client.post(reverse("approvals:new"), sent).content.decode()
    assert "This is an archive, whatever its name says." in page
    assert TEXT in page
    assert Submission.objects.count() == 0


def test_taking_it_out_leaves_nothing(client, edition, channel, ada, upload, transactional_db):
    client.force_login(ada)
    said = {"medium_1_file": upload.digest, "medium_1_alt_text": "A square.", "remove": "1"}
    page = client.post(reverse("approvals:new"), form(channel, **said)).content.decode()
    assert (upload.digest in page, "A square.</textarea>" in page) == (False, False)
    assert (Upload.objects.count(), bytes_waiting()) == (0, 0)


def test_with_javascript_the_answer_is_the_row(client, edition, channel, ada):
    client.force_login(ada)
    sent = form(channel, attach="3", medium_3_new=files.sent(files.picture()))
    row = client.post(reverse("approvals:attach", args=[3]), sent).content.decode()
    assert row.strip().startswith("<fieldset")
    assert f'name="medium_3_file" value="{Upload.objects.get().digest}"' in row


def test_a_post_that_is_changed_shows_its_files(client, post, ada, medium):
    client.force_login(ada)
    page = client.get(reverse("approvals:edit", args=[post.pk])).content.decode()
    assert f'name="medium_1_file" value="{medium.file}"' in page
    picture = client.get(reverse("approvals:upload", args=[medium.file, 0]))
    assert picture["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("row", [0, 5])
def test_there_are_four_rows(client, edition, channel, ada, row):
    client.force_login(ada)
    assert client.post(reverse("approvals:attach", args=[row]), form(channel)).status_code == 404


# Who may see it


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        ("ada", 200, 200),
        ("rex", 404, 404),
        ("zoe", 404, 404),
        ("rita", 404, 404),
        ("amin", 404, 404),
    ],
)
def test_what_nobody_has_submitted_only_its_author_sees(
    client, request, upload, write, medium, who, before, after
):
    client.force_login(request.getfixturevalue(who))
    path = reverse("approvals:upload", args=[upload.digest, 0])
    assert client.get(path).status_code == before
    write(media=[medium])
    assert client.get(path).status_code == after


@pytest.mark.parametrize(
    ("who", "status"),
    [("ada", 200), ("rex", 200), ("rita", 200), ("max", 404), ("amin", 404), ("zoe", 404)],
)
def test_whoever_sees_the_post_sees_its_files_and_nobody_else(client, request, post, who, status):
    client.force_login(request.getfixturevalue(who))
    digest = post.revision.declared[0].file
    paths = [
        reverse("approvals:media_file", args=[post.pk, digest]),
        reverse("approvals:media_preview", args=[post.pk, digest, 0]),
        reverse("approvals:media_preview", args=[post.pk, digest, 1]),
    ]
    assert [client.get(path).status_code for path in paths] == [status] * 3


def test_a_reviewer_who_is_gone_sees_nothing(client, post, rex):
    client.force_login(rex)
    path = reverse("approvals:media_file", args=[post.pk, post.revision.declared[0].file])
    assert client.get(path).status_code == 200
    rex.is_active = False
    rex.save()
    assert client.get(path).status_code != 200


def test_whoever_is_not_signed_in_is_asked_to(client, post):
    path = reverse("approvals:media_file", args=[post.pk, post.revision.declared[0].file])
    assert client.get(path)["Location"].startswith("/sign-in/")


def test_a_file_is_not_seen_through_another_post(client, post, write, unit, rex):
    other = write(text="Without a picture.")
    client.force_login(rex)
    path = reverse("approvals:media_file", args=[other.pk, post.revision.declared[0].file])
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("page", [2, 51, 99999])
def test_there_is_no_page_behind_the_last(client, post, ada, page):
    client.force_login(ada)
    path = reverse("approvals:media_preview", args=[post.pk, post.revision.declared[0].file, page])
    assert client.get(path).status_code == 404


def test_the_former_picture_stays_to_be_compared(client, post, ada, rex, channel, medium):
    seen = post.revision.digest
    actions.revise(post, actor=ada, seen=seen, text=TEXT, channels=[channel])
    client.force_login(rex)
    path = reverse("approvals:media_preview", args=[post.pk, medium.file, 1])
    assert client.get(path).status_code == 200


def test_files_are_served_as_what_they_are_and_never_as_a_page(client, post, rex):
    client.force_login(rex)
    digest = post.revision.declared[0].file
    answer = client.get(
        reverse("approvals:media_file", args=[post.pk, digest]), headers={"Accept-Encoding": "gzip"}
    )
    assert hashlib.sha256(answer.content).hexdigest() == digest
    assert {name: answer[name] for name in HEADERS} == HEADERS | {
        "Content-Disposition": f'attachment; filename="{digest[:12]}.jpg"'
    }


HEADERS = {
    "Content-Type": "image/jpeg",
    "Content-Disposition": "",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "Accept-Ranges": "bytes",
}


@pytest.mark.parametrize(
    ("asked", "status", "said", "part"),
    [
        ("", 200, None, slice(None)),
        ("bytes=0-", 206, "bytes 0-{last}/{size}", slice(None)),
        ("bytes=0-9", 206, "bytes 0-9/{size}", slice(10)),
        ("bytes=100-199", 206, "bytes 100-199/{size}", slice(100, 200)),
        ("bytes=1000-999999", 206, "bytes 1000-{last}/{size}", slice(1000, None)),
        ("bytes=999999-", 416, "bytes */{size}", slice(0, 0)),
        ("bytes=9-3", 416, "bytes */{size}", slice(0, 0)),
        ("bytes=0-1,3-4", 200, None, slice(None)),
        ("bytes=-5", 200, None, slice(None)),
        ("lines=1-2", 200, None, slice(None)),
    ],
)
def test_a_player_gets_the_stretch_that_it_asks_for(client, film, rex, asked, status, said, part):
    client.force_login(rex)
    medium = film.revision.declared[0]
    whole = MediaFile.objects.get().stored.read()
    path = reverse("approvals:media_file", args=[film.pk, medium.file])
    answer = client.get(path, headers={"Range": asked} if asked else {})
    told = said and said.format(last=len(whole) - 1, size=len(whole))
    assert (answer.status_code, answer.get("Content-Range")) == (status, told)
    assert answer.content == whole[part]
    assert answer["Content-Type"] == "video/mp4"


def test_no_stretch_is_longer_than_one_answer_carries(client, film, rex, monkeypatch):
    monkeypatch.setattr("approvals.media_views.A_STRETCH", 100)
    client.force_login(rex)
    path = reverse("approvals:media_file", args=[film.pk, film.revision.declared[0].file])
    assert len(client.get(path, headers={"Range": "bytes=50-"}).content) == 100


def test_a_stored_file_that_was_changed_is_not_shown(client, post, rex):
    client.force_login(rex)
    digest = post.revision.declared[0].file
    with open(default_storage.path(f"{digest[:2]}/{digest[2:]}"), "r+b") as file:  # noqa: PTH123
        file.seek(20)
        file.write(b"?")
    path = reverse("approvals:media_file", args=[post.pk, digest])
    with pytest.raises(Exception, match="has been changed"):
        client.get(path)


def test_the_pages_of_a_post_cost_the_same_with_more_files(client, write, ada, rex):
    def with_files(count):
        sent = [
            uploads.receive(files.sent(files.picture(colour=(shade, 9, count))), ada)
            for shade in range(count)
        ]
        return write(media=[Medium("A square.", "own", file=one.digest) for one in sent])

    one, four = with_files(1), with_files(4)
    for name, who in (("submission", ada), ("review", rex), ("edit", ada)):
        client.force_login(who)
        costs = [
            queries_of(client, reverse(f"approvals:{name}", args=[post.pk])) for post in (one, four)
        ]
        assert costs[0] == costs[1], name


# What stands beside the text


@pytest.fixture
def strict(company, lea, quinn):
    """The small policy, with one check: nobody promises gains."""
    return issue_small_policy(drafter=lea, approver=quinn, checks=[SECRET])


@pytest.fixture
def put_forward(strict, channel, ada):
    def put_forward(alt_text, data=None):
        digest = uploads.receive(files.sent(data or files.picture()), ada).digest
        return actions.submit(
            actor=ada,
            key=uuid.uuid4(),
            text=TEXT,
            channels=[channel],
            media=[
                Medium("A shed.", "own", file=digest),
                Medium(alt_text, "own", file=digest),
            ],
        )

    return put_forward


def test_an_alt_text_is_screened_like_the_post(put_forward):
    post = put_forward("A poster: guaranteed returns!")
    (finding,) = actions.latest_screening(post.revision).findings
    assert (finding["message"], finding["where"], finding["start"], finding["end"]) == (
        "This promises a gain.",
        "alt-2",
        10,
        28,
    )
    assert (finding["quote"], finding["stands_in"], finding["fix"]) == (
        "guaranteed returns",
        "the alt text of picture or video 2",
        None,
    )
    assert post.lane == "amber"


def test_the_words_in_a_pdf_are_screened_like_the_post(put_forward):
    post = put_forward("A flyer.", files.pdf("Ask us about guaranteed returns.", pages=2))
    found = actions.latest_screening(post.revision).findings
    assert [(one["where"], one["quote"]) for one in found] == [
        ("words-1", "guaranteed returns"),
        ("words-2", "guaranteed returns"),
    ]


def test_a_harmless_alt_text_is_left_alone(put_forward):
    assert actions.latest_screening(put_forward("A bike.").revision).findings == []


def test_a_finding_in_an_alt_text_is_judged_and_settled_like_any_other(put_forward, rex, client):
    post = put_forward("A poster: guaranteed returns!")
    hit = Hit.objects.get()
    assert (hit.where, hit.key[-1]) == ("alt-2", "alt-2")
    client.force_login(rex)
    path = reverse("approvals:review", args=[post.pk])
    page = client.get(path).content.decode()
    assert "In the alt text of picture or video 2: <mark>guaranteed returns</mark>" in page
    pressed = {
        "seen": post.revision.digest,
        "shown": str(hit.pk),
        "verdict": "clear_fine",
        "fine_because": "It is a joke.",
    }
    assert client.post(path, pressed).status_code == 302
    again = put_forward("A poster: guaranteed returns!")
    (finding,) = actions.latest_screening(again.revision).findings
    assert finding["settled"]["because"] == "It is a joke."


def test_the_entry_names_the_place_and_no_words(put_forward):
    post = put_forward("A poster: guaranteed returns!")
    told = json.loads(bytes(post.entry.body))["data"]["findings"]
    assert told == [["promises", told[0][1], 10, 28, "alt-2"]]


def test_the_live_check_says_in_which_alt_text(client, strict, channel, ada):
    client.force_login(ada)
    said = {"medium_1_alt_text": "A poster: guaranteed returns!", "medium_1_licence": "own"}
    page = client.post(reverse("approvals:screen"), form(channel, **said)).content.decode()
    assert "In the alt text of picture or video 1: <mark>guaranteed returns</mark>" in page


def test_a_reviewer_reads_the_words_of_a_pdf_page_by_page(client, write, ada, rex):
    sent = uploads.receive(files.sent(files.pdf(pages=3)), ada)
    post = write(media=[Medium("A flyer.", "own", file=sent.digest)])
    client.force_login(rex)
    page = client.get(reverse("approvals:review", args=[post.pk])).content.decode()
    assert "All 3 pages" in page
    assert [f"{sent.digest}/{number}.jpg" in page for number in (1, 2, 3, 4)] == [
        True,
        True,
        True,
        False,
    ]


def test_the_limits_leave_room_for_every_family():
    assert max(limits.MOST_BYTES.values()) == limits.MOST_UPLOADED < limits.MOST_REQUESTED


def test_a_manager_without_a_role_on_the_channel_is_a_stranger_here(client, post, unit):
    other = hire("Mo", unit, Role.REVIEWER)
    client.force_login(other)
    path = reverse("approvals:media_file", args=[post.pk, post.revision.declared[0].file])
    assert client.get(path).status_code == 404
