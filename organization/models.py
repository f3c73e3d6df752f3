"""The company, its units and its people."""

import uuid
import zoneinfo
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from .away import Delegation
from .closures import Closure
from .roles import Role
from .watched import QuietPeriod, WatchedName

__all__ = [
    "Attempt",
    "Closure",
    "Company",
    "Delegation",
    "Lease",
    "Notice",
    "Person",
    "QuietPeriod",
    "Unit",
    "WatchedName",
    "check_time_zone",
]


def check_time_zone(name: str) -> None:
    """Refuse a zone that this machine's time zone data does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is not a time zone. Choose one such as Europe/London.")


class Company(models.Model):
    """The one company of this installation: its name, its brands, its rivals and its web hosts."""

    name = models.CharField(max_length=120)
    brands = models.JSONField(default=list, blank=True)  # list of names and products, str
    rivals = models.JSONField(default=list, blank=True)  # list of names, str
    hosts = models.JSONField(default=list, blank=True)  # list of our web hosts, str
    lists_stamp = models.UUIDField(default=uuid.uuid4)  # anew with each change of what we watch for
    set_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "companies"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_company")]

    def __str__(self) -> str:
        return self.name

    @property
    def names(self) -> tuple[str, ...]:
        """What a post may call us: the company's own name first."""
        return (self.name, *self.brands)

    @classmethod
    def current(cls) -> "Company":
        """The company, or an unsaved one without a name before it is set up."""
        return cls.objects.filter(pk=1).first() or cls(pk=1, name="")


class Unit(models.Model):
    """A business unit. Its profile says which lane rules and duties hold for its people."""

    class Profile(models.TextChoices):
        GENERAL = "general", "General employer"
        BROKER_DEALER = "broker-dealer", "Broker-dealer (FINRA)"
        HOSPITAL = "hospital", "Hospital (HIPAA)"

    name = models.CharField(max_length=120, unique=True)
    profile = models.CharField(max_length=20, choices=Profile, default=Profile.GENERAL)
    country = models.CharField(max_length=2, default="us")  # ISO 3166 code, lower case
    subdivision = models.CharField(max_length=40, blank=True)  # as `holidays` calls it, such as BY
    week = models.JSONField(default=list, blank=True)  # calendars.as_data; empty: the usual week
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class PersonQuerySet(models.QuerySet):
    def active(self) -> "PersonQuerySet":
        return self.filter(is_active=True)

    def holding(self, role: Role) -> "PersonQuerySet":
        return self.active().filter(groups__name=role.value)

    def team_of(self, manager: "Person") -> "PersonQuerySet":
        return self.active().filter(manager=manager)


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):
    def create_user(self, email: str, name: str, unit: Unit, password: str | None = None, **extra):
        """Add a person; without a password nobody can sign in as them until they choose one."""
        person = self.model(email=email.strip().lower(), name=name, unit=unit, **extra)
        person.set_password(password)
        person.full_clean(exclude=["password"])
        person.save(force_insert=True)
        return person

    def get_by_natural_key(self, email: str) -> "Person":
        return self.get(email__iexact=email.strip())


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who reads, acknowledges, posts, reviews or drafts."""

    class Relation(models.TextChoices):
        EMPLOYEE = "employee", "Employee"
        PARTNER = "partner", "Partner or agency"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="people")
    manager = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="team"
    )
    relation = models.CharField(max_length=10, choices=Relation, default=Relation.EMPLOYEE)
    registration = models.CharField(max_length=60, blank=True)  # e.g. "FINRA principal, CRD 000000"
    skills = models.JSONField(default=list, blank=True)  # list of str, e.g. "legal"; for routes
    trained_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    # Preferences
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=64, blank=True, validators=[check_time_zone])
    mail_notices = models.BooleanField(default=True)
    # Consent to electronic form, given once (ESIGN 15 U.S.C. 7001(c)); its words stand in
    # `organization.consent`.
    consented_at = models.DateTimeField(null=True, blank=True)

    # By what a person acts when not by their own hand, such as "API token Newsroom"; never stored here.
    through = ""

    objects = PersonManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name_plural = "people"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email")]
        permissions = [
            ("see_team", "Can see who in their team is due"),
            ("read_records", "Can read and export the records"),
            ("administer", "Can administer people, units and the company"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The person's time zone, or their unit's."""
        return zoneinfo.ZoneInfo(self.time_zone or self.unit.time_zone)

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    def ledger_identity(self) -> dict[str, str]:
        """Who acted, as an entry of the ledger names them: an id, never a name; and by what, if not by hand."""
        identity = {"kind": "person", "id": str(self.pk)}
        return identity | {"through": self.through} if self.through else identity

    def holds(self, role: Role) -> bool:
        return self.is_active and self.groups.filter(name=role.value).exists()

    def give(self, *roles: Role) -> None:
        """Add roles; they exist since the migration that made the groups."""
        self.groups.add(*Group.objects.filter(name__in=[role.value for role in roles]))


class NoticeQuerySet(models.QuerySet):
    def unsent(self) -> "NoticeQuerySet":
        """Those that a mail should still carry; the oldest first."""
        return self.filter(sent_at=None, try_after__isnull=False).order_by("created_at")

    def told(self, at: datetime | None = None) -> "NoticeQuerySet":
        """Those whose time has come."""
        return self.filter(tell_at__lte=at or timezone.now())


class Notice(models.Model):
    """Something that a person must be told: written with the change, sent after it, never twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    key = models.CharField(max_length=160)  # what it is about, e.g. "sent_back:<entry index>"
    event = models.CharField(max_length=60)  # the name of its templates in templates/emails/
    context = models.JSONField(default=dict)  # plain values for the templates
    path = models.CharField(max_length=200, blank=True)  # where to go, relative to our address
    created_at = models.DateTimeField(default=timezone.now)
    tell_at = models.DateTimeField(default=timezone.now)  # not told earlier, by mail or here
    sent_at = models.DateTimeField(null=True)
    # When a sender may take it up; also the claim of whoever sends it now. Null: no mail goes out.
    try_after = models.DateTimeField(null=True, default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="one_notice_per_matter")
        ]
        indexes = [
            models.Index(
                fields=["try_after"],
                condition=Q(sent_at=None, try_after__isnull=False),
                name="notices_to_send",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} for {self.person_id}"


class Attempt(models.Model):
    """Something that may be tried only so often, such as a password; forgotten after a while."""

    key = models.CharField(
        max_length=40
    )  # a keyed digest of what is counted: organization.patience
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="attempts_by_key")]

    def __str__(self) -> str:
        return f"{self.key[:8]} at {self.at}"


class Lease(models.Model):
    """Who does what only one process may do, and until when; the dead lose it by time alone."""

    name = models.CharField(primary_key=True, max_length=60)
    holder = models.CharField(max_length=100)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"

    @classmethod
    def take(cls, name: str, holder: str, seconds: int, at: datetime | None = None) -> bool:
        """Take it or keep it; False while somebody else holds it."""
        at = at or timezone.now()
        until = at + timedelta(seconds=seconds)
        cls.objects.get_or_create(name=name, defaults={"holder": holder, "until": until})
        free = cls.objects.filter(Q(holder=holder) | Q(until__lte=at), name=name)
        return bool(free.update(holder=holder, until=until))

    @classmethod
    def give_back(cls, name: str, holder: str) -> None:
        cls.objects.filter(name=name, holder=holder).delete()
