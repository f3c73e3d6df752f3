"""The smallest policy that can back a post, issued by hand, with entries as the database demands."""

import datetime as dt
import hashlib
import uuid

from django.db import transaction
from django.utils import timezone

from clause_library.models import Category, Clause, ClauseVersion
from ledger.canonical import canonical
from ledger.records import record, subject_of
from organization.system import SETUP
from policy_builder.models import Edition, Policy, Provision

CLAUSES = {
    "backing-statement": "We stand behind this post, and behind you.",
    "good-faith": "You acted in good faith.",
    "what-ends-the-backing": "A change of the words ends it.",
}


@transaction.atomic
def issue_small_policy(*, drafter, approver, number=1, policy=None, checks=(), place="us"):
    """Issue an edition in force now; the next number of a policy that is given."""
    policy = policy or Policy.objects.create(
        title="Social media policy", slug="social-media", playbook="by-hand", created_by=drafter
    )
    versions = [_version(name, body, list(checks)) for name, body in CLAUSES.items()]
    snapshot = canonical(_snapshot(number, versions, place))
    edition = Edition(
        id=uuid.uuid4(),
        policy=policy,
        number=number,
        state="issued",
        in_force_from=timezone.now() - dt.timedelta(hours=1),
        issued_at=timezone.now(),
        text_digest="0" * 64,
        drafted_by=drafter,
        approved_by=approver,
        snapshot=snapshot,
        digest=hashlib.sha256(snapshot).hexdigest(),
    )
    edition.entry = record(
        "edition.issue", actor=drafter, subject=subject_of(edition), state="issued"
    )
    edition.save(force_insert=True)
    for position, version in enumerate(versions, start=1):
        Provision.objects.create(
            edition=edition,
            clause_version=version,
            number=f"1.{position}",
            anchor=version.clause.name,
            title=version.title,
            position=position,
        )
    return edition


def _version(name, body, checks):
    shelf, _ = Category.objects.get_or_create(slug="promise", defaults={"title": "Our promise"})
    clause, _ = Clause.objects.get_or_create(name=name, defaults={"category": shelf})
    version = ClauseVersion(
        id=uuid.uuid4(),
        clause=clause,
        number=clause.versions.count() + 1,
        state="approved",
        title=name.replace("-", " ").capitalize(),
        short=body,
        body=body,
        why="So that you know.",
        checks=checks if name == "good-faith" else [],
        digest=hashlib.sha256(body.encode()).hexdigest(),
    )
    version.entry = record(
        "clauseversion.approve", actor=SETUP, subject=subject_of(version), state="approved"
    )
    version.save(force_insert=True)
    return version


def _snapshot(number, versions, place):
    provisions = [
        {
            "number": f"1.{position}",
            "anchor": version.clause.name,
            "clause": version.clause.name,
            "version": version.number,
            "digest": version.digest,
            "title": version.title,
            "html": f"<p>{version.body}</p>",
            "text": version.body,
            "short": version.short,
            "why": version.why,
            "do": [],
            "dont": [],
            "citations": [],
            "because": "The smallest policy has it.",
        }
        for position, version in enumerate(versions, start=1)
    ]
    return {
        "format": "countersign/edition/1",
        "policy": {
            "title": "Social media policy",
            "company": "Acme",
            "playbook": "by-hand",
            "profile": "general",
            "jurisdiction": place,
            "language": "en",
        },
        "edition": {
            "number": number,
            "in_force_from": "2026-01-01",
            "approved_by": None,
            "approved_on": None,
        },
        "answers": {},
        "summary": [],
        "sections": [{"number": "1", "title": "Our promise", "provisions": provisions}],
        "left_out": [],
        "signing_key": None,
    }
