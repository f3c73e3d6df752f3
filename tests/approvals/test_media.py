"""Pictures and video that an author declares: checked, bound by the decision, and on the record."""

import datetime as dt
import hashlib
import json
import uuid
from dataclasses import asdict, replace
from io import BytesIO

import pypdf
import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm

from approvals import actions, backing, revisions, uploads
from approvals.backing import contents
from approvals.errors import NotTheSameError, RefusedPostError, TextChangedError
from approvals.forms import PostForm, media_fields
from approvals.models import MediaFile, Submission, Verdict
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


def test_a_picture_decides_the_lane(standing, write, attach):
    posts = [[attach(BIKE)], [attach(BARE)], [attach(BIKE), attach(BARE, 2)]]
    assert [(post.lane, post.state) for post in (write(media=media) for media in posts)] == [
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
        [Medium(file="a" * 64)],
        [Medium(file="b" * 64)],
        [Medium(media_type="image/png")],
        [Medium(size=1)],
        [Medium(width=1)],
        [Medium(height=1)],
        [Medium(frames=1)],
        [Medium(duration_ms=1)],
        [Medium(pages=1)],
        [Medium(words="Guaranteed.")],
    ]
    bare = asdict(Medium())
    said = [asdict(medium).items() - bare.items() for one in declared for medium in one]
    assert {name for one in said for name, _ in one} == set(bare), "a part is not tried here"
    digests = {revisions.digest("Hello", [], None, None, media) for media in declared}
    assert len(digests) == len(declared)


def test_i02_another_alt_text_ends_a_decision(write, rex, ada, channel, attach):
    bike = attach(BIKE)
    post = write(media=[bike])
    seen = post.revision.digest
    actions.decide(post, actor=rex, verdict=Verdict.CLEAR, seen=seen)
    clearance = Submission.objects.get(pk=post.pk).clearance
    media = [replace(bike, alt_text="A blue bike.")]
    changed = {"text": TEXT, "channels": [channel], "media": media}
    post = actions.revise(post, actor=ada, seen=seen, **changed)
    clearance.refresh_from_db()
    assert (post.state, post.clearance, clearance.is_valid()) == (State.IN_REVIEW, None, False)


def test_saving_the_same_pictures_changes_nothing(write, ada, channel, attach):
    bike = attach(BIKE)
    post = write(media=[bike])
    seen = post.revision.digest
    same = {"text": TEXT, "channels": [channel], "media": [bike]}
    assert actions.revise(post, actor=ada, seen=seen, **same).revision.number == 1


def test_i02_a_reviewer_who_saw_other_pictures_gets_a_conflict(write, rex, ada, channel, attach):
    post = write(media=[attach(BIKE)])
    seen = post.revision.digest
    actions.revise(post, actor=ada, seen=seen, text=TEXT, channels=[channel], media=[])
    with pytest.raises(TextChangedError):
        actions.decide(post, actor=rex, verdict=Verdict.CLEAR, seen=seen)


def test_the_same_press_with_other_pictures_is_refused(write, attach):
    key, bike, bare = uuid.uuid4(), attach(BIKE), attach(BARE, 2)
    first = write(key=key, media=[bike])
    assert write(key=key, media=[bike]) == first
    with pytest.raises(NotTheSameError):
        write(key=key, media=[bare])


@pytest.mark.parametrize(
    ("media", "lane"),
    [
        ([(BIKE, 1)], "green"),
        ([], "amber"),
        ([(Medium("A blue bike.", "own"), 1)], "amber"),
        ([(BIKE, 2)], "amber"),
        ([(BIKE, 1), (BIKE, 1)], "amber"),
    ],
    ids=["the same", "the words alone", "another alt text", "another file", "one more"],
)
def test_a_copy_is_covered_with_the_same_pictures_only(
    standing, write, unit, channel, petra, attach, media, lane
):
    unit.profile, channel.content_class = "broker-dealer", "static"
    unit.save()
    channel.save()
    assign_perm("approvals.review_channel", petra, channel)
    advert = write(media=[attach(BIKE)])
    actions.decide(advert, actor=petra, verdict=Verdict.CLEAR, seen=advert.revision.digest)
    bo = hire("Bo", unit, trained_on=dt.date(2026, 1, 1))
    copied = [attach(medium, shade, bo) for medium, shade in media]
    assert write(author=bo, media=copied).lane == lane


def test_a_check_that_runs_again_still_knows_the_pictures(write, lea, quinn, edition, attach):
    post = write(media=[attach(BIKE), attach(BARE, 2)])
    later = issue_small_policy(
        drafter=lea, approver=quinn, number=2, policy=edition.policy, checks=[ALT_TEXT]
    )
    actions.rescreen(post)
    screening = actions.latest_screening(post.revision)
    assert (screening.edition, says(screening.findings)) == (later, [ALT_TEXT["message"]])


