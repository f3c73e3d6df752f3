"""Build the demonstration company with the actions that people use."""

import datetime as dt
import random
import uuid
from dataclasses import replace

from django.utils import timezone

from approvals import actions as posts
from approvals import (
    appealing,
    judging,
    offers,
    officers,
    publishing,
    recalling,
    route_drafting,
    shelving,
    silencing,
    uploads,
)
from approvals.findings import judged
from approvals.models import Channel, Submission, Verdict
from approvals.route_rules import SKILL, Rule
from clause_library import actions as library
from clause_library.models import Clause
from ledger.records import stamp
from organization import absences, watching, working_time
from organization import actions as organization
from organization.consent import give_consent
from organization.models import Person, Unit
from organization.system import CLOCK
from policy_builder import actions as policies
from policy_builder import drafts, receipts
from policy_builder.models import Edition, Policy

from . import people
from .posts import ADVERT, POSTS, PROMISE, SHELF, DemoPost

COMMS, SECURITIES = ["Rex Rivera", "Petra Novak"], ["Petra Novak"]
CHANNELS = [
    ("Own LinkedIn", "linkedin", False, "interactive", COMMS),
    ("Own X", "x", False, "interactive", COMMS),
    ("Acme on X", "x", True, "interactive", COMMS),
    ("Acme Securities page", "linkedin", True, "static", SECURITIES),
]
THREE_WEEKS = dt.timedelta(days=21)
WATCHED = {
    "project_names": ["Project Larkspur", "BlueHeron"],
    "unannounced_customers": ["Initrode"],
    "denied_hosts": ["rumour-mill.example"],
}


def is_there() -> bool:
    return Policy.objects.exists()


def make() -> dict[str, str]:
    """Everything, once; returns the passwords of those who can sign in, by address."""
    library.load_library(drafts.shipped())
    passwords = people.make()
    _channels()
    for playbook, title, units in [
        ("general-employer-us", "Social media policy", []),
        ("broker-dealer-us", "Social media policy for Acme Securities", ["Acme Securities"]),
    ]:
        edition = _issue(playbook, title, units)
        _half_acknowledge(edition)
    _standing_approval()
    _watch()
    _write_posts()
    _times()
    _mend_a_check()
    _share_what_a_principal_cleared()
    _have_legal_read_promises()
    _fill_the_shelf()
    return passwords


def _person(name: str) -> Person:
    return Person.objects.select_related("unit").get(email=people.email_of(name))


def _channels() -> None:
    amin = _person("Amin Aziz")
    for name, network, is_official, content_class, desk in CHANNELS:
        channel = Channel(
            name=name, network=network, is_official=is_official, content_class=content_class
        )
        officers.keep_channel(channel, actor=amin, reviewers=[_person(one) for one in desk])


def _issue(playbook: str, title: str, units: list[str]) -> Edition:
    lea, quinn = _person("Lea Lindqvist"), _person("Quinn Okafor")
    edition = policies.start_policy(
        actor=lea, playbook=playbook, title=title, units=Unit.objects.filter(name__in=units)
    )
    answers = dict(drafts.shipped().playbooks[playbook].sample_answers)
    edition = policies.write(edition, actor=lea, answers=answers)
    edition = policies.submit(edition, actor=lea)
    edition = policies.approve(edition, actor=quinn, seen=edition.text_digest)
    edition = policies.issue(edition, actor=lea, seen=edition.text_digest)
    policies.open_round(edition, actor=lea, due_at=timezone.now() + THREE_WEEKS)
    receipts.render_edition(edition.pk)
    edition.refresh_from_db()
    return edition


def _half_acknowledge(edition: Edition) -> None:
    """Every second person, but none of those who can sign in: they find it due."""
    signed_in = {people.email_of(login.name) for login in people.LOGINS}
    waiting = edition.acknowledgements.due().exclude(person__email__in=signed_in)
    for acknowledgement in waiting.select_related("person").order_by("person__name")[::2]:
        give_consent(acknowledgement.person)
        policies.acknowledge(
            acknowledgement,
            actor=acknowledgement.person,
            seen=edition.digest,
            sign_in={
                "method": "made for the demonstration",
                "at": stamp(timezone.now()),
                "session": "",
            },
            address="127.0.0.1",
        )


def _standing_approval() -> None:
    officers.give_standing_approval(
        actor=_person("Quinn Okafor"),
        units=list(Unit.objects.filter(profile=Unit.Profile.GENERAL)),
        channels=list(Channel.objects.filter(is_official=False)),
        daily_cap=200,
        sampling_percent=20,
        ends_at=timezone.now() + dt.timedelta(days=180),
    )


def _watch() -> None:
    """Legal keeps two project names and a customer quiet, and our quiet period has begun."""
    lea = _person("Lea Lindqvist")
    for which, names in WATCHED.items():
        watching.add_names(actor=lea, which=which, names=names)
    today = dt.datetime.combine(timezone.localdate(), dt.time(9))
    watching.add_quiet_period(
        actor=lea,
        key=uuid.uuid4(),
        window=watching.Window(lea.unit, today - dt.timedelta(days=2), today + THREE_WEEKS),
        topics=["results", "offering"],
        also_called=["ACMX"],
        reason="Results of the quarter come out at the end of it.",
    )


