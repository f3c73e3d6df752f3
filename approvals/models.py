"""Posts put forward, what was found in them, who decided, and what the company stands behind."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from guardian.shortcuts import get_objects_for_user

from clause_library.checks.model import Medium
from ledger.models import Entry
from organization.kept import KeptDocument
from organization.models import Person, Unit
from organization.roles import Role
from policy_builder.models import Edition, Provision

from . import states
from .blackouts import Blackout  # noqa: F401  imported from here
from .handovers import HandOver  # noqa: F401
from .judged import FindingVerdict, Hit, Miss, Replay, Settlement  # noqa: F401  imported from here
from .media import MediaFile, RevisionMedium, Upload  # noqa: F401  likewise
from .published import Appeal, Likeness, Publication, RecallNotice  # noqa: F401  likewise
from .route_rules import DESK, REGISTRATION, SKILL
from .routed import Routed, RouteRules, RouteTable  # noqa: F401  likewise
from .shelved import ShelfItem
from .undone import Pending, Undoing  # noqa: F401  likewise
from .waits import Forecast, Wait  # noqa: F401  likewise

TIME_TO_POST = dt.timedelta(minutes=5)


class Lane(models.TextChoices):
    """How much looking a post needs. *Not ours* has no value here: nothing of it is stored."""

    GREEN = "green", "Green: no person needed"
    AMBER = "amber", "Amber: one reviewer looks"
    RED = "red", "Red: a reviewer answers first"


class ContentClass(models.TextChoices):
    """FINRA 2210(b)(1) holds static content for a principal; interactive posts are supervised after."""

    INTERACTIVE = "interactive", "Posts and replies"
    STATIC = "static", "Profile, banner, advert or video"

    @classmethod
    def strictest_of(cls, channels: Iterable["Channel"]) -> str:
        """A post for several channels is held to the strictest of them."""
        classes = {channel.content_class for channel in channels}
        return (cls.STATIC if cls.STATIC in classes else cls.INTERACTIVE).value


class Network(models.TextChoices):
    LINKEDIN = "linkedin", "LinkedIn"
    X = "x", "X"
    INSTAGRAM = "instagram", "Instagram"
    FACEBOOK = "facebook", "Facebook"
    TIKTOK = "tiktok", "TikTok"
    YOUTUBE = "youtube", "YouTube"
    BLUESKY = "bluesky", "Bluesky"
    MASTODON = "mastodon", "Mastodon"
    BLOG = "blog", "Blog or forum"


class Licence(models.TextChoices):
    """Whose a picture or video is; the values are those of checks.model.LICENCES."""

    OWN = "own", "Ours"
    LICENSED = "licensed", "Licensed to us"
    UNKNOWN = "unknown", "Not known yet"


class Minors(models.TextChoices):
    """Children in a picture or video; the values are those of checks.model.MINORS."""

    NONE = "none", "Nobody under 18"
    WITH_CONSENT = "with_consent", "Yes, and a parent agreed in writing"
    WITHOUT_CONSENT = "without_consent", "Yes, and nobody was asked"


class ChannelQuerySet(models.QuerySet):
    def in_use(self) -> "ChannelQuerySet":
        return self.filter(is_active=True)

    def reviewed_by(self, person: Person) -> "ChannelQuerySet":
        """Channels on which this person may decide; one answer for lists and buttons alike."""
        if not person.holds(Role.REVIEWER):
            return self.none()
        return get_objects_for_user(
            person,
            "review_channel",
            self,
            with_superuser=False,
            accept_global_perms=False,
        )


class Channel(models.Model):
    """The account a post goes out on: a person's own, or the company's."""

    name = models.CharField(max_length=80, unique=True)
    network = models.CharField(max_length=12, choices=Network)
    is_official = models.BooleanField(default=False)  # speaks in the company's name
    content_class = models.CharField(
        max_length=12, choices=ContentClass, default=ContentClass.INTERACTIVE
    )
    is_active = models.BooleanField(default=True)
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # has a post when the promised time is up

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [("review_channel", "Can decide on posts for this channel")]

    def __str__(self) -> str:
        return self.name

    def snapshot(self) -> dict[str, str]:
        """What a revision keeps of the channel."""
        return {"id": str(self.pk), "name": self.name, "network": self.network}


class ChannelGroupPermission(GroupObjectPermissionBase):
    """Direct foreign keys, so that a deleted channel's grants die with it (facts 2.5)."""

    content_object = models.ForeignKey(Channel, on_delete=models.CASCADE)


class ChannelPersonPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Channel, on_delete=models.CASCADE)


