"""Pictures and video that an author declares: checked, bound by the decision, and on the record."""

import datetime as dt
import json
import uuid
from dataclasses import asdict, replace

import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm

from approvals import actions, revisions, uploads
from approvals.backing import contents
from approvals.errors import NotTheSameError, RefusedPostError, TextChangedError
from approvals.forms import PostForm, media_fields
from approvals.models import Submission, Verdict
from approvals.preview import preview
from approvals.settling import is_firm
from approvals.states import State
from clause_library.checks.model import LICENCES, MINORS, Medium
from ledger.models import Sealed
from tests import files
from tests.approvals.small_policy import issue_small_policy
from tests.conftest import hire
from tests.files import sent as sent_file

pytestmark = pytest.mark.django_db

TEXT = "We opened a bike shed today."
BIKE = Medium("A red bike in a shed.", "own")
BARE = Medium("", "own")
ALT_TEXT = {
    "name": "alt-text",
    "kind": "media",
    "category": "style",
    "severity": "fix",
    "message": "A picture has no alt text.",
    "params": {"looks": ["alt_text"]},
}


@pytest.fixture
def attach(ada):
    """What is said of a picture, with a file that its author has sent up; one shade, one file."""

    def attach(medium, shade=1, author=ada):
        upload = uploads.receive(sent_file(files.picture(colour=(shade, 0, 0))), author)
        return replace(medium, file=upload.digest)

    return attach


@pytest.fixture
def edition(company, lea, quinn):
    """The small policy, with one check: pictures have an alt text."""
    return issue_small_policy(drafter=lea, approver=quinn, checks=[ALT_TEXT])


def sent(channel, *media, **extra):
    post = {"key": str(uuid.uuid4()), "text": TEXT, "channels": [channel.pk]}
    return post | media_fields(media) | extra


def says(findings):
    return [finding["message"] for finding in findings]


def test_a_picture_without_alt_text_is_noticed_before_the_press(edition, channel, ada):
    assert says(preview(TEXT, ada, [channel], media=[BARE]).findings) == [ALT_TEXT["message"]]
    assert says(preview(TEXT, ada, [channel], media=[BIKE]).findings) == []
    assert says(preview(TEXT, ada, [channel]).findings) == []


def test_a_picture_decides_the_lane(standing, write):
    assert [
        (post.lane, post.state)
        for post in (write(media=[BIKE]), write(media=[BARE]), write(media=[BIKE, BARE]))
    ] == [
        ("green", State.CLEARED),
        ("amber", State.IN_REVIEW),
        ("amber", State.IN_REVIEW),
    ]


def test_the_digest_of_a_post_without_pictures_is_what_it_always_was():
    # SHA-256 of {"channels":[],"media":[],"text":"Hello","window":[null,null]}
    known = "b545067de286fd33e3c6a59ad2dece29bba65297c93a2f07b64ac9741879ab9c"
    assert revisions.digest("Hello", [], None, None) == known


def test_i02_each_part_of_a_declaration_is_in_the_digest():
    declared = [
        [],
        [Medium()],
        [Medium("A bike.")],
        [Medium(licence="own")],
        [Medium(minors="with_consent")],
        [Medium(), Medium()],
        [BIKE, BARE],
        [BARE, BIKE],
    ]
    digests = {revisions.digest("Hello", [], None, None, media) for media in declared}
    assert len(digests) == len(declared)


def test_i02_other_pictures_end_a_decision(write, rex, ada, channel):
    post = write(media=[BIKE])
    seen = post.revision.digest
    actions.decide(post, actor=rex, verdict=Verdict.CLEAR, seen=seen)
    clearance = Submission.objects.get(pk=post.pk).clearance
    changed = {"text": TEXT, "channels": [channel], "media": [Medium("A blue bike.", "own")]}
    post = actions.revise(post, actor=ada, seen=seen, **changed)
    clearance.refresh_from_db()
    assert (post.state, post.clearance, clearance.is_valid()) == (State.IN_REVIEW, None, False)


