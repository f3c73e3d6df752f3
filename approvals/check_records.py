"""What became of what each check noticed: hits, upheld, overruled, missed. Counted in the database."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from clause_library.models import ClauseVersion
from organization.models import Person
from policy_builder.models import Edition, Provision

from .beside import texts_of
from .models import FindingVerdict, Hit, Miss, Settlement, Submission
from .settling import passage
from .states import SettlementState

ENOUGH_VERDICTS = 3  # fewer say nothing about a check
PRECISION_BAR = 0.75  # below it a check is to be mended
RETIRE_BELOW = 0.25  # below it, and with nothing missed, it is to be retired
MONTHS = 12
LAST, MOST_SETTLED = 10, 100  # verdicts and settlements shown on a check's page

NOT_JUDGED = (
    Q(verdict=None)
    & ~Q(severity="advice")
    & (Q(settlement=None) | Q(settlement__state=SettlementState.LIFTED))
)


@dataclass(frozen=True)
class Counts:
    """Of one check, over some time."""

    hits: int = 0
    upheld: int = 0
    overruled: int = 0
    missed: int = 0
    not_judged: int = 0
    held: int = 0  # posts held by a finding that was overruled

    @property
    def judged(self) -> int:
        return self.upheld + self.overruled

    @property
    def precision(self) -> float | None:
        """The share of judged findings that were right; None where none is judged."""
        return self.upheld / self.judged if self.judged else None

    @property
    def percent(self) -> str:
        """The same in words; empty where none is judged."""
        return "" if self.precision is None else f"{self.precision:.0%}"


@dataclass(frozen=True)
class Record:
    """A check, as a policy in force has it or had it, with its counts."""

    clause: str
    check: str
    message: str  # empty where no policy in force has it
    severity: str
    counts: Counts

    @property
    def in_force(self) -> bool:
        return bool(self.message)


@dataclass(frozen=True)
class ToMend:
    """A check that held back good posts in a month, or missed something."""

    clause: str
    check: str
    counts: Counts

    @property
    def advice(self) -> str:
        precision = self.counts.precision
        few = precision is not None and self.counts.judged >= ENOUGH_VERDICTS
        if few and precision < RETIRE_BELOW and not self.counts.missed:
            return "retire"
        return "mend"


Key = tuple[str, str]


def all_records() -> list[Record]:
    """Every check of the editions in force, and every one that ever noticed or missed something."""
    counts = _by_check(
        (
            Hit.objects.values_list("clause_name", "check_name").annotate(
                hits=Count("pk"),
                upheld=Count("pk", filter=Q(verdict__outcome="upheld")),
                overruled=Count("pk", filter=Q(verdict__outcome="overruled")),
                not_judged=Count("pk", filter=NOT_JUDGED),
            ),
            ("hits", "upheld", "overruled", "not_judged"),
        ),
        (_misses(Miss.objects.all()), ("missed",)),
    )
    known = _in_force()
    records = [
        Record(*key, *known.get(key, ("", "")), counts.get(key, Counts()))
        for key in {**known, **counts}
        if key[1]
    ]
    return sorted(records, key=lambda one: (-one.counts.hits, one.clause, one.check))


def _in_force() -> dict[Key, tuple[str, str]]:
    provisions = Provision.objects.filter(edition__in=Edition.objects.in_force().values("pk"))
    return {
        (row.anchor, check["name"]): (check["message"], check["severity"])
        for row in provisions.select_related("clause_version")
        for check in row.clause_version.checks
    }


def _misses(misses):
    return misses.values_list("clause_name", "check_name").annotate(missed=Count("pk"))


def _by_check(*counted) -> dict[Key, Counts]:
    """Rows that begin with clause and check, and then hold numbers of the names given."""
    found: dict[Key, dict[str, int]] = defaultdict(dict)
    for rows, names in counted:
        for clause, check, *numbers in rows.order_by():
            found[clause, check] |= dict(zip(names, numbers, strict=True))
    return {key: Counts(**numbers) for key, numbers in found.items()}


def to_mend(month: dt.date) -> list[ToMend]:
    """The checks to retire or mend, by what was said in a month: first those that held back most good posts."""
    verdicts = FindingVerdict.objects.filter(judged_at__range=_span(month))
    counts = _by_check(
        (
            verdicts.values_list("hit__clause_name", "hit__check_name").annotate(
                upheld=Count("pk", filter=Q(outcome="upheld")),
                overruled=Count("pk", filter=Q(outcome="overruled")),
                held=Count(
                    "hit__revision__submission", distinct=True, filter=Q(outcome="overruled")
                ),
            ),
            ("upheld", "overruled", "held"),
        ),
        (_misses(Miss.objects.filter(noticed_at__range=_span(month))), ("missed",)),
    )
    listed = [ToMend(*key, one) for key, one in counts.items() if one.missed or _is_low(one)]
    return sorted(
        listed, key=lambda one: (-one.counts.held, -one.counts.missed, one.clause, one.check)
    )


def _is_low(counts: Counts) -> bool:
    return (
        counts.precision is not None
        and counts.judged >= ENOUGH_VERDICTS
        and counts.precision < PRECISION_BAR
    )


def _span(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The month's first moment and its last one, on the reader's clock."""
    first, after = (_midnight(day) for day in (month, next_month(month)))
    return first, after - dt.timedelta(microseconds=1)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def next_month(month: dt.date) -> dt.date:
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def last_months(today: dt.date) -> list[dt.date]:
    """The first days of the last twelve months, this one included."""
    first = today.replace(day=1)
    months = [first]
    while len(months) < MONTHS:
        first = (first - dt.timedelta(days=1)).replace(day=1)
        months.append(first)
    return months[::-1]