def reviewers_of(channels: Iterable[Channel]) -> models.QuerySet[Person]:
    """Active reviewers who are granted every one of these channels; the other side of `reviewed_by`."""
    people = Person.objects.holding(Role.REVIEWER)
    for channel in channels:
        grants = {"content_object": channel, "permission__codename": "review_channel"}
        people = people.filter(
            Q(groups__in=ChannelGroupPermission.objects.filter(**grants).values("group"))
            | Q(pk__in=ChannelPersonPermission.objects.filter(**grants).values("user"))
        )
    return people.distinct()


class StandingApprovalQuerySet(models.QuerySet):
    def in_force(self, at: dt.datetime | None = None) -> "StandingApprovalQuerySet":
        at = at or timezone.now()
        return self.filter(starts_at__lte=at, ends_at__gt=at, revoked_at=None)


class StandingApproval(models.Model):
    """A named officer's signed decision in advance, which lets a green lane clear."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="standing_approvals"
    )
    units = models.ManyToManyField(Unit, related_name="standing_approvals")
    channels = models.ManyToManyField(Channel, related_name="standing_approvals")
    statement = models.TextField()  # what the officer signed
    daily_cap = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    sampling_percent = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = StandingApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        permissions = [("give_standing_approval", "Can sign standing approvals")]

    def __str__(self) -> str:
        return f"Standing approval by {self.officer} until {self.ends_at:%Y-%m-%d}"


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "SubmissionQuerySet":
        """Own posts, posts that this person reviews or has reviewed; records officers see all."""
        if not person.is_active:
            return self.none()
        if person.has_perm("organization.read_records"):
            return self
        reviewed = Review.objects.filter(reviewer=person).values("revision__submission")
        return self.filter(
            Q(author=person)
            | Q(pk__in=self._co_authored_by(person))
            | Q(pk__in=self._reviewed_by(person))
            | Q(pk__in=reviewed)
        )

    def reviewable_by(self, person: Person) -> "SubmissionQuerySet":
        """What this person may stop now. Nobody decides on their own post, on their manager's, or on an appeal
        against themselves.
        """
        against = Review.objects.standing().filter(reviewer=person, verdict=Verdict.DECLINE)
        return (
            self._reviewed_by(person)
            .filter(state__in=states.WITH_REVIEWER)
            .exclude(revision__created_by=person)
            .exclude(author=person.manager_id)
            .exclude(state=states.State.IN_APPEAL, revision__in=against.values("revision"))
        )

    def asking(self, person: Person) -> "SubmissionQuerySet":
        """Where this person's agreement is asked for now, and would count."""
        agreed = Review.objects.agreements().filter(
            reviewer=person, revision=OuterRef("revision"), entry__gt=OuterRef("votes_after")
        )
        asked = Q(asks=DESK) | _by_skill(person)
        found = self.reviewable_by(person)
        if person.registration:
            found = found.annotate(registered=Value(person.registration.casefold()))
            asked |= Q(asks=REGISTRATION, registered__contains=F("asks_named"))
        return (
            found.filter(asked)
            .exclude(Exists(agreed.filter(stage=OuterRef("stage"))))
            .filter(Q(asks_again=True) | ~Exists(agreed))
        )

    def past_the_desk(self, person: Person) -> "SubmissionQuerySet":
        """Posts of others, for those who may break the glass."""
        may = person.is_active and person.has_perm("approvals.break_glass")
        return self.exclude(author=person) if may else self.none()

    def breakable_by(self, person: Person) -> "SubmissionQuerySet":
        """What this person could clear past its desk now."""
        return self.past_the_desk(person).filter(state=states.State.IN_REVIEW)

    def _reviewed_by(self, person: Person) -> "SubmissionQuerySet":
        """Posts of others for channels at whose desks this person sits, or that now ask for a skill of theirs."""
        granted = Channel.objects.reviewed_by(person)
        elsewhere = Channel.objects.exclude(pk__in=granted.values("pk"))
        through = self.model.channels.through.objects.filter(channel__in=elsewhere)
        on_desk = ~Q(pk__in=through.values("submission"))
        others = self.exclude(author=person).exclude(pk__in=self._co_authored_by(person))
        return others.filter(on_desk | _by_skill(person))

    def _co_authored_by(self, person: Person) -> models.QuerySet:
        co_authored = self.model.co_authors.through.objects.filter(person=person)
        return co_authored.values("submission")

    def told_as(self, state: str, at: dt.datetime | None = None) -> "SubmissionQuerySet":
        """Those of which the author knows this state; see `Submission.told_state`."""
        pending = Q(state__in=states.DECIDED, effective_at__gt=at or timezone.now())
        if state == states.State.IN_REVIEW:
            return self.filter(Q(state=state) | pending)
        return self.filter(state=state).exclude(pending)

    def undoable_by(self, person: Person, at: dt.datetime | None = None) -> "SubmissionQuerySet":
        """What this person decided a moment ago, while it has had no effect."""
        return self.filter(
            decided_by=person,
            effective_at__gt=at or timezone.now(),
            state__in=states.DECIDED,
        )


