"""Pages on which a policy is written and decided: who may press what, and what is said of bad input."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from clause_library import actions as library
from clause_library.models import Clause
from ledger.models import Entry
from organization.roles import Role
from policy_builder import actions, drafts
from policy_builder.models import Acknowledgement, Edition, Policy
from policy_builder.states import EditionState

OUTSIDERS = ["ada", "rex", "max", "rita", "amin", "zoe"]
OWN_WORDS = {"body": "Post with ease.", "because": "Shorter."}


def page(name, *args):
    return reverse(f"policy_builder:{name}", args=args)


def issuing(edition, **changes):
    dates = {"in_force_from": "2099-01-02T03:04", "due_at": "2099-02-03T04:05"}
    fields = {"seen": edition.text_digest, "significance": "material", "ask": "on"}
    return fields | dates | changes


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("lea", [200, 200, 200, 200, 302, 302]),
        ("quinn", [200, 200, 403, 403, 302, 302]),
        *((who, [404, 404, 403, 403, 404, 404]) for who in OUTSIDERS),
        (None, [302] * 6),
    ],
)
def test_who_opens_which_page_of_a_draft(draft, sign_in, who, statuses):
    pages = ["draft", "interview", "add", "review", "issue"]
    paths = [page(name, draft.pk) for name in pages]
    paths.insert(2, page("provision", draft.pk, "purpose"))
    client = sign_in(who)
    assert [client.get(path).status_code for path in paths] == statuses


@pytest.mark.parametrize(
    ("who", "status", "state"),
    [
        ("lea", 302, EditionState.IN_REVIEW),
        ("quinn", 403, EditionState.DRAFT),
        *((who, 404, EditionState.DRAFT) for who in OUTSIDERS),
        (None, 302, EditionState.DRAFT),
    ],
)
def test_who_sends_a_draft_to_review(draft, sign_in, who, status, state):
    client, entries = sign_in(who), Entry.objects.count()
    assert client.post(page("submit", draft.pk)).status_code == status
    draft.refresh_from_db()
    assert draft.state == state
    assert Entry.objects.count() == entries + (state == EditionState.IN_REVIEW)


@pytest.mark.parametrize(
    ("who", "status", "state"),
    [
        ("lea", 302, EditionState.ISSUED),
        ("quinn", 302, EditionState.ISSUED),
        *((who, 404, EditionState.APPROVED) for who in OUTSIDERS),
        (None, 302, EditionState.APPROVED),
    ],
)
def test_who_issues(approved, sign_in, who, status, state):
    response = sign_in(who).post(page("issue", approved.pk), issuing(approved))
    approved.refresh_from_db()
    assert (response.status_code, approved.state) == (status, state)
    assert Acknowledgement.objects.exists() == (state == EditionState.ISSUED)


@pytest.mark.parametrize(
    ("who", "status", "state"),
    [
        ("lea", 302, EditionState.DRAFT),
        ("quinn", 403, EditionState.APPROVED),
        *((who, 404, EditionState.APPROVED) for who in OUTSIDERS),
        (None, 302, EditionState.APPROVED),
    ],
)
def test_who_opens_an_approved_text_again(approved, sign_in, who, status, state):
    assert sign_in(who).post(page("reopen", approved.pk)).status_code == status
    approved.refresh_from_db()
    assert approved.state == state


@pytest.mark.parametrize("who", ["quinn", *OUTSIDERS, None])
def test_only_a_drafter_starts_the_next_edition(edition, sign_in, who):
    path = page("new_edition", edition.policy.slug)
    assert sign_in(who).post(path).status_code == (403 if who else 302)
    assert Edition.objects.count() == 1
    assert sign_in("lea").post(path).status_code == 302
    assert Edition.objects.count() == 2


def test_i03_not_even_a_superuser_approves_what_they_wrote(in_review, sign_in, lea):
    lea.give(Role.APPROVER)
    lea.is_superuser = True
    lea.save()
    client, path = sign_in("lea"), page("review", in_review.pk)
    assert "You wrote in this draft" in client.get(path).text
    assert "Approve this text" not in client.get(path).text
    entries = Entry.objects.count()
    sent = {"seen": in_review.text_digest, "step": "approve"}
    assert client.post(path, sent).status_code == 403
    in_review.refresh_from_db()
    assert in_review.state == EditionState.IN_REVIEW
    assert Entry.objects.count() == entries


def test_a_bad_answer_is_told_beside_its_field_and_all_that_was_typed_stays(draft, sign_in):
    typed = {"contact": "ask around", "company_name": "Acme & Sons", "runs_promotions": "no"}
    path = f"{page('interview', draft.pk)}?screen=0"
    html = sign_in("lea").post(path, typed).text
    assert 'id="id_contact_error">Write a mail address' in html
    assert 'value="ask around"' in html
    assert 'value="Acme &amp; Sons"' in html
    before = draft.answers
    draft.refresh_from_db()
    assert draft.answers == before


def test_open_questions_hold_a_text_back_by_name(draft, sign_in, lea):
    actions.answer(draft, actor=lea, given={"tone": ""})
    html = sign_in("lea").post(page("submit", draft.pk), follow=True).text
    assert "Not yet: tone: How do you speak?" in html
    draft.refresh_from_db()
    assert draft.state == EditionState.DRAFT


@pytest.mark.parametrize("body", ["{% include x %}", "{{ contact.mro }}", "{{ contact"])
def test_broken_words_stay_typed(draft, sign_in, body):
    path, sent = page("provision", draft.pk, "purpose"), {"body": body, "because": "Try & see."}
    for more in [{}, {"preview": "1"}]:
        html = sign_in("lea").post(path, sent | more).text
        assert 'class="notice bad"' in html
        assert f"{escape(body)}</textarea>" in html
        assert 'value="Try &amp; see."' in html
    draft.refresh_from_db()
    assert draft.overrides == {}


def test_a_clause_is_added_with_a_reason_or_not_at_all(draft, sign_in):
    sent = {"clause": "thanks", "section": "Promotions", "because": ""}
    html = sign_in("lea").post(page("add", draft.pk), sent).text
    assert 'id="id_because_error"' in html
    assert '<option value="thanks" selected>' in html
    draft.refresh_from_db()
    assert draft.overrides == {}


def test_a_policy_without_a_playbook_is_not_started(shipped, sign_in):
    html = sign_in("lea").post(page("start"), {"title": "How we post"}).text
    assert 'id="id_playbook_error"' in html
    assert 'value="How we post"' in html
    assert not Policy.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"due_at": ""}, "due_at", "Say by when"),
        ({"due_at": "soon"}, "due_at", "Enter a valid date"),
        ({"due_at": "2020-01-01T00:00"}, "due_at", "after it is in force"),
        ({"in_force_from": "31 April"}, "in_force_from", "Enter a valid date"),
    ],
)
def test_a_bad_date_issues_nothing_and_keeps_what_was_typed(
    approved, sign_in, changes, field, says
):
    sent = issuing(approved) | changes
    html = sign_in("lea").post(page("issue", approved.pk), sent).text
    assert f'id="id_{field}_error">' in html
    assert says in html
    typed = [sent[name] for name in ["in_force_from", "due_at"] if sent[name]]
    assert all(f'value="{one}"' in html for one in typed)
    approved.refresh_from_db()
    assert approved.state == EditionState.APPROVED


def test_i11_pressing_issue_twice_makes_one_edition_and_one_round(approved, sign_in):
    client, path = sign_in("lea"), page("issue", approved.pk)
    assert client.post(path, issuing(approved)).status_code == 302
    entries = Entry.objects.count()
    assert client.post(path, issuing(approved)).status_code == 409
    assert Entry.objects.count() == entries
    assert Edition.objects.get().round.opened_by.name == "Lea"


def test_i11_taking_the_newest_words_twice_takes_them_once(edition, sign_in, lea, quinn):
    for name in ["purpose", "thanks"]:
        version = library.start_version(Clause.objects.get(name=name), actor=lea)
        version = library.write(version, actor=lea, seen=version.digest, body=f"New {name}.")
        version = library.submit(version, actor=lea, seen=version.digest)
        library.approve(version, actor=quinn, seen=version.digest)
    draft = actions.start_edition(edition.policy, actor=lea)
    client = sign_in("lea")
    assert "Newer words are approved for 1 clause<" in client.get(page("draft", draft.pk)).text
    assert "<ins>" in client.get(page("provision", draft.pk, "purpose")).text
    for name in ["purpose", "purpose", "tone"]:
        response = client.post(page("use_newest", draft.pk, name))
        assert response.url == f"{page('draft', draft.pk)}#{name}"
    draft.refresh_from_db()
    assert drafts.assembled(draft).provisions[0].text.strip() == "New purpose."


def test_a_draft_that_cannot_be_put_together_says_so_and_can_be_mended(draft, sign_in):
    """As after an upgrade whose playbook no longer has a clause that was worded here."""
    Edition.objects.filter(pk=draft.pk).update(overrides={"wordings": {"thanks": OWN_WORDS}})
    client, says = sign_in("lea"), "“thanks” is not in this policy."
    assert says in client.get(page("draft", draft.pk)).text
    for response in [
        client.get(page("interview", draft.pk)),
        client.post(page("take_in", draft.pk, "purpose")),
    ]:
        assert response.status_code == 422
        assert says in response.text
    back = {"body": "We thank people who post.", "because": "The library's words again."}
    client.post(page("provision", draft.pk, "thanks"), back)
    assert client.get(page("interview", draft.pk)).status_code == 200
