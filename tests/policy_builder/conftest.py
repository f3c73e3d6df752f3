"""A draft of the general playbook on its way to an edition; and a small edition for those who read it."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from clause_library import actions as library
from clause_library import files
from documents.models import store
from organization.consent import give_consent
from policy_builder import actions, drafts
from tests.approvals.small_policy import issue_small_policy

SMALL = Path(__file__).parent / "library"
PLAYBOOK = "general-employer-us"
A_WEEK = dt.timedelta(days=7)


@pytest.fixture
def shipped(company, monkeypatch):
    """Five clauses and a playbook in place of the shipped ones, loaded: quick to put together."""
    monkeypatch.setattr(files.read_library, "__defaults__", (SMALL,))
    drafts.shipped.cache_clear()
    library.load_library(drafts.shipped())
    yield
    drafts.shipped.cache_clear()


@pytest.fixture
def draft(shipped, lea):
    """A draft of Lea's, with all answers given; Acme runs no promotions."""
    edition = actions.start_policy(actor=lea, playbook=PLAYBOOK, title="Social media policy")
    answers = dict(drafts.shipped().playbooks[PLAYBOOK].sample_answers)
    return actions.write(edition, actor=lea, answers=answers | {"runs_promotions": False})


@pytest.fixture
def in_review(draft, lea, quinn):
    """Quinn has been told."""
    return actions.submit(draft, actor=lea)


@pytest.fixture
def approved(in_review, quinn):
    return actions.approve(in_review, actor=quinn, seen=in_review.text_digest)


@pytest.fixture
def edition(approved, lea):
    """Edition 1 of the general playbook, in force."""
    return actions.issue(approved, actor=lea, seen=approved.text_digest)


@pytest.fixture
def next_edition(lea, quinn):
    """Issue one more edition of a policy, with a change that people can read."""

    def issue(policy, **how):
        edition = actions.start_edition(policy, actor=lea)
        changed = {"purpose": {"body": "We write this down for you.", "because": "Shorter."}}
        edition = actions.write(edition, actor=lea, overrides={"wordings": changed})
        edition = actions.submit(edition, actor=lea)
        edition = actions.approve(edition, actor=quinn, seen=edition.text_digest)
        return actions.issue(edition, actor=lea, seen=edition.text_digest, **how)

    return issue


@pytest.fixture
def small(company, lea, quinn):
    """An edition of three provisions, in force, whose files are there."""
    return with_files(issue_small_policy(drafter=lea, approver=quinn))


def with_files(edition):
    """Put files beside it: a receipt carries them, whatever is in them."""
    edition.html = store(b"<!doctype html><style></style>", "text/html; charset=utf-8")
    edition.pdf = store(b"%PDF-1.7\n", "application/pdf")
    edition.save(update_fields=["html", "pdf"])
    return edition


@pytest.fixture
def opened(small, ada, lea):
    """A round for the small edition: Ada, Max, Lea and Quinn are asked."""
    return actions.open_round(small, actor=lea, due_at=timezone.now() + A_WEEK)


@pytest.fixture
def asked(opened, ada):
    """What Ada is asked; she agrees to sign on screen."""
    give_consent(ada)
    ada.refresh_from_db()
    return opened.acknowledgements.get(person=ada)