def by_month(clause: str, check: str, today: dt.date) -> list[tuple[dt.date, Counts]]:
    """The last twelve months of one check: findings by when they were found, words by when they were said."""
    months = last_months(today)
    since = _midnight(months[0])
    found: dict[dt.date, dict[str, int]] = {month: {} for month in months}
    of_check = {"clause_name": clause, "check_name": check}
    for rows, when, names in [
        (Hit.objects.filter(**of_check), "found_at", {"hits": Q()}),
        (
            FindingVerdict.objects.filter(**{f"hit__{key}": of_check[key] for key in of_check}),
            "judged_at",
            {"upheld": Q(outcome="upheld"), "overruled": Q(outcome="overruled")},
        ),
        (Miss.objects.filter(**of_check), "noticed_at", {"missed": Q()}),
    ]:
        for row in _monthly(rows.filter(**{f"{when}__gte": since}), when, names):
            month = row.pop("month").date()
            found.setdefault(month, {}).update(row)
    return [(month, Counts(**found[month])) for month in months]


def _monthly(rows, when: str, names: dict[str, Q]) -> Iterable[dict]:
    counted = {name: Count("pk", filter=only) for name, only in names.items()}
    return (
        rows.annotate(month=TruncMonth(when)).values("month").annotate(**counted).order_by("month")
    )


def counts_of(clause: str, check: str) -> Counts:
    """Everything that was ever said of one check; two queries."""
    hits = Hit.objects.filter(clause_name=clause, check_name=check).aggregate(
        hits=Count("pk"),
        upheld=Count("pk", filter=Q(verdict__outcome="upheld")),
        overruled=Count("pk", filter=Q(verdict__outcome="overruled")),
        not_judged=Count("pk", filter=NOT_JUDGED),
    )
    missed = Miss.objects.filter(clause_name=clause, check_name=check).count()
    return Counts(**hits, missed=missed)


def latest_version(clause: str) -> ClauseVersion | None:
    """The newest version of a clause that policies may use; the one being written where there is none."""
    versions = ClauseVersion.objects.filter(clause__name=clause).select_related("clause")
    return versions.approved().order_by("-number").first() or versions.order_by("-number").first()


@dataclass(frozen=True)
class Quoted:
    """A verdict, a miss or a settlement, with its words where this person may see the post."""

    row: FindingVerdict | Miss | Settlement
    quote: str
    submission: Submission | None


def last_verdicts(clause: str, check: str, person: Person) -> list[Quoted]:
    verdicts = FindingVerdict.objects.filter(hit__clause_name=clause, hit__check_name=check)
    rows = verdicts.select_related("hit__revision__submission", "reviewer").order_by("-judged_at")
    return _quoted([(row, row.hit) for row in rows[:LAST]], person)


def last_misses(clause: str, check: str, person: Person) -> list[Quoted]:
    misses = Miss.objects.filter(clause_name=clause, check_name=check)
    rows = misses.select_related("revision__submission", "reviewer").order_by("-noticed_at")
    return _quoted([(row, row) for row in rows[:LAST]], person)


def standing_settlements(clause: str, check: str, person: Person) -> list[Quoted]:
    rows = (
        Settlement.objects.standing()
        .filter(clause_name=clause, check_name=check)
        .select_related("verdict__hit__revision__submission", "settled_by", "unit")
    )
    return _quoted([(row, row.verdict.hit) for row in rows[:MOST_SETTLED]], person, passage)


def _found_words(text: str, start: int, end: int) -> str:
    return text[start:end]


def _text_of(place: Hit | Miss) -> str:
    """The text that it stands in: the post's own, or an alt text of it."""
    revision = place.revision
    return texts_of(revision.text, revision.declared)[getattr(place, "where", "")]


def _quoted(rows: list, person: Person, words: Callable = _found_words) -> list[Quoted]:
    """One query for what this person may see; the words of all other posts stay where they are."""
    wanted = [place.revision.submission_id for _, place in rows]
    seen = set(
        Submission.objects.visible_to(person).filter(pk__in=wanted).values_list("pk", flat=True)
    )
    return [
        Quoted(row, words(_text_of(place), place.start, place.end), place.revision.submission)
        if place.revision.submission_id in seen
        else Quoted(row, "", None)
        for row, place in rows
    ]
