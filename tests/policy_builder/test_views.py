"""Pages of policies: who may see and do what, and what a press on a stale page does."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ledger.models import Entry
from policy_builder import acknowledging, actions, drafts, receipts
from policy_builder.models import Acknowledgement, Edition, Policy, Provision
from policy_builder.states import AcknowledgementState, EditionState
from tests.approvals.small_policy import issue_small_policy
from tests.conftest import hire
from tests.counting import queries_of
from tests.policy_builder.conftest import A_WEEK, with_files

SLUG = "social-media"


def page(name, *args):
    return reverse(f"policy_builder:{name}", args=args)


def html_of(client, *where):
    return client.get(page(*where)).content.decode()


# Drafting


@pytest.mark.parametrize(
    ("who", "status"),
    [("lea", 200), ("quinn", 403), ("ada", 403), ("amin", 403)],
    ids=["a drafter may", "an approver may not", "nor an author", "nor an administrator"],
)
def test_who_may_start_a_policy(client, request, company, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(page("start")).status_code == status
    sent = {"playbook": "general-employer-us", "title": "Ours"}
    assert client.post(page("start"), sent).status_code == (302 if status == 200 else 403)
    assert Policy.objects.count() == (status == 200)


@pytest.mark.parametrize(
    ("who", "status"), [("lea", 200), ("quinn", 200), ("ada", 404), ("amin", 404), ("zoe", 404)]
)
def test_who_sees_a_draft(client, request, draft, who, status):
    client.force_login(request.getfixturevalue(who))
    for name in ["draft", "interview"]:
        assert client.get(page(name, draft.pk)).status_code == status


def test_start_shows_the_four_playbooks(client, company, lea):
    client.force_login(lea)
    html = html_of(client, "start")
    for book in drafts.shipped().playbooks.values():
        assert book.audience in html


def test_the_interview_keeps_answers_screen_by_screen_and_ends_at_the_draft(client, shipped, lea):
    edition = actions.start_policy(actor=lea, playbook="general-employer-us", title="Ours")
    answers = drafts.shipped().playbooks["general-employer-us"].sample_answers
    client.force_login(lea)
    path = page("interview", edition.pk)
    for _ in range(40):
        assert client.get(path).status_code == 200
        edition.refresh_from_db()
        questions = drafts.questions(edition)
        screen = int(path.partition("screen=")[2] or _first_open(questions))
        here = questions[screen * 4 : screen * 4 + 4]
        sent = {question.name: _typed(answers.get(question.name, "")) for question in here}
        path = client.post(path, sent).url
        if path == page("draft", edition.pk):
            break
    edition.refresh_from_db()
    assert not [question for question in drafts.questions(edition) if question.is_open]
    assert "Send it to a second person" in client.get(path).content.decode()


def _first_open(questions):
    return next((at // 4 for at, one in enumerate(questions) if one.is_open), 0)


def _typed(answer):
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return "\n".join(answer) if isinstance(answer, list) else answer


def test_each_question_says_why_it_is_asked(client, draft, lea):
    client.force_login(lea)
    html = client.get(page("interview", draft.pk), {"screen": 0}).content.decode()
    assert html.count("Why we ask:") == 4


def test_an_answer_that_does_not_fit_is_told_beside_its_question(client, draft, lea):
    client.force_login(lea)
    questions = drafts.questions(draft)
    place = next(at for at, one in enumerate(questions) if one.blank.kind == "email")
    name = questions[place].name
    path = f"{page('interview', draft.pk)}?screen={place // 4}"
    response = client.post(path, {name: "nobody"})
    assert "Write a mail address" in response.content.decode()
    draft.refresh_from_db()
    assert draft.answers[name] != "nobody"


def test_a_draft_says_why_each_clause_is_in_or_out(client, draft, lea):
    client.force_login(lea)
    html = html_of(client, "draft", draft.pk)
    assert html.count("In because:") == len(drafts.assembled(draft).provisions)
    assert "Left out, and why" in html


def test_a_draft_with_open_questions_names_them(client, draft, lea):
    actions.answer(draft, actor=lea, given={"company_name": ""})
    client.force_login(lea)
    html = html_of(client, "draft", draft.pk)
    assert "One question is still open" in html
    assert "Send it to a second person" not in html


def test_a_drafter_words_previews_and_leaves_out(client, draft, lea):
    client.force_login(lea)
    path = page("provision", draft.pk, "purpose")
    own = {"body": "We *trust* you, {{ company_name }}.", "because": "Warmer."}
    shown = client.post(path, own | {"preview": "1"}).content.decode()
    assert "We <em>trust</em> you, Acme." in shown
    draft.refresh_from_db()
    assert draft.overrides == {}
    assert client.post(path, own).url == f"{page('draft', draft.pk)}#purpose"
    assert "We <em>trust</em> you" in html_of(client, "draft", draft.pk)
    client.post(path, own | {"leave_out": "on", "because": "Not for us."})
    assert "Not for us." in html_of(client, "draft", draft.pk)
    client.post(page("take_in", draft.pk, "purpose"))
    assert "Not for us." not in html_of(client, "draft", draft.pk)


@pytest.mark.parametrize(
    ("body", "says"),
    [("{% for a in b %}", "Line 1"), ("{{ no_such_blank }}", "no_such_blank"), ("", "no words")],
)
def test_words_that_cannot_be_used_are_refused_beside_the_field(client, draft, lea, body, says):
    client.force_login(lea)
    sent = {"body": body, "because": "Why not."}
    response = client.post(page("provision", draft.pk, "purpose"), sent)
    assert response.status_code == 200
    assert says in response.content.decode()
    draft.refresh_from_db()
    assert draft.overrides == {}


def test_a_change_needs_a_reason(client, draft, lea):
    client.force_login(lea)
    sent = {"body": "Other words.", "because": " "}
    response = client.post(page("provision", draft.pk, "purpose"), sent)
    assert "Say why in a sentence." in response.content.decode()


def test_a_drafter_adds_and_moves_clauses(client, draft, lea):
    client.force_login(lea)
    text = drafts.assembled(draft)
    out = text.left_out[0].clause
    section = text.sections[0]
    sent = {"clause": out, "section": section.title, "because": "We want it."}
    assert client.post(page("add", draft.pk), sent).status_code == 302
    draft.refresh_from_db()
    names = [one.clause.name for one in drafts.assembled(draft).sections[0].provisions]
    assert names[-1] == out
    client.post(page("move", draft.pk, out), {"to": "up"})
    draft.refresh_from_db()
    moved = [one.clause.name for one in drafts.assembled(draft).sections[0].provisions]
    assert moved == [*names[:-2], out, names[-2]]


def test_a_stale_draft_page_is_a_conflict(client, in_review, lea):
    client.force_login(lea)
    sent = {"body": "Sneaked in.", "because": "Late."}
    assert client.post(page("provision", in_review.pk, "purpose"), sent).status_code == 409
    assert client.post(page("submit", in_review.pk)).status_code == 409


# Deciding


@pytest.mark.parametrize(
    ("who", "status", "state"),
    [
        ("quinn", 302, EditionState.APPROVED),
        ("lea", 403, EditionState.IN_REVIEW),
        ("ada", 404, EditionState.IN_REVIEW),
        ("amin", 404, EditionState.IN_REVIEW),
    ],
    ids=["an approver may", "its drafter may not", "an author may not", "nor an administrator"],
)
def test_who_may_approve_an_edition(client, request, in_review, who, status, state):
    entries = Entry.objects.count()
    client.force_login(request.getfixturevalue(who))
    sent = {"seen": in_review.text_digest, "step": "approve"}
    response = client.post(page("review", in_review.pk), sent)
    in_review.refresh_from_db()
    assert (response.status_code, in_review.state) == (status, state)
    assert Entry.objects.count() == entries + (status == 302)


def test_the_approver_sees_the_whole_text_and_its_redline(client, edition, lea, quinn):
    draft = actions.start_edition(edition.policy, actor=lea)
    changed = {"purpose": {"body": "We write this down for you.", "because": "Shorter."}}
    draft = actions.write(draft, actor=lea, overrides={"wordings": changed})
    actions.submit(draft, actor=lea)
    client.force_login(quinn)
    html = html_of(client, "review", draft.pk)
    assert "What changes from edition 1" in html
    assert "<del>" in html
    assert "Approve this text" in html
    for provision in drafts.assembled(draft).provisions:
        assert f'id="{provision.clause.name}"' in html


def test_i02_approving_what_has_changed_since_is_a_conflict(client, in_review, lea, quinn):
    seen = in_review.text_digest
    actions.send_back(in_review, actor=quinn, seen=seen, note="Shorter.")
    changed = {"purpose": {"body": "Short.", "because": "Asked for."}}
    actions.write(in_review, actor=lea, overrides={"wordings": changed})
    actions.submit(in_review, actor=lea)
    client.force_login(quinn)
    response = client.post(page("review", in_review.pk), {"seen": seen, "step": "approve"})
    assert response.status_code == 409
    assert "has changed since you opened it" in response.content.decode()
    in_review.refresh_from_db()
    assert in_review.state == EditionState.IN_REVIEW


def test_sending_back_needs_a_reason(client, in_review, quinn):
    client.force_login(quinn)
    sent = {"seen": in_review.text_digest, "step": "send_back", "note": " "}
    response = client.post(page("review", in_review.pk), sent)
    assert "Say in a sentence what should change." in response.content.decode()
    in_review.refresh_from_db()
    assert in_review.state == EditionState.IN_REVIEW


def test_issuing_asks_everybody_in_the_same_press(client, approved, lea, ada):
    client.force_login(lea)
    due = timezone.localtime(timezone.now() + A_WEEK).strftime("%Y-%m-%dT%H:%M")
    sent = {"seen": approved.text_digest, "significance": "material", "ask": "on", "due_at": due}
    response = client.post(page("issue", approved.pk), sent)
    assert response.url == page("edition", approved.policy.slug, 1)
    assert Acknowledgement.objects.due().filter(person=ada).exists()
    html = client.get(response.url).content.decode()
    assert "The PDF is being made" in html


def test_people_are_not_asked_before_it_is_in_force(client, approved, lea):
    client.force_login(lea)
    later = timezone.localtime(timezone.now() + 2 * A_WEEK).strftime("%Y-%m-%dT%H:%M")
    due = timezone.localtime(timezone.now() + A_WEEK).strftime("%Y-%m-%dT%H:%M")
    sent = {"seen": approved.text_digest, "significance": "material", "ask": "on"}
    sent |= {"in_force_from": later, "due_at": due}
    response = client.post(page("issue", approved.pk), sent)
    assert "Choose a time after it is in force." in response.content.decode()
    assert not Edition.objects.issued().exists()


# Reading


@pytest.fixture
def for_research(small, other_unit):
    """The small policy, for Zoe's unit alone."""
    small.policy.units.set([other_unit])
    return small