def test_saving_the_same_pictures_changes_nothing(write, ada, channel):
    post = write(media=[BIKE])
    seen = post.revision.digest
    same = {"text": TEXT, "channels": [channel], "media": [BIKE]}
    assert actions.revise(post, actor=ada, seen=seen, **same).revision.number == 1


def test_i02_a_reviewer_who_saw_other_pictures_gets_a_conflict(write, rex, ada, channel):
    post = write(media=[BIKE])
    seen = post.revision.digest
    actions.revise(post, actor=ada, seen=seen, text=TEXT, channels=[channel], media=[])
    with pytest.raises(TextChangedError):
        actions.decide(post, actor=rex, verdict=Verdict.CLEAR, seen=seen)


def test_the_same_press_with_other_pictures_is_refused(write):
    key = uuid.uuid4()
    first = write(key=key, media=[BIKE])
    assert write(key=key, media=[BIKE]) == first
    with pytest.raises(NotTheSameError):
        write(key=key, media=[BARE])


@pytest.mark.parametrize(
    ("media", "lane"),
    [
        ([BIKE], "green"),
        ([], "amber"),
        ([Medium("A blue bike.", "own")], "amber"),
        ([BIKE, BIKE], "amber"),
    ],
    ids=["the same", "the words alone", "another picture", "one more"],
)
def test_a_copy_is_covered_with_the_same_pictures_only(
    standing, write, unit, channel, petra, media, lane
):
    unit.profile, channel.content_class = "broker-dealer", "static"
    unit.save()
    channel.save()
    assign_perm("approvals.review_channel", petra, channel)
    advert = write(media=[BIKE])
    actions.decide(advert, actor=petra, verdict=Verdict.CLEAR, seen=advert.revision.digest)
    bo = hire("Bo", unit, trained_on=dt.date(2026, 1, 1))
    assert write(author=bo, media=media).lane == lane


def test_a_check_that_runs_again_still_knows_the_pictures(write, lea, quinn, edition):
    post = write(media=[BIKE, BARE])
    later = issue_small_policy(
        drafter=lea, approver=quinn, number=2, policy=edition.policy, checks=[ALT_TEXT]
    )
    actions.rescreen(post)
    screening = actions.latest_screening(post.revision)
    assert (screening.edition, says(screening.findings)) == (later, [ALT_TEXT["message"]])


def test_the_ledger_keeps_what_was_declared_under_seal(write):
    post = write(media=[BIKE])
    kept = json.loads(Sealed.objects.get(label="post").value)
    declared = {"alt_text": "A red bike in a shed.", "licence": "own", "minors": "none"}
    assert kept["media"] == [declared] == post.revision.media


def test_the_backing_record_names_the_pictures(write, rex):
    post = write(media=[BIKE, Medium("", "unknown", "with_consent")])
    post = actions.decide(post, actor=rex, verdict=Verdict.CLEAR, seen=post.revision.digest)
    assert contents(post.clearance)["media"] == [
        {"alt_text": "A red bike in a shed.", "licence": "Ours", "minors": "Nobody under 18"},
        {
            "alt_text": "",
            "licence": "Not known yet",
            "minors": "Yes, and a parent agreed in writing",
        },
    ]


@pytest.mark.parametrize(
    ("media", "words"),
    [
        ([BIKE] * 5, "A post has 4 pictures or videos at most. Leave some out."),
        ([BIKE, Medium("x" * 1001)], "Alt text of picture or video 2: The text has 1,001"),
        ([Medium("a\0b")], "Alt text of picture or video 1: Line 1, character 2 (U+0000)"),
        ([Medium(licence="stolen")], "Say of picture or video 1 what is on the list."),
        ([Medium(minors="some")], "Say of picture or video 1 what is on the list."),
    ],
    ids=["five", "a long alt text", "a control character", "another licence", "other minors"],
)
def test_what_cannot_be_declared_is_refused_and_nothing_is_stored(write, media, words):
    with pytest.raises(RefusedPostError) as refused:
        write(media=media)
    assert refused.value.says.startswith(words)
    assert Submission.objects.count() == 0