def test_the_ledger_keeps_what_goes_out_under_seal(write, attach):
    bike = attach(BIKE)
    post = write(media=[bike])
    kept = json.loads(Sealed.objects.get(label="post").value)
    file = MediaFile.objects.get()
    assert kept["media"] == post.revision.media
    assert post.revision.declared == (
        Medium(
            "A red bike in a shed.",
            "own",
            file=bike.file,
            media_type="image/png",
            size=len(file.stored.read()),
            width=60,
            height=40,
            frames=1,
        ),
    )
    assert hashlib.sha256(file.stored.read()).hexdigest() == bike.file


def test_the_backing_record_names_the_pictures(write, rex, attach):
    post = write(media=[attach(BIKE), attach(Medium("", "unknown", "with_consent"), 2)])
    post = actions.decide(post, actor=rex, verdict=Verdict.CLEAR, seen=post.revision.digest)
    told = contents(post.clearance)["media"]
    assert [(one["alt_text"], one["licence"], one["minors"]) for one in told] == [
        ("A red bike in a shed.", "Ours", "Nobody under 18"),
        ("", "Not known yet", "Yes, and a parent agreed in writing"),
    ]
    assert [(one["file"], one["media_type"], one["width"], one["height"]) for one in told] == [
        (medium.file, "image/png", 60, 40) for medium in post.revision.declared
    ]


def test_the_backing_record_shows_the_pictures_and_their_digests(write, rex, attach):
    bike = attach(BIKE)
    post = write(media=[bike])
    post = actions.decide(post, actor=rex, verdict=Verdict.CLEAR, seen=post.revision.digest)
    backing.issue(post.clearance.pk)
    record = post.clearance.backing_record
    document = pypdf.PdfReader(BytesIO(record.pdf.read()))
    words = "".join(page.extract_text() for page in document.pages)
    assert bike.file in "".join(words.split())
    shown = [one.image.size for page in document.pages for one in page.images]
    assert (60, 40) in shown
    assert bike.file in record.evidence.read().decode()


@pytest.mark.parametrize(
    ("media", "words"),
    [
        ([BIKE] * 5, "A post has 4 pictures or videos at most. Leave some out."),
        ([BIKE, Medium("x" * 1001)], "Alt text of picture or video 2: The text has 1,001"),
        ([Medium("a\0b")], "Alt text of picture or video 1: Line 1, character 2 (U+0000)"),
        ([Medium(licence="stolen")], "Say of picture or video 1 what is on the list."),
        ([Medium(minors="some")], "Say of picture or video 1 what is on the list."),
        ([BIKE], "Choose the file of picture or video 1, or leave that one out."),
        (
            [replace(BIKE, file="f" * 64)],
            "The file of picture or video 1 is no longer here: files that nobody submits are",
        ),
    ],
    ids=[
        "five",
        "a long alt text",
        "a control character",
        "another licence",
        "other minors",
        "no file",
        "a file of nobody's",
    ],
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


def test_the_pages_show_what_goes_out(client, edition, channel, ada, rex, attach):
    client.force_login(ada)
    bike = attach(BIKE)
    client.post(reverse("approvals:new"), sent(channel, bike))
    post = Submission.objects.get()
    assert post.revision.declared[0].file == bike.file
    shown = client.get(reverse("approvals:submission", args=[post.pk])).content.decode()
    assert "“A red bike in a shed.”" in shown
    editing = client.get(reverse("approvals:edit", args=[post.pk])).content.decode()
    assert "A red bike in a shed.</textarea>" in editing
    changed = sent(channel, replace(BARE, file=bike.file), seen=post.revision.digest)
    assert client.post(reverse("approvals:edit", args=[post.pk]), changed).status_code == 302
    client.force_login(rex)
    review = client.get(reverse("approvals:review", args=[post.pk])).content.decode()
    assert "No alt text" in review
    assert "The pictures or video changed." in review
    assert "“A red bike in a shed.”" in review
    assert "another alt text</h3>" in review


def test_a_review_shows_both_pictures_side_by_side(client, write, channel, ada, rex, attach):
    red, blue = attach(BIKE), attach(BIKE, 2)
    post = write(media=[red])
    new = {"text": TEXT, "channels": [channel], "media": [blue]}
    actions.revise(post, actor=ada, seen=post.revision.digest, **new)
    client.force_login(rex)
    page = client.get(reverse("approvals:review", args=[post.pk])).content.decode()
    assert "another file</h3>" in page
    shown = page[page.index('class="before-after"') :]
    assert 0 < shown.index(f"{red.file}/1.jpg") < shown.index(f"{blue.file}/1.jpg")


def test_a_review_of_changed_words_does_not_speak_of_pictures(
    client, write, channel, ada, rex, attach
):
    bike = attach(BIKE)
    post = write(media=[bike])
    new = {"text": "Two sheds.", "channels": [channel], "media": [bike]}
    actions.revise(post, actor=ada, seen=post.revision.digest, **new)
    client.force_login(rex)
    review = client.get(reverse("approvals:review", args=[post.pk])).content.decode()
    assert "What changed since the last revision" in review
    assert "The pictures or video changed." not in review


def test_a_finding_about_a_picture_is_never_settled_by_the_words():
    assert is_firm(ALT_TEXT)