def _times() -> None:
    """A company day ahead, an early Friday, a deputy, and Petra away in a fortnight while Rex stands in."""
    amin, rex, petra = _person("Amin Aziz"), _person("Rex Rivera"), _person("Petra Novak")
    day = timezone.localdate() + THREE_WEEKS
    working_time.close(actor=amin, name="Company day", starts_on=day)
    early = [["09:00", "15:00"]]
    week = [*[[["09:00", "17:00"]]] * 4, early, [], []]
    organization.change_unit(rex.unit, actor=amin, week=week)
    for channel in Channel.objects.filter(name__startswith="Own"):
        channel.deputy = petra
        desk = [_person(one) for one in COMMS]
        officers.keep_channel(channel, actor=amin, reviewers=desk)
    begins = timezone.now() + dt.timedelta(days=14)
    absences.set_absence(
        petra, actor=petra, starts_at=begins, ends_at=begins + dt.timedelta(days=5), to=rex
    )
    ahead = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=12), dt.time(9))
    silencing.set_blackout(
        actor=rex,
        key=uuid.uuid4(),
        window=watching.Window(rex.unit, ahead, ahead + dt.timedelta(hours=8)),
        channels=list(Channel.objects.filter(name="Acme on X")),
        reason="The results come out that day; the official account waits for them.",
    )


def _write_posts() -> None:
    pick = random.Random(people.SEED)  # noqa: S311  who writes what, not secrets
    staff = list(
        Person.objects.filter(unit__name__in=["Engineering", "Retail", "Customer Care"])
        .select_related("unit")
        .order_by("name")
    )
    broker = _person("Petra Novak").unit
    brokers = list(broker.people.select_related("unit").exclude(groups__name="reviewer"))
    ada = _person("Ada Ahmed")
    for number, post in enumerate(POSTS):
        securities = post.channel == "Acme Securities page"
        author = pick.choice(brokers if securities else staff)
        # Ada has no post declined: she would be on watch, and a newcomer would see nothing clear at once.
        is_adas = number % 5 == 0 and not securities and post.fate not in {"decline", "appeal"}
        named = [one for one in staff if one.name == post.author]
        _settle(post, ada if is_adas else (named or [author])[0])


def _share_what_a_principal_cleared() -> None:
    """An advert that Petra cleared, shared unedited by a trained colleague: the one green way for static content."""
    page = Channel.objects.get(name="Acme Securities page")
    petra = _person("Petra Novak")
    officers.give_standing_approval(
        actor=_person("Quinn Okafor"),
        units=[petra.unit],
        channels=[page],
        daily_cap=20,
        sampling_percent=50,
        ends_at=timezone.now() + dt.timedelta(days=180),
    )
    brokers = petra.unit.people.select_related("unit").exclude(groups__name="reviewer")
    first, second = brokers.filter(trained_on__isnull=False).order_by("name")[:2]
    advert = DemoPost("cleared", ADVERT, channel=page.name)
    _decide(_submitted(advert, first), Verdict.CLEAR, advert)
    _submitted(advert, second)


def _have_legal_read_promises() -> None:
    """Lea asks that a lawyer reads promises about money, Quinn issues it; the next one waits for her after Rex."""
    lea, quinn = _person("Lea Lindqvist"), _person("Quinn Okafor")
    rule = Rule(
        "A lawyer reads every promise about money.",
        {"topic": ("financial_promise",)},
        of=SKILL,
        named="legal",
    )
    draft = route_drafting.start(actor=lea)
    draft = route_drafting.keep_rule(draft, rule, actor=lea, seen=draft.digest)
    route_drafting.issue(draft, actor=quinn, seen=draft.digest)
    post = DemoPost("agreed", PROMISE)
    author = Person.objects.filter(unit__name="Customer Care").select_related("unit").first()
    _decide(_submitted(post, author), Verdict.CLEAR, post)


def _fill_the_shelf() -> None:
    """Rex puts what he has cleared on the shelf; a colleague shares it as it stands, another within its bounds."""
    rex = _person("Rex Rivera")
    everywhere = Channel.objects.filter(name__in=["Acme on X", "Own LinkedIn"])
    first, second, third = (
        Person.objects.filter(unit__name="Customer Care")
        .select_related("unit")
        .exclude(groups__name="reviewer")
        .order_by("name")[:3]
    )
    for title, text, template, longest in SHELF:
        post = posts.submit(actor=first, key=uuid.uuid4(), text=text, channels=list(everywhere))
        seen = post.revision.digest
        now = dt.timedelta(0)
        post = posts.decide(post, actor=rex, verdict=Verdict.CLEAR, seen=seen, undo_for=now)
        shelving.put(
            post, actor=rex, seen=seen, title=title, template=template, longest_sentence=longest
        )
    _submitted(DemoPost("cleared", SHELF[0][1]), second)
    name = third.first_name
    within = DemoPost("cleared", f"My first fair! {SHELF[0][2].format(name=name, city='Oslo')}")
    _submitted(within, third)