def _by_skill(person: Person) -> Q:
    """Posts that wait, and now ask for a skill of this reviewer's, or on which they decided when it did."""
    if not person.skills or not person.holds(Role.REVIEWER):
        return Q(pk=None)
    skills = [skill.casefold() for skill in person.skills]
    is_asked = Q(state__in=states.WITH_REVIEWER) | Q(decided_by=person)
    return Q(is_asked, asks=SKILL, asks_named__in=skills)


class Submission(Routed, states.Lifecycle):
    """A post put forward, with its whole history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions"
    )
    co_authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="co_authored"
    )  # none of them decides; people are added, never taken out
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    channels = models.ManyToManyField(Channel, related_name="submissions")
    revision = models.ForeignKey("Revision", on_delete=models.PROTECT, related_name="+")
    wording = models.ForeignKey(
        "Revision", on_delete=models.PROTECT, null=True, related_name="+"
    )  # a reviewer's wording that its author may take now
    lane = models.CharField(max_length=6, choices=Lane)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="owned"
    )  # the one accountable reviewer while in review
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    clearance = models.ForeignKey(
        "Clearance", on_delete=models.PROTECT, null=True, related_name="+"
    )  # of the current revision
    submitted_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(
        null=True
    )  # what the author was promised; begins anew with each stage
    rung = models.PositiveSmallIntegerField(default=0)  # of approvals.ladder, while in review
    next_rung_at = models.DateTimeField(null=True)  # when the clock next looks for another owner
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    effective_at = models.DateTimeField(null=True)  # until then the verdict may be undone
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # who said that they are looking at it, until a time
    claimed_until = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    published_url = models.URLField(max_length=500, blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["cleared", "published", "recalled"])
                | Q(clearance__isnull=False),
                name="cleared_has_a_clearance",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_review", "in_appeal"]) | Q(due_at__isnull=False),
                name="in_review_has_a_due_time",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", wording__isnull=False)
                | (~Q(state="offered") & Q(wording__isnull=True)),
                name="offered_has_a_wording",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["in_review", "in_appeal"]), name="queue"
            ),
            models.Index(
                fields=["next_rung_at"],
                condition=Q(state__in=["in_review", "in_appeal"]),
                name="next_rungs",
            ),
            models.Index(fields=["author", "-submitted_at"]),
            models.Index(
                fields=["decided_by", "effective_at"],
                condition=Q(effective_at__isnull=False),
                name="decided_a_moment_ago",
            ),
        ]
        permissions = [
            ("decide", "Can be a reviewer"),
            ("break_glass", "Can clear a post past its desk"),
            ("recall", "Can recall clearances"),
            ("draft_routes", "Can draft rules of routes"),
            ("issue_routes", "Can issue rules of routes that others drafted"),
            ("manage_channels", "Can manage channels and who reviews them"),
        ]

    def __str__(self) -> str:
        return f"Post by {self.author_id}, {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in {*states.WITH_REVIEWER, states.State.RETURNED}

    @property
    def is_overdue(self) -> bool:
        return self.state in states.WITH_REVIEWER and self.due_at <= timezone.now()

    @property
    def promised_lane(self) -> str:
        """By whose promise it waits: an appeal by that of amber, whatever its lane."""
        return Lane.AMBER.value if self.is_in_appeal else self.lane

    def is_pending(self, at: dt.datetime | None = None) -> bool:
        """Decided, without effect so far: until then its reviewer may undo it, and its author is told nothing."""
        return (
            self.state in states.DECIDED
            and self.effective_at is not None
            and (at or timezone.now()) < self.effective_at
        )

    @property
    def told_state(self) -> str:
        """The state as its author knows it. All of an author's pages, lists and answers ask here."""
        return states.State.IN_REVIEW.value if self.is_pending() else self.state

    @property
    def told_state_label(self) -> str:
        return states.State(self.told_state).label

    def claimant(self, at: dt.datetime | None = None) -> Person | None:
        """Who is looking at it now; a claim that has run out counts for nothing."""
        is_open = self.claimed_until is not None and (at or timezone.now()) < self.claimed_until
        return self.claimed_by if is_open else None

    def has_co_author(self, person: Person) -> bool:
        return not self._state.adding and self.co_authors.filter(pk=person.pk).exists()

    @property
    def is_in_appeal(self) -> bool:
        return self.state == states.State.IN_APPEAL

    def was_declined_by(self, person: Person) -> bool:
        declined = Review.objects.declining(self)
        return declined.filter(reviewer=person).exists()

    def is_reviewable_by(self, person: Person) -> bool:
        """Every channel of the post is one this person reviews, or a skill of theirs is, or was, asked for."""
        granted = Channel.objects.reviewed_by(person)
        if not self.channels.exclude(pk__in=granted.values("pk")).exists():
            return True
        return type(self).objects.filter(_by_skill(person), pk=self.pk).exists()

    def is_asking(self, person: Person) -> bool:
        """One answer for lists and buttons alike."""
        return type(self).objects.asking(person).filter(pk=self.pk).exists()


