"""Pages on which a policy is read and acknowledged: looking changes nothing, and nothing is a wrong address."""

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import ProtectedError
from django.urls import reverse

from policy_builder.models import Acknowledgement, DamagedEditionError, Edition
from policy_builder.states import AcknowledgementState


def page(name, *args):
    return reverse(f"policy_builder:{name}", args=args)


def everything():
    """All rows of all tables, sessions aside."""
    models = [model for model in apps.get_models() if model is not Session]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


def test_i07_looking_at_a_draft_changes_nothing(in_review, sign_in):
    pk = in_review.pk
    paths = [page(name, pk) for name in ["draft", "interview", "add", "review", "issue"]]
    paths += [page("policies"), page("start"), page("provision", pk, "purpose")]
    acts = [page("submit", pk), page("reopen", pk)]
    acts += [page(name, pk, "purpose") for name in ["move", "take_in", "use_newest"]]
    for who in ["lea", "quinn"]:
        client = sign_in(who)
        before = everything()
        assert {client.get(path).status_code for path in acts} == {405}
        assert {client.get(path).status_code for path in paths} <= {200, 302, 403}
        assert everything() == before


def test_i07_following_links_acknowledges_and_starts_nothing(opened, asked, sign_in):
    slug = asked.edition.policy.slug
    paths = [page(name) for name in ["policies", "due", "team"]]
    paths += [page(name, slug) for name in ["read", "acknowledge"]]
    paths += [page(name, slug, 1) for name in ["edition", "pdf", "html"]]
    paths += [page("provision_link", slug, "good-faith"), page("round", opened.pk)]
    paths += [page(name, asked.number) for name in ["receipt", "receipt_pdf", "receipt_json"]]
    for who in ["ada", "lea", "max", "rita"]:
        client = sign_in(who)
        before = everything()
        assert client.get(page("new_edition", slug)).status_code == 405
        assert {client.get(path).status_code for path in paths} <= {200, 302, 403, 404}
        assert everything() == before


@pytest.mark.parametrize("seen", ["", "f" * 64, "\0", "f" * 70])
def test_a_text_that_was_never_shown_is_not_acknowledged(asked, sign_in, seen):
    path = page("acknowledge", asked.edition.policy.slug)
    response = sign_in("ada").post(path, {"seen": seen, "box": "on"})
    assert response.status_code in {200, 409}
    asked.refresh_from_db()
    assert asked.state == AcknowledgementState.DUE


@pytest.mark.parametrize("who", ["zoe", "rita", "amin"])
def test_i14_who_was_not_asked_cannot_press(asked, sign_in, amin, who):
    amin.is_superuser = True
    amin.save()
    path = page("acknowledge", asked.edition.policy.slug)
    sent = {"seen": asked.edition.digest, "box": "on", "consent": "on"}
    assert sign_in(who).post(path, sent).status_code == 404
    assert not Acknowledgement.objects.exclude(state=AcknowledgementState.DUE).exists()


@pytest.mark.parametrize(
    "path",
    [
        "/policies/social-media/editions/99999999999999999999/",
        "/policies/receipts/%00/",
        "/policies/receipts/x/receipt.pdf",
        "/policies/no-such-policy/",
        "/policies/drafts/00000000-0000-4000-8000-000000000000/",
    ],
)
def test_an_address_of_nothing_is_not_found(small, sign_in, path):
    assert sign_in("lea").get(path).status_code == 404


def test_i01_a_damaged_snapshot_is_refused_when_it_is_read(small):
    damaged = Edition(snapshot=bytes(small.snapshot).replace(b"behind", b"beside"))
    damaged.policy, damaged.digest, damaged.number = small.policy, small.digest, 1
    with pytest.raises(DamagedEditionError, match="edition 1"):
        _ = damaged.content


def test_i12_nothing_that_evidence_names_can_be_deleted(edition):
    for row in [
        edition.policy,
        edition.drafted_by,
        edition.approved_by,
        edition.provisions.first().clause_version,
        edition.provisions.first().clause_version.clause,
        edition.drafted_by.unit,
    ]:
        with pytest.raises(ProtectedError):
            row.delete()