@pytest.mark.parametrize(
    ("who", "status"),
    [("zoe", 200), ("ada", 404), ("max", 404), ("lea", 200), ("rita", 200), ("amin", 200)],
)
def test_who_reads_a_policy_of_one_unit(client, request, for_research, who, status):
    client.force_login(request.getfixturevalue(who))
    paths = [page("read", SLUG), page("edition", SLUG, 1), page("pdf", SLUG, 1)]
    paths += [page("html", SLUG, 1)]
    for path in paths:
        assert client.get(path).status_code == status


def test_visitors_are_asked_to_sign_in_first(client, small):
    for path in [page("policies"), page("read", SLUG), page("due"), page("pdf", SLUG, 1)]:
        assert client.get(path).url.startswith(reverse("organization:sign_in"))


def test_a_policy_is_read_from_its_snapshot_with_a_link_to_each_provision(client, small, ada):
    client.force_login(ada)
    html = html_of(client, "read", SLUG)
    for number in ["1.1", "1.2", "1.3"]:
        assert f">{number}</span>" in html
    assert 'id="backing-statement"' in html
    link = client.get(page("provision_link", SLUG, "backing-statement"))
    assert link.url == f"{page('read', SLUG)}#backing-statement"
    assert client.get(page("provision_link", SLUG, "no-such-clause")).status_code == 404