class Revision(models.Model):
    """One exact state of a submission's post. Rows are written once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    media = models.JSONField(default=list)  # list of a Medium's fields
    channels = models.JSONField()  # list of Channel.snapshot()
    window_from = models.DateTimeField(null=True)
    window_until = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)  # the author's word to the reviewer
    digest = models.CharField(
        max_length=64
    )  # of all that a decision binds to; see revisions.digest
    exact_digest = models.CharField(max_length=64)
    folded_digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    based_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+"
    )  # of a reviewer's wording: the revision that it changes
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="one_revision_per_number")
        ]
        indexes = [
            models.Index(fields=["exact_digest"], name="cleared_before"),
            models.Index(fields=["folded_digest"], name="the_same_folded"),
        ]

    def __str__(self) -> str:
        return f"Revision {self.number} of {self.submission_id}"

    @property
    def declared(self) -> tuple[Medium, ...]:
        """Its pictures and video, as the checks read them."""
        return tuple(Medium(**one) for one in self.media)

    @property
    def networks(self) -> list[str]:
        """Where it goes out, each network once for each of its channels."""
        return [channel["network"] for channel in self.channels]

    @property
    def media_in_words(self) -> list[dict[str, str | int]]:
        """The same as pages and records show them."""
        return [
            {
                "alt_text": one.alt_text,
                "licence": Licence(one.licence).label,
                "minors": Minors(one.minors).label,
                "file": one.file,
                "media_type": one.media_type,
                "size": one.size,
                "width": one.width,
                "height": one.height,
                "duration_ms": one.duration_ms,
                "pages": one.pages,
            }
            for one in self.declared
        ]


class LaneTable(models.Model):
    """The rules of lanes as they once were, kept once, so that what they gave can be replayed. Written once."""

    digest = models.CharField(primary_key=True, max_length=64)  # of the table's canonical JSON
    table = models.JSONField()  # lanes.TABLE of that time
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["kept_at"]

    def __str__(self) -> str:
        return f"Rules of lanes {self.digest[:8]}"


class Screening(models.Model):
    """What the checks of one edition noticed in one revision, and the lane that follows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="screenings")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    findings = models.JSONField(default=list)  # as dicts of checks.Finding, with provision number
    protected = models.JSONField(default=list)  # spans [start, end) of protected passages
    lane = models.CharField(max_length=6, choices=Lane)
    evaluation = models.JSONField(default=dict)  # lanes.Evaluation.as_data(): replays to the lane
    screened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["screened_at"]

    def __str__(self) -> str:
        return f"Screening of {self.revision_id}: {self.lane}"


class Verdict(models.TextChoices):
    CLEAR = "clear", "Clear"
    AGREE = "agree", "Agreed"  # what clearing comes to, where the route needs others, too
    SEND_BACK = "send_back", "Ask for changes"
    DECLINE = "decline", "Decline"
    OFFER = "offer", "Clear with this wording"


class ReviewQuerySet(models.QuerySet):
    def standing(self) -> "ReviewQuerySet":
        """All that was not undone."""
        return self.filter(undoing=None)

    def in_effect(self, at: dt.datetime | None = None) -> "ReviewQuerySet":
        """All that its author has been told of, or could have been."""
        now = at or timezone.now()
        return self.standing().filter(Q(effective_at=None) | Q(effective_at__lte=now))

    def declining(self, submission: "Submission") -> "ReviewQuerySet":
        """The refusals of the revision that stands."""
        return self.standing().filter(revision=submission.revision_id, verdict=Verdict.DECLINE)

    def agreements(self) -> "ReviewQuerySet":
        """Offers whose wording was taken, too, but for those whose reviewers became co-authors by that.

        Whoever broke the glass went past the route, and agreed in none of its stages.
        """
        co_author = Q(revision__submission__co_authors=F("reviewer"))
        agreeing = [Verdict.AGREE, Verdict.CLEAR, Verdict.OFFER]
        return self.filter(verdict__in=agreeing, undoing=None, is_break_glass=False).exclude(
            Q(verdict=Verdict.OFFER) & co_author
        )

    def counting_for(self, submission: "Submission") -> "ReviewQuerySet":
        """Agreements to the revision that stands, which no clearance has used up."""
        return self.agreements().filter(
            revision=submission.revision_id, entry__gt=submission.votes_after
        )


