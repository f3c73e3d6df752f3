"""Files of posts together with wordings on offer, old posts, the shelf, and posts of programs."""

import datetime as dt

import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm

from approvals import actions, backing, offers, shelving, uploads
from approvals.errors import RefusedPostError
from approvals.states import State
from clause_library.checks.model import Medium
from organization.models import Person
from tests import files
from tests.approvals.after import clear
from tests.integrations.conftest import program, token_of  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
BIKE = "A red bike."
NOW = dt.timedelta(0)


@pytest.fixture
def bo(unit):
    return Person.objects.create_user("bo@acme.example", "Bo Berg", unit)


def sent(author):
    upload = uploads.receive(files.sent(files.from_a_phone()), author)
    return Medium(BIKE, "own", file=upload.digest)


def test_a_wording_on_offer_has_the_files_of_the_post_that_it_rewords(write, ada, rex):
    post = write("We opened a shed.", media=[sent(ada)])
    base = post.revision
    offered = offers.offer(post, actor=rex, seen=base.digest, text="Our shed is open.")
    names = [one.file_id for one in base.has_media.all()]
    assert [one.file_id for one in offered.wording.has_media.all()] == names != []
    taken = offers.accept(offered, actor=ada, seen=offered.wording.digest)
    assert taken.state == State.CLEARED
    backing.issue(taken.clearance.pk)
    taken.clearance.refresh_from_db()
    record = backing.contents(taken.clearance)
    assert [one["file"] for one in record["media"]] == names
    assert list(backing.thumbnails(taken.revision)) == names


def test_answering_sends_the_same_files_again(write, ada, rex):
    post = write("We opened a shed.", media=[sent(ada)])
    media, seen = post.revision.media, post.revision.digest
    back = actions.decide(
        post, actor=rex, verdict="send_back", seen=seen, reason="Where?", undo_for=NOW
    )
    answered = actions.answer(back, actor=ada, seen=seen, words="In Denver.")
    assert answered.revision.media == media
    assert answered.revision.has_media.count() == 1


def test_a_copy_of_ones_own_post_starts_with_its_files(client, write, ada):
    post = write("We opened a shed.", media=[sent(ada)])
    client.force_login(ada)
    page = client.get(reverse("approvals:new"), {"copy": post.pk}).content.decode()
    assert post.revision.declared[0].file in page
    assert "not come with it" not in page


def test_from_the_shelf_files_stay_behind_and_the_page_says_so(
    client, write, ada, rex, petra, bo, channel, standing
):
    assign_perm("approvals.review_channel", petra, channel)
    channel.is_official = True
    channel.save()
    text = "Meet us at the fair in Denver."
    source = write(text, media=[sent(ada)])
    source = clear(source, rex) if source.state == State.IN_REVIEW else source
    item = shelving.put(
        source, actor=petra, seen=source.revision.digest, title="Fair", template=text
    )
    client.force_login(bo)
    page = client.get(reverse("approvals:new"), {"item": item.pk}).content.decode()
    assert "not come with it" in page
    assert BIKE in page
    assert source.revision.declared[0].file not in page
    assert write(text, author=bo).state == State.IN_REVIEW
    with pytest.raises(RefusedPostError):
        write(text, author=bo, media=[Medium(BIKE, "own")])
    said = write(text, author=bo, media=[Medium(BIKE, "own")], may_lack_files=True)
    assert said.state == State.IN_REVIEW
    assert write(text, author=bo, media=[sent(bo)]).state == State.CLEARED


def test_a_program_says_what_goes_out_without_sending_it(
    client,
    program,  # noqa: F811
    ada,
    rex,
    edition,
    channel,
):
    body = {
        "text": "We opened a shed.",
        "channels": [channel.pk],
        "media": [{"alt_text": BIKE, "licence": "own"}],
    }
    made = program(ada).post("submissions", body, key="k")
    assert made.status_code == 201, made.content
    post = ada.submissions.get()
    assert not post.revision.has_media.exists()
    client.force_login(rex)
    page = client.get(reverse("approvals:review", args=[post.pk])).content.decode()
    assert "without the file" in page
    client.force_login(ada)
    assert client.get(reverse("approvals:edit", args=[post.pk])).status_code == 200
    said = {"actor": ada, "channels": [channel]}
    seen, media = post.revision.digest, post.revision.declared
    changed = actions.revise(post, seen=seen, text="We opened it.", media=media, **said)
    assert changed.revision.number == 2
    seen = changed.revision.digest
    with pytest.raises(RefusedPostError):
        actions.revise(changed, seen=seen, text="So.", media=[Medium("Another.", "own")], **said)
    cleared = clear(changed, rex)
    assert cleared.state == State.CLEARED
    backing.issue(cleared.clearance.pk)
