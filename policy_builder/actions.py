"""What people do with policies and acknowledgements, one function for each."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django_fsm import TransitionNotAllowed

from clause_library.checks import edition_problems
from ledger.canonical import canonical
from ledger.records import record, stamp, subject_of
from organization import notices, steps
from organization.models import Company, Person, Unit
from organization.roles import Role
from organization.system import CLOCK

from . import acknowledging, assembly, drafts, overrides, tasks
from .models import Acknowledgement, Edition, Policy, Provision, Round
from .states import AcknowledgementState, EditionState

# Drafting


@transaction.atomic
def start_policy(
    *, actor: Person, playbook: str, title: str, units: Iterable[Unit] = ()
) -> Edition:
    """Begin a policy from a playbook; returns the draft of its first edition."""
    _only_drafters(actor)
    policy = Policy.objects.create(
        title=title, slug=_free_slug(title), playbook=playbook, created_by=actor
    )
    policy.units.set(units)
    edition = Edition(
        policy=policy,
        drafted_by=actor,
        writers=[str(actor.pk)],
        answers={"company_name": Company.current().name},
    )
    steps.begin(edition, actor=actor, data={"policy": policy.slug, "playbook": playbook})
    return edition


@transaction.atomic
def start_edition(policy: Policy, *, actor: Person) -> Edition:
    """A new draft with the answers and the clause versions of the newest edition; the open one if there is one."""
    _only_drafters(actor)
    policy = steps.locked(policy)
    draft = policy.editions.filter(number=None).first()
    if draft:
        return draft
    newest = policy.editions.order_by("-number").first()
    draft = Edition(
        policy=policy,
        drafted_by=actor,
        writers=[str(actor.pk)],
        answers=newest.answers,
        overrides=newest.overrides,
        pinned=newest.pinned,
    )
    steps.begin(draft, actor=actor, data={"policy": policy.slug, "after": newest.number})
    return draft


def _only_drafters(actor: Person) -> None:
    if not actor.is_active or not actor.has_perm("policy_builder.draft_policy"):
        raise PermissionDenied("Only a drafter writes policies.")


RESERVED = {"start", "due", "team", "rounds", "drafts", "receipts"}  # paths of their own


def _free_slug(title: str) -> str:
    slug = slugify(title)[:70] or "policy"
    taken = RESERVED | set(
        Policy.objects.filter(slug__startswith=slug).values_list("slug", flat=True)
    )
    return next(
        name
        for number in range(1, len(taken) + 2)
        if (name := slug if number == 1 else f"{slug}-{number}") not in taken
    )


@transaction.atomic
def write(edition: Edition, *, actor: Person, **changes: Any) -> Edition:
    """Keep answers, overrides or pinned versions of a draft as given."""
    return _keep(_writable(edition, actor), actor, changes)


@transaction.atomic
def answer(edition: Edition, *, actor: Person, given: Mapping[str, Any]) -> Edition:
    """Keep answers beside the former ones; an empty one takes its answer back."""
    edition = _writable(edition, actor)
    answers = edition.answers | given
    kept = {name: value for name, value in answers.items() if value is not None and value != ""}
    return _keep(edition, actor, {"answers": kept})


@transaction.atomic
def override(
    edition: Edition, *, actor: Person, change: Callable[[overrides.Changes], overrides.Changes]
) -> Edition:
    """Change what the playbook gives. Raises AssemblyError where no policy could come of it."""
    edition = _writable(edition, actor)
    edition = _keep(edition, actor, {"overrides": change(edition.overrides)})
    drafts.questions(edition)
    return edition


@transaction.atomic
def use_newest(edition: Edition, *, actor: Person, name: str) -> Edition:
    """Take the newest approved version of a clause into the draft; where it has it, it stays."""
    edition = _writable(edition, actor)
    newer = {new.clause.name: str(new.pk) for _old, new in drafts.newer_versions(edition)}
    if name not in newer:
        return edition
    return _keep(edition, actor, {"pinned": edition.pinned | {name: newer[name]}})


def _writable(edition: Edition, actor: Person) -> Edition:
    _only_drafters(actor)
    edition = _locked(edition)
    if edition.state != EditionState.DRAFT:
        raise steps.ChangedMeanwhileError(
            "This text has left drafting since you opened it. Nothing was saved."
        )
    return edition


def _keep(edition: Edition, actor: Person, changes: Mapping[str, Any]) -> Edition:
    """Save a locked draft, and who wrote in it."""
    for name, value in changes.items():
        setattr(edition, name, value)
    edition.changed_at = timezone.now()
    edition.drafted_by = actor
    edition.writers = sorted({*edition.writers, str(actor.pk)})
    edition.save(update_fields=[*changes, "changed_at", "drafted_by", "writers"])
    return edition


@transaction.atomic
def submit(edition: Edition, *, actor: Person) -> Edition:
    """Ask a second person to read the whole text; from here it is pinned to exact clause versions.

    Raises MissingAnswersError or AssemblyError, which name all that is still to do.
    """
    edition = _locked(edition)
    versions = drafts.versions_for(edition)
    text = drafts.assembled(edition, versions)
    _refuse_failing(text)
    digest = text.digest
    entry = steps.take(
        "submit",
        edition,
        actor=actor,
        data=_facts(edition) | {"text_digest": digest},
        changes={
            "text_digest": digest,
            "review_note": "",
            "pinned": drafts.to_pin(edition, versions),
        },
    )
    for approver in Person.objects.holding(Role.APPROVER).exclude(pk__in=edition.writers):
        notices.tell(
            approver,
            "edition_for_approval",
            f"edition_for_approval:{entry.pk}",
            {"policy_title": edition.policy.title, "drafter": actor.name},
            path=f"/policies/drafts/{edition.pk}/review/",
        )
    return edition


@transaction.atomic
def approve(edition: Edition, *, actor: Person, seen: str) -> Edition:
    """Agree to exactly the text on the approver's screen."""
    edition = _seen(edition, seen)
    _same_text(edition)
    steps.take(
        "approve",
        edition,
        actor=actor,
        data=_facts(edition) | {"text_digest": seen},
        changes={"approved_by": actor, "approved_at": timezone.now()},
    )
    return edition