def test_a_link_to_a_provision_that_is_gone_leads_to_the_last_edition_with_it(
    client, small, ada, lea, quinn
):
    second = issue_small_policy(drafter=lea, approver=quinn, number=2, policy=small.policy)
    first_only = Provision.objects.get(edition=small, anchor="good-faith").clause_version
    Provision.objects.create(
        edition=small,
        clause_version=first_only,
        number="9.9",
        anchor="old-rule",
        title="Old",
        position=9,
    )
    client.force_login(ada)
    assert second.number == 2
    link = client.get(page("provision_link", SLUG, "old-rule"))
    assert link.url == f"{page('edition', SLUG, 1)}#old-rule"


def test_i01_an_earlier_edition_stays_as_it_was(client, small, ada, lea, quinn):
    client.force_login(ada)
    before = client.get(page("html", SLUG, 1)).content
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=small.policy)
    actions.bring_into_force()
    assert client.get(page("html", SLUG, 1)).content == before
    assert "This is an earlier text" in html_of(client, "edition", SLUG, 1)


def test_the_page_to_save_allows_its_own_style_and_nothing_else(client, small, ada):
    client.force_login(ada)
    policy = client.get(page("html", SLUG, 1))["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_downloads_are_kept_by_nobody_on_the_way(client, small, ada):
    client.force_login(ada)
    response = client.get(page("pdf", SLUG, 1))
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"


# Acknowledging


def pressed(edition, **changes):
    return {"seen": edition.digest, "consent": "on", "box": "on"} | changes


def test_a_person_reads_ticks_presses_and_gets_a_receipt(client, opened, ada, run_tasks):
    client.force_login(ada)
    html = html_of(client, "read", SLUG)
    assert acknowledging.BOX in html
    assert acknowledging.BUTTON in html
    mine = opened.acknowledgements.get(person=ada)
    response = client.post(page("acknowledge", SLUG), pressed(opened.edition))
    assert response.url == page("receipt", mine.number)
    assert "The receipt is being made" in client.get(response.url).content.decode()
    receipts.issue_receipt(mine.pk)
    assert "Keep the receipt" in client.get(response.url).content.decode()
    assert client.get(page("receipt_pdf", mine.number)).content.startswith(b"%PDF")
    assert client.get(page("receipt_json", mine.number)).json()["kind"] == "acknowledgement"


def test_the_record_names_this_session_and_when_it_began(client, opened, ada):
    client.force_login(ada)
    began = client.session["sign_in"]["at"]
    client.post(page("acknowledge", SLUG), pressed(opened.edition), REMOTE_ADDR="192.0.2.9")
    mine = opened.acknowledgements.get(person=ada)
    _key, record = mine.entry.opened("record")
    assert record["sign_in"]["at"][:19] == began[:19]
    assert len(record["sign_in"]["session"]) == 64
    assert client.session.session_key not in str(record)
    assert record["address"] == "192.0.2.9"


def test_i07_opening_the_link_records_nothing(client, opened, ada):
    """L03: mail scanners open links."""
    client.force_login(ada)
    entries = Entry.objects.count()
    for ask in [client.get, client.head]:
        assert ask(page("acknowledge", SLUG)).url == page("read", SLUG)
    client.get(page("read", SLUG))
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("missing", ["box", "consent"])
def test_without_tick_or_consent_nothing_is_recorded(client, opened, ada, missing):
    """L04."""
    client.force_login(ada)
    entries = Entry.objects.count()
    sent = {key: one for key, one in pressed(opened.edition).items() if key != missing}
    response = client.post(page("acknowledge", SLUG), sent)
    assert response.status_code == 200
    assert "Tick" in response.content.decode()
    assert Entry.objects.count() == entries


def test_consent_is_asked_once(client, opened, ada, small):
    client.force_login(ada)
    assert "on paper instead" in html_of(client, "read", SLUG)
    client.post(page("acknowledge", SLUG), pressed(small))
    second = Acknowledgement.objects.get(person=ada)
    assert second.state == AcknowledgementState.ACKNOWLEDGED
    assert "on paper instead" not in html_of(client, "read", SLUG)


def test_a_newer_edition_meanwhile_is_a_conflict_that_shows_what_changed(
    client, opened, ada, small, lea, quinn
):
    """L05."""
    client.force_login(ada)
    newer = with_files(
        issue_small_policy(drafter=lea, approver=quinn, number=2, policy=small.policy)
    )
    actions.bring_into_force()
    response = client.post(page("acknowledge", SLUG), pressed(small))
    html = response.content.decode()
    assert response.status_code == 409
    assert "What changed" in html
    assert f"Read edition {newer.number}" in html
    assert opened.acknowledgements.get(person=ada).acknowledged_at is None


def test_i11_a_double_press_leads_to_the_same_receipt(client, opened, ada):
    client.force_login(ada)
    first = client.post(page("acknowledge", SLUG), pressed(opened.edition))
    second = client.post(page("acknowledge", SLUG), pressed(opened.edition))
    assert first.url == second.url
    assert Entry.objects.filter(type="acknowledgement.acknowledge").count() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [("ada", 200), ("rita", 200), ("max", 404), ("amin", 404), ("zoe", 404)],
    ids=["herself", "the records officer", "not her manager", "nor an administrator", "nor Zoe"],
)
def test_who_sees_a_receipt(client, request, asked, ada, who, status):
    sign_in = {"method": "e-mail address and password", "at": "2026-01-01T00:00:00Z"}
    actions.acknowledge(
        asked,
        actor=ada,
        seen=asked.edition.digest,
        sign_in=sign_in | {"session": ""},
        address="127.0.0.1",
    )
    client.force_login(request.getfixturevalue(who))
    assert client.get(page("receipt", asked.number)).status_code == status


