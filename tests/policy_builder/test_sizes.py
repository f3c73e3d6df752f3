"""Pages of the whole shipped playbook stay light enough for a phone."""

import pytest
from django.urls import reverse

from clause_library import actions as library
from policy_builder import actions, drafts

MOST = 100_000  # bytes


@pytest.fixture
def shipped(company):
    """The library as it is shipped, whole."""
    library.load_library(drafts.shipped())


@pytest.mark.parametrize("name", ["draft", "review"])
def test_pages_of_a_draft_stay_light(client, in_review, quinn, name):
    client.force_login(quinn)
    path = reverse(f"policy_builder:{name}", args=[in_review.pk])
    assert len(client.get(path).content) < MOST


def test_a_policy_stays_light_to_read(client, approved, lea):
    edition = actions.issue(approved, actor=lea, seen=approved.text_digest)
    client.force_login(lea)
    path = reverse("policy_builder:read", args=[edition.policy.slug])
    assert len(client.get(path).content) < MOST