def _settle(post: DemoPost, author: Person) -> None:
    """Put the post forward and take it to its fate, with the steps that people would take."""
    submission = _submitted(post, author)
    if submission is None:
        return
    submission = _answered(submission, post, author)
    _followed_up(submission, post, author)
    if post.missed:
        _mark_missed(submission, judging.Missed(*post.missed[:2], 1, post.missed[2]))


def _answered(submission: Submission, post: DemoPost, author: Person) -> Submission:
    match post.fate:
        case (
            "clear"
            | "publish_cleared"
            | "published"
            | "published_otherwise"
            | "cleared"
            | "recall"
            | "lapse"
        ):
            submission = _cleared(submission, post)
        case "send_back":
            _decide(submission, Verdict.SEND_BACK, post)
        case "decline" | "appeal":
            submission = _decide(submission, Verdict.DECLINE, post)
        case "offered" if submission.owner:
            offers.offer(
                submission,
                actor=submission.owner,
                seen=submission.revision.digest,
                text=post.reworded,
                reason=post.reason,
                undo_for=dt.timedelta(0),
            )
        case "withdraw":
            posts.withdraw(submission, actor=author, seen=submission.revision.digest)
        case "handed_over" if submission.owner:
            posts.hand_over(submission, actor=CLOCK)
        case "revised":
            posts.revise(
                submission,
                actor=author,
                seen=submission.revision.digest,
                text=post.text.replace("the loudest ever made", "loud enough for the garden"),
                channels=list(submission.channels.all()),
            )
    return submission


def _followed_up(submission: Submission, post: DemoPost, author: Person) -> None:
    match post.fate:
        case "published" | "publish_cleared" | "published_otherwise":
            publishing.publish(
                submission,
                actor=author,
                seen=submission.revision.digest,
                report=publishing.Report("https://example.com/post", post.stands or post.text),
            )
        case "appeal":
            seen = submission.revision.digest
            appealing.appeal(submission, actor=author, seen=seen, reason=post.appeal)
        case "recall":
            recalling.recall(submission, actor=_person("Rita Rossi"), reason=post.reason)
        case "lapse":
            posts.lapse(submission, at=submission.clearance.ends_at)


def _mark_missed(submission: Submission, missed: judging.Missed) -> None:
    """Rex looks at what went out without a person, and sees what no check saw."""
    judging.judge(
        submission,
        actor=_person("Rex Rivera"),
        seen=submission.revision.digest,
        said=judging.Said(missed=missed),
    )


def _mend_a_check() -> None:
    """Lea narrows the check that held back good posts; her draft waits to be replayed and approved."""
    lea = _person("Lea Lindqvist")
    version = library.start_version(Clause.objects.get(name="speak-for-yourself"), actor=lea)
    checks = [dict(check) for check in version.checks]
    for check in checks:
        if check["name"] == "official-voice":
            unless = [*check["params"]["unless"], r"supports? (?:parents|naps)", "my cat"]
            check["params"] = check["params"] | {"unless": unless}
    version = library.write(
        version,
        actor=lea,
        seen=version.digest,
        checks=checks,
        change_note="Jokes and families are no statement of the company.",
    )
    judging.ask_for_replay(version, actor=lea, most=200)


def _submitted(post: DemoPost, author: Person) -> Submission | None:
    return posts.submit(
        actor=author,
        key=uuid.uuid4(),
        text=post.text,
        channels=[Channel.objects.get(name=post.channel)],
        note=post.note,
        media=[
            replace(medium, file=uploads.receive(draw(), author).digest)
            for medium, draw in post.media
        ],
    )


def _cleared(submission: Submission, post: DemoPost) -> Submission:
    if submission.clearance:
        return submission
    return _decide(submission, Verdict.CLEAR, post)


def _decide(submission: Submission, verdict: str, post: DemoPost) -> Submission:
    if submission.clearance:
        return submission
    screening = posts.latest_screening(submission.revision)
    cited = {finding["provision"] for finding in screening.findings}
    provisions = screening.edition.provisions.all()
    return posts.decide(
        submission,
        actor=submission.owner,
        verdict=verdict,
        seen=submission.revision.digest,
        reason=post.reason,
        said=_said(screening, verdict, post),
        undo_for=dt.timedelta(0),
        provision=(provisions.filter(pk__in=cited).first() or provisions.first())
        if verdict == Verdict.DECLINE
        else None,
    )


def _said(screening, verdict: str, post: DemoPost) -> judging.Said:
    """Whether the checks were right; where the post is declined, the provision says it."""
    if verdict == Verdict.DECLINE:
        return judging.NOTHING
    opinion = judging.Opinion(judging.OVERRULED if post.fine else judging.UPHELD, post.fine)
    return judging.Said({one.hit.pk: opinion for one in judged(screening) if one.asks})