@transaction.atomic
def send_back(edition: Edition, *, actor: Person, seen: str, note: str) -> Edition:
    """Ask the drafter for changes, and say which."""
    edition = _seen(edition, seen)
    entry = steps.take(
        "send_back",
        edition,
        actor=actor,
        data=_facts(edition) | {"text_digest": seen},
        sealed={"note": note},
        changes={"review_note": note},
    )
    notices.tell(
        edition.drafted_by,
        "edition_sent_back",
        f"edition_sent_back:{entry.pk}",
        {"policy_title": edition.policy.title, "reason": note},
        path=f"/policies/drafts/{edition.pk}/",
    )
    return edition


@transaction.atomic
def reopen(edition: Edition, *, actor: Person) -> Edition:
    """Take an approved text back for more changes; the approval ends."""
    edition = _locked(edition)
    steps.take(
        "reopen",
        edition,
        actor=actor,
        data=_facts(edition),
        changes={"approved_by": None, "approved_at": None},
    )
    return edition


# Issuing


def issue(edition: Edition, *, actor: Person, seen: str, **how: Any) -> Edition:
    """Freeze the approved text, number it, and put it in force from its date (invariant 1).

    ``how``: see `_issue`. With ``due_at`` the same act asks everybody whom the policy covers to acknowledge it by
    then. Raises FailingChecksError where the checks of its clauses cannot run together or get an example wrong.
    """
    if edition.state == EditionState.APPROVED and (text := drafts.as_sent(edition)):
        _failing(text)  # takes a second, once: nobody else should wait for it behind our lock
    return _issue(edition, actor=actor, seen=seen, **how)


@transaction.atomic
def _issue(
    edition: Edition,
    *,
    actor: Person,
    seen: str,
    in_force_from: dt.datetime | None = None,
    significance: str = "material",
    change_note: str = "",
    due_at: dt.datetime | None = None,
) -> Edition:
    edition = _seen(edition, seen)
    if edition.state != EditionState.APPROVED:
        raise TransitionNotAllowed("Only an approved text is issued.", object=edition)
    now = timezone.now()
    in_force_from = max(in_force_from or now, now)
    text = _same_text(edition)
    _refuse_failing(text)
    number = (edition.policy.editions.aggregate(newest=Max("number"))["newest"] or 0) + 1
    snapshot = canonical(
        assembly.snapshot(
            text,
            number=number,
            in_force_from=timezone.localdate(in_force_from, actor.zone).isoformat(),
            approved_by=edition.approved_by.name,
            approved_on=timezone.localdate(edition.approved_at, actor.zone).isoformat(),
            signing_key=acknowledging.signing_key(),
        )
    )
    digest = hashlib.sha256(snapshot).hexdigest()
    steps.take(
        "issue",
        edition,
        actor=actor,
        data=_facts(edition)
        | {
            "number": number,
            "digest": digest,
            "in_force_from": stamp(in_force_from),
            "significance": significance,
            "units": sorted(edition.policy.units.values_list("pk", flat=True)),
        },
        changes={
            "number": number,
            "snapshot": snapshot,
            "digest": digest,
            "in_force_from": in_force_from,
            "issued_at": now,
            "significance": significance,
            "change_note": change_note,
        },
    )
    _write_provisions(edition)
    if due_at:
        _open_round(edition, actor, due_at)
    for person in {edition.drafted_by, edition.approved_by} - {actor}:
        notices.tell(
            person,
            "edition_issued",
            f"edition_issued:{edition.pk}",
            {
                "policy_title": edition.policy.title,
                "edition": number,
                "in_force_from": timezone.localdate(in_force_from, person.zone).isoformat(),
            },
            path=f"/policies/{edition.policy.slug}/editions/{number}/",
        )
    transaction.on_commit(partial(tasks.render_edition.enqueue, str(edition.pk)))
    transaction.on_commit(bring_into_force)
    return edition


