"""The whole way of the shipped playbook, to a receipt that a bare Python checks, and to files that stay."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from clause_library import actions as library
from clause_library.models import Clause
from ledger.models import Entry
from organization.models import Notice
from policy_builder import actions, drafts, receipts
from policy_builder.models import Acknowledgement, Edition, Receipt

VERIFIER = Path(__file__).parents[2] / "ledger/verify.py"


def verdict(path, data):
    """How the verifier ends, on a Python that knows nothing of us."""
    path.write_bytes(data)
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(path)]
    return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode


@pytest.fixture
def shipped(company):
    """The library as it is shipped, whole."""
    library.load_library(drafts.shipped())


@pytest.mark.slow
def test_from_the_playbook_to_a_receipt_that_proves_itself(
    edition, ada, lea, quinn, client, tmp_path, next_edition
):
    """I1, I11: the files of an issued edition stay the same bytes; each task run twice makes one thing."""
    receipts.render_edition(edition.pk)
    client.force_login(ada)
    paths = [
        reverse(f"policy_builder:{name}", args=[edition.policy.slug, 1]) for name in ["pdf", "html"]
    ]
    before = [client.get(path).content for path in paths]
    snapshot = bytes(Edition.objects.get(pk=edition.pk).snapshot)

    asked = actions.open_round(edition, actor=lea, due_at=edition.in_force_from)
    mine = asked.acknowledgements.get(person=ada)
    sent = {"seen": edition.digest, "box": "on", "consent": "on"}
    page = reverse("policy_builder:acknowledge", args=[edition.policy.slug])
    for _ in range(2):
        assert client.post(page, sent).url == reverse("policy_builder:receipt", args=[mine.number])
    receipts.issue_receipt(mine.pk)

    receipt = Receipt.objects.get(acknowledgement=mine)
    pdf = client.get(reverse("policy_builder:receipt_pdf", args=[mine.number])).content
    assert pdf == receipt.pdf.read()
    assert verdict(tmp_path / "receipt.pdf", pdf) == 0
    for place in [len(pdf) // 3, len(pdf) - 700]:
        flipped = bytearray(pdf)
        flipped[place] ^= 1
        assert verdict(tmp_path / "flipped.pdf", bytes(flipped)) == 1

    entries, notices = Entry.objects.count(), Notice.objects.count()
    for work in [
        lambda: receipts.render_edition(edition.pk),
        lambda: receipts.issue_receipt(mine.pk),
        actions.bring_into_force,
    ]:
        work()
    assert (Entry.objects.count(), Notice.objects.count()) == (entries, notices)
    assert Acknowledgement.objects.exclude(acknowledged_at=None).count() == 1

    version = library.start_version(Clause.objects.get(name="purpose"), actor=lea)
    version = library.write(version, actor=lea, seen=version.digest, body="Other words.")
    version = library.submit(version, actor=lea, seen=version.digest)
    library.approve(version, actor=quinn, seen=version.digest)
    next_edition(edition.policy)
    actions.bring_into_force()
    assert [client.get(path).content for path in paths] == before
    assert bytes(Edition.objects.get(pk=edition.pk).snapshot) == snapshot
    assert pdf == client.get(reverse("policy_builder:receipt_pdf", args=[mine.number])).content