@pytest.mark.parametrize(
    ("row", "declared"),
    [
        ({}, ()),
        ({"minors": "none"}, ()),
        ({"alt_text": "  ", "minors": "none"}, ()),
        ({"alt_text": " A bike. "}, (Medium("A bike."),)),
        ({"licence": "own"}, (Medium("", "own"),)),
        ({"minors": "without_consent"}, (Medium("", "unknown", "without_consent"),)),
    ],
    ids=["nothing", "nobody under 18", "blanks", "alt text", "a licence", "a child"],
)
def test_a_row_counts_once_something_is_said_in_it(channel, row, declared):
    form = PostForm(sent(channel, **{f"medium_2_{name}": value for name, value in row.items()}))
    assert form.is_valid(), form.errors
    assert form.post()["media"] == declared == form.media_declared()


@pytest.mark.parametrize(
    ("field", "value"),
    [("alt_text", "x" * 1001), ("alt_text", "a\0b"), ("licence", "stolen"), ("minors", "some")],
    ids=["a long alt text", "a null character", "another licence", "other minors"],
)
def test_the_form_keeps_its_bounds(channel, field, value):
    form = PostForm(sent(channel, **{f"medium_4_{field}": value}))
    assert list(form.errors) == [f"medium_4_{field}"]


def test_the_form_offers_what_the_checks_know():
    fields = PostForm().fields
    assert [value for value, _ in fields["medium_1_licence"].choices] == ["", *LICENCES]
    assert [value for value, _ in fields["medium_1_minors"].choices] == list(MINORS)


def test_the_live_check_reads_the_declaration(client, edition, channel, ada):
    client.force_login(ada)
    url = reverse("approvals:screen")
    assert ALT_TEXT["message"] in client.post(url, sent(channel, BARE)).content.decode()
    assert ALT_TEXT["message"] not in client.post(url, sent(channel, BIKE)).content.decode()


def test_without_javascript_the_check_comes_back_with_what_was_declared(
    client, edition, channel, ada
):
    client.force_login(ada)
    page = client.post(reverse("approvals:new"), sent(channel, BIKE, BARE, check="1"))
    html = page.content.decode()
    assert ALT_TEXT["message"] in html
    assert "A red bike in a shed.</textarea>" in html
    assert Submission.objects.count() == 0


def test_the_pages_show_what_was_declared(client, edition, channel, ada, rex):
    client.force_login(ada)
    client.post(reverse("approvals:new"), sent(channel, BIKE))
    post = Submission.objects.get()
    assert post.revision.declared == (BIKE,)
    shown = client.get(reverse("approvals:submission", args=[post.pk])).content.decode()
    assert "“A red bike in a shed.”" in shown
    editing = client.get(reverse("approvals:edit", args=[post.pk])).content.decode()
    assert "A red bike in a shed.</textarea>" in editing
    changed = sent(channel, BARE, seen=post.revision.digest)
    assert client.post(reverse("approvals:edit", args=[post.pk]), changed).status_code == 302
    client.force_login(rex)
    review = client.get(reverse("approvals:review", args=[post.pk])).content.decode()
    assert "No alt text" in review
    assert "The pictures or video changed." in review
    assert "“A red bike in a shed.”" in review


def test_a_review_of_changed_words_does_not_speak_of_pictures(client, write, channel, ada, rex):
    post = write(media=[BIKE])
    new = {"text": "Two sheds.", "channels": [channel], "media": [BIKE]}
    actions.revise(post, actor=ada, seen=post.revision.digest, **new)
    client.force_login(rex)
    review = client.get(reverse("approvals:review", args=[post.pk])).content.decode()
    assert "What changed since the last revision" in review
    assert "The pictures or video changed." not in review


def test_a_finding_about_a_picture_is_never_settled_by_the_words():
    assert is_firm(ALT_TEXT)