def _refuse_failing(text: assembly.Assembly) -> None:
    """The checks run for everybody from here on, so all their examples run once more, all clauses together.

    A second for 80 clauses, then kept for the process.
    """
    if problems := _failing(text):
        raise assembly.FailingChecksError(problems)


def _failing(text: assembly.Assembly) -> list[str]:
    return list(edition_problems(text.checked, text.playbook.jurisdiction))


def _write_provisions(edition: Edition) -> None:
    versions = drafts.versions_for(edition)
    provisions = [
        provision for section in edition.content["sections"] for provision in section["provisions"]
    ]
    Provision.objects.bulk_create(
        Provision(
            edition=edition,
            clause_version=versions[provision["clause"]],
            number=provision["number"],
            anchor=provision["anchor"],
            title=provision["title"],
            position=position,
        )
        for position, provision in enumerate(provisions, start=1)
    )


def bring_into_force(at: dt.datetime | None = None) -> None:
    """End each edition whose newer one's date has come; the clock calls this too."""
    in_force = {one.policy_id: one.number for one in Edition.objects.in_force(at)}
    for edition in Edition.objects.filter(state=EditionState.ISSUED, policy__in=in_force):
        if edition.number < in_force[edition.policy_id]:
            _supersede(edition)


@transaction.atomic
def _supersede(edition: Edition) -> None:
    edition = _locked(edition)
    if edition.state == EditionState.ISSUED:
        steps.take("supersede", edition, actor=CLOCK, data=_facts(edition))


@transaction.atomic
def withdraw(edition: Edition, *, actor: Person) -> Edition:
    """End an edition without a successor."""
    edition = _locked(edition)
    steps.take("withdraw", edition, actor=actor, data=_facts(edition))
    return edition


def _facts(edition: Edition) -> dict[str, Any]:
    return {"policy": edition.policy.slug, "number": edition.number}


def _locked(edition: Edition) -> Edition:
    return steps.locked(edition, "policy", "drafted_by", "approved_by")


def _seen(edition: Edition, seen: str) -> Edition:
    edition = _locked(edition)
    if edition.text_digest != seen:
        raise steps.ChangedMeanwhileError(
            "This text has changed since you opened it. Nothing was decided. "
            "Open it again to see what changed."
        )
    return edition


def _same_text(edition: Edition) -> assembly.Assembly:
    """The text as it was sent to review, put together again: not one word may differ."""
    text = drafts.as_sent(edition)
    if text is None:
        raise steps.ChangedMeanwhileError(
            "The playbook has changed since this text was sent to review, so it would read otherwise now. "
            "Nothing was decided. Send it back to drafting, and then to review again."
        )
    return text


# Acknowledging


@transaction.atomic
def open_round(edition: Edition, *, actor: Person, due_at: dt.datetime) -> Round:
    """Ask everybody whom the policy covers. One entry opens it for all; asked twice, the first counts."""
    if not actor.is_active or not (
        actor.has_perm("policy_builder.open_round") or actor.has_perm("policy_builder.draft_policy")
    ):
        raise PermissionDenied("Only a drafter or an administrator opens a round.")
    edition = _locked(edition)
    existing = Round.objects.filter(edition=edition).first()
    if existing:
        return existing
    if edition.state != EditionState.ISSUED:
        raise steps.ChangedMeanwhileError(f"{edition} is not issued. Nobody was asked.")
    return _open_round(edition, actor, due_at)


def _open_round(edition: Edition, actor: Person, due_at: dt.datetime) -> Round:
    people = list(_to_ask(edition).values_list("pk", flat=True))
    opened = Round(edition=edition, due_at=due_at, opened_by=actor)
    opened.entry = record(
        "round.opened",
        actor=actor,
        subject=subject_of(opened),
        data=_facts(edition)
        | {
            "due_at": stamp(due_at),
            "people": len(people),
            "list": hashlib.sha256("\n".join(sorted(map(str, people))).encode()).hexdigest(),
        },
    )
    opened.save(force_insert=True)
    _ask(opened, people)
    return opened


def audience(policy: Policy) -> QuerySet[Person]:
    """Everybody at work whom the policy covers: its units' people, or all where it names none."""
    people = Person.objects.active()
    units = policy.units.all()
    return people.filter(unit__in=units) if units else people