# Following


@pytest.mark.parametrize(
    ("who", "status"),
    [("lea", 200), ("amin", 200), ("rita", 200), ("quinn", 200), ("ada", 404), ("max", 404)],
)
def test_who_follows_a_round(client, request, opened, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(page("round", opened.pk)).status_code == status


def test_a_manager_sees_the_own_team_only(client, opened, max, ada, lea):  # noqa: A002  his name
    client.force_login(max)
    html = html_of(client, "team")
    assert "Ada" in html
    assert "Lea" not in html
    client.force_login(ada)
    assert client.get(page("team")).status_code == 403


@pytest.mark.parametrize("name", ["policies", "due", "team", "round"])
def test_lists_cost_the_same_queries_for_one_as_for_many(
    client,
    opened,
    unit,
    max,  # noqa: A002  his name
    amin,
    lea,
    quinn,
    name,
):
    person = {"team": max, "round": amin}.get(name, lea)
    args = [opened.pk] if name == "round" else []
    client.force_login(person)
    few = queries_of(client, page(name, *args))
    for number in range(12):
        hire(f"Joan{number}", unit, manager=max)
    actions.keep_audience(opened)
    for number in range(3):
        policy = Policy.objects.create(
            title=f"More {number}", slug=f"more-{number}", playbook="by-hand", created_by=lea
        )
        more = issue_small_policy(drafter=lea, approver=quinn, policy=policy)
        actions.open_round(more, actor=lea, due_at=timezone.now() + A_WEEK)
    assert queries_of(client, page(name, *args)) == few


def test_a_policy_costs_the_same_queries_whatever_its_length(client, edition, small, ada):
    client.force_login(ada)
    long = queries_of(client, page("read", edition.policy.slug))
    assert queries_of(client, page("read", SLUG)) == long