class Review(models.Model):
    """One reviewer's decision on one revision. Rows are written once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews"
    )
    verdict = models.CharField(max_length=10, choices=Verdict)
    stage = models.PositiveSmallIntegerField(default=0)  # of the submission's route
    reason = models.TextField(blank=True)
    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, related_name="reviews"
    )
    role = models.CharField(max_length=120)  # as it was at that moment
    authority = models.CharField(max_length=200)
    registration = models.CharField(max_length=60, blank=True)  # the reviewer's at that moment
    is_break_glass = models.BooleanField(default=False)  # past the desk; see break_glass
    decided_at = models.DateTimeField(default=timezone.now)
    effective_at = models.DateTimeField(null=True)  # the end of the time in which it may be undone
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict="decline") | Q(provision__isnull=False),
                name="declined_with_a_provision",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.reviewer_id}"


ENDS_SOON = dt.timedelta(days=3)


class Clearance(models.Model):
    """The company's yes to one exact revision, with terms and an end; one at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=32, unique=True)  # 128 random bits, hex; public
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="clearances")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, null=True)
    standing_approval = models.ForeignKey(
        StandingApproval, on_delete=models.PROTECT, null=True, related_name="clearances"
    )
    rests_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="copies"
    )  # a reviewer's clearance of exactly this, without which it would not be green
    shelf_item = models.ForeignKey(
        ShelfItem, on_delete=models.PROTECT, null=True, related_name="uses"
    )  # that it was shared from
    is_sampled = models.BooleanField(default=False)  # a reviewer looks at it afterwards
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # earlier end: the post changed or was withdrawn
    recalled_at = models.DateTimeField(null=True)
    recall_reason = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(null=True)  # its author was asked whether the post is out
    warned_at = models.DateTimeField(null=True)  # its author was told that it ends soon
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(review__isnull=False, standing_approval__isnull=True)
                | Q(review__isnull=True, standing_approval__isnull=False),
                name="cleared_by_a_review_or_a_standing_approval",
            ),
            models.UniqueConstraint(
                fields=["revision"],
                condition=Q(ended_at=None, recalled_at=None),
                name="one_clearance_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def never_began(self) -> bool:
        """It ended before its start: undone, or its post changed before the verdict took effect."""
        return self.ended_at is not None and self.ended_at <= self.starts_at

    def standing(self, at: dt.datetime | None = None) -> str:
        """All that a stranger is told about a number: whether the company's word stands, and until when."""
        at = at or timezone.now()
        ends_at = self.ended_at or self.ends_at
        if self.recalled_at:
            return f"Recalled from {self.recalled_at:%Y-%m-%d}, posts published before stay backed"
        if ends_at <= at:
            return f"Ended on {ends_at:%Y-%m-%d}"
        return f"Valid until {ends_at:%Y-%m-%d}"

    @property
    def came_late(self) -> bool:
        """Cleared when the time that the author wanted was over, or too nearly so to post in it."""
        wanted = self.revision
        return (
            wanted.window_until is not None
            and self.ends_at - self.starts_at < TIME_TO_POST
            and (wanted.window_from is None or wanted.window_from < self.starts_at)
        )

    def is_valid(self, at: dt.datetime | None = None) -> bool:
        at = at or timezone.now()
        return self.recalled_at is None and self.starts_at <= at < (self.ended_at or self.ends_at)

    def warn_at(self) -> dt.datetime:
        """When its author is told that it ends: three days before, or when three quarters of a short one are over."""
        return self.ends_at - min(ENDS_SOON, (self.ends_at - self.starts_at) / 4)

    def over_at(self) -> dt.datetime:
        """When the company's word ends, or ended."""
        ends = (self.ends_at, self.ended_at, self.recalled_at)
        return min(end for end in ends if end)


class BackingRecord(KeptDocument):
    """The evidence given to the employee that the company stands behind the post."""

    clearance = models.OneToOneField(
        Clearance, on_delete=models.PROTECT, related_name="backing_record"
    )

    class Meta:
        ordering = ["-issued_at"]

    def __str__(self) -> str:
        return f"Backing record {self.clearance.number}"