def _to_ask(edition: Edition) -> QuerySet[Person]:
    """Its audience; after an editorial change only those who have not acknowledged these rules yet."""
    people = audience(edition.policy)
    if not edition.is_editorial:
        return people
    same_rules = edition.policy.editions.same_rules_as(edition)
    done = Acknowledgement.objects.filter(
        person=OuterRef("pk"), edition__in=same_rules, state=AcknowledgementState.ACKNOWLEDGED
    )
    return people.filter(~Exists(done))


def _ask(opened: Round, people: Iterable[Any]) -> None:
    Acknowledgement.objects.bulk_create(
        [
            Acknowledgement(
                number=secrets.token_hex(16),
                round=opened,
                edition=opened.edition,
                person_id=person,
                entry=opened.entry,
            )
            for person in people
        ],
        batch_size=500,
    )
    transaction.on_commit(partial(tasks.tell_who_is_due.enqueue, str(opened.pk)))


@transaction.atomic
def keep_audience(opened: Round) -> None:
    """Ask those who have joined since; close the requests of those who have left or moved away."""
    opened = steps.locked(opened, "edition__policy")
    covered = audience(opened.edition.policy)
    asked = opened.acknowledgements.filter(person=OuterRef("pk"))
    if new := list(_to_ask(opened.edition).filter(~Exists(asked)).values_list("pk", flat=True)):
        _ask(opened, new)
    for gone in opened.acknowledgements.due().exclude(person__in=covered):
        _close(gone)


def end_requests(edition: Edition, *, at_most: int) -> None:
    """Of an edition that has ended: close what is still due; where a newer material edition asks
    again, what was acknowledged lapses. Each is a step of its own, so a stop in between loses nothing.
    """
    rows = edition.acknowledgements
    for acknowledgement in rows.due()[:at_most]:
        _close(acknowledgement)
    if edition.policy.editions.material_after(edition).exists():
        for acknowledgement in rows.filter(state=AcknowledgementState.ACKNOWLEDGED)[:at_most]:
            _lapse(acknowledgement)


@transaction.atomic
def _close(acknowledgement: Acknowledgement) -> None:
    acknowledgement = steps.locked(acknowledgement)
    if acknowledgement.state == AcknowledgementState.DUE:
        steps.take("close", acknowledgement, actor=CLOCK)


@transaction.atomic
def _lapse(acknowledgement: Acknowledgement) -> None:
    acknowledgement = steps.locked(acknowledgement)
    if acknowledgement.state == AcknowledgementState.ACKNOWLEDGED:
        steps.take("lapse", acknowledgement, actor=CLOCK)


@transaction.atomic
def acknowledge(
    acknowledgement: Acknowledgement,
    *,
    actor: Person,
    seen: str,
    sign_in: Mapping[str, str],
    address: str,
) -> Acknowledgement:
    """Record a person's “I have read this edition”, and all that answers the six questions of a court.

    ``seen`` is the digest of the edition on the page. Pressed twice, the first counts (invariant 11).
    """
    acknowledgement = steps.locked(
        acknowledgement, "edition__policy", "edition__html", "edition__pdf", "person__unit", "round"
    )
    edition = acknowledgement.edition
    if acknowledgement.person_id != actor.pk:
        raise PermissionDenied("Nobody acknowledges for somebody else.")
    if acknowledgement.state == AcknowledgementState.ACKNOWLEDGED:
        return acknowledgement
    if acknowledgement.person.consented_at is None:
        raise steps.ChangedMeanwhileError(
            "You have not agreed to sign on screen, or took it back. Nothing was recorded. "
            "Open the policy again to agree, or ask for paper."
        )
    if edition.digest != seen or not edition.is_in_force():
        raise steps.ChangedMeanwhileError(
            "A newer edition is in force. Nothing was recorded. Open it to see what changed."
        )
    if edition.pdf_id is None:
        raise steps.ChangedMeanwhileError(
            "The PDF of this edition is still being made. Nothing was recorded. "
            "Try again in a few seconds."
        )
    now = timezone.now()
    steps.take(
        "acknowledge",
        acknowledgement,
        actor=actor,
        data={
            "number": acknowledgement.number,
            "edition": str(edition.pk),
            "digest": edition.digest,
            "page": acknowledging.page(),
            "how": Acknowledgement.How.SIGN_IN.value,
        },
        sealed={"record": acknowledging.contents(acknowledgement, now, sign_in, address)},
        changes={"acknowledged_at": now, "how": Acknowledgement.How.SIGN_IN},
    )
    transaction.on_commit(partial(tasks.issue_receipt.enqueue, str(acknowledgement.pk)))
    return acknowledgement
