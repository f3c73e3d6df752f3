"""Compiles the checks of clauses into one screener, and screens posts with it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cache
from itertools import accumulate
from operator import itemgetter
from pathlib import Path
from typing import Any

import yaml

from .kinds import KINDS
from .kinds.base import CheckData, Kind
from .model import (
    CATEGORIES,
    LONGEST_TEXT,
    SEVERITIES,
    CheckedClause,
    CheckError,
    Finding,
    Post,
    Screening,
    TextTooLongError,
)
from .patterns import Matcher
from .protected import Protected
from .reading import Excuse, Noticed, Reading
from .view import View, names_of

Spans = Iterable[tuple[int, int]]
_MASK = re.compile(r"\[[a-z ]{0,40}removed\]")  # what a check's fix has put there has been judged
_SURELY_PROTECTED = 0.5  # as likely as not; harmless posts were seen up to 0.44
_A_FEW_WORDS = 6
_NEEDED = frozenset({"name", "kind", "category", "severity", "message"})
_KNOWN = _NEEDED | {"params", "examples", "channels", "jurisdictions"}
_WORDS = Path(__file__).with_name("words.yaml")
MOST_TRIED = 25  # fixes of one post that are tried one by one; each trial is a screening
MOST_READ = 50_000  # characters that all trials of a post may read together


@cache
def shared_words() -> dict[str, Any]:
    """The word families, excuses and protected subjects that all checks share."""
    return yaml.safe_load(_WORDS.read_text("utf-8"))


class Screener:
    """The checks of one edition, compiled once. Immutable; threads may share it."""

    def __init__(self, clauses: Iterable[CheckedClause], jurisdiction: str | None = None) -> None:
        shared = shared_words()
        self._matcher = Matcher()
        words = shared["words"]
        excuses = {
            name: Excuse(one, self._matcher, words) for name, one in shared["excuses"].items()
        }
        self._protected = Protected(shared["protected"], self._matcher, words)
        self._kinds = tuple(
            _compiled(clause, check, self._matcher, words, excuses)
            for clause in clauses
            for check in clause.checks
            if holds_in(jurisdiction, check)
        )
        _refuse_twins(self._kinds)
        self.never_stored = frozenset(
            kind.data.name for kind in self._kinds if kind.never_stored
        )  # checks whose findings that block must be gone before a post is stored
        self._adding = [kind for kind in self._kinds if kind.only_adds]
        self._always = [
            number
            for number, kind in enumerate(self._kinds)
            if kind.triggers is None and not kind.only_adds
        ]
        self._by_trigger: dict[int, list[int]] = {}
        for number, kind in enumerate(self._kinds):
            for trigger in kind.triggers or ():
                self._by_trigger.setdefault(trigger, []).append(number)
        self._triggers = frozenset(self._by_trigger)
        self._matcher.freeze()

    def only(self, clause: str) -> "Screener":
        """The same matcher, asked for one clause's checks alone, as if no other clause had any."""
        alone = copy(self)
        by_trigger = {one: self._of(clause, found) for one, found in self._by_trigger.items()}
        vars(alone).update(
            _always=self._of(clause, self._always),
            _adding=[kind for kind in self._adding if kind.data.clause == clause],
            _by_trigger=by_trigger,
        )
        return alone

    def _of(self, clause: str, numbers: Iterable[int]) -> list[int]:
        return [number for number in numbers if self._kinds[number].data.clause == clause]

    def screen(self, post: Post) -> Screening:
        """What the checks notice in a post. Raises TextTooLongError above 100,000 characters."""
        return self.screen_everywhere(post, [post.channel])

    def screen_everywhere(self, post: Post, channels: Iterable[str]) -> Screening:
        """What is noticed on any of the networks that it is for, each thing once; read once for all. See `screen`."""
        if len(post.text) > LONGEST_TEXT:
            raise TextTooLongError(
                f"The text has {len(post.text)} characters; at most {LONGEST_TEXT} can be screened. Shorten it."
            )
        first, *others = list(dict.fromkeys(channels)) or [post.channel]
        reading = self._read(post if post.channel == first else replace(post, channel=first))
        seen = [self._proven(reading)]
        for network in others:
            reading = reading.on(network)
            seen.append(self._proven(reading))
        if len(seen) == 1:
            return seen[0]
        findings = {
            (one.check, one.start, one.end): one for each in reversed(seen) for one in each.findings
        }
        ours = [each for each in seen if not each.not_ours]
        return Screening(_in_order(findings.values()), (ours or seen)[0].protected, not ours)

    def _read(self, post: Post) -> Reading:
        view = View(
            post.text, names_of(tuple(post.company), tuple(post.rivals)), self._matcher.vocabulary
        )
        return Reading(post, view, self._matcher.read(view))

    def _screen(self, reading: Reading) -> Screening:
        noticed = [
            (kind, one)
            for kind in self._worth_a_look(reading)
            if kind.applies(reading.post)
            for one in _looked(kind, reading)
        ]
        protected = self._protected_spans(reading, noticed)
        findings = [
            _finding(kind, one)
            for kind, one in noticed
            if kind.pierces or not _within(one, protected)
        ]
        self._add(reading, protected, findings)
        held = [finding for finding in findings if finding.severity != "advice"]
        if held and _is_all_untold(held) and self._says_nothing_else(reading, protected):
            findings = [finding for finding in findings if finding.severity == "advice"]
            held = []
        if not (held or protected):
            protected = self._protected_as_a_whole(reading)
        return Screening(_in_order(findings), protected, bool(protected) and not held)

    def _says_nothing_else(self, reading: Reading, protected: Spans) -> bool:
        """Whether a post is plainly about work, and has no more than a few words beside its protected passages."""
        if not protected or not self._protected.is_plain(reading):
            return False
        covered = Covered([*protected, *_leftovers(reading, protected)])
        return all(covered.touches(*span) for span in reading.sense.typed)

    def _protected_as_a_whole(self, reading: Reading) -> tuple[tuple[int, int], ...]:
        """A post in which nothing was found, and which reads like protected speech: it needs no clearance."""
        sense = reading.sense if self._adding else None
        if sense and sense.judge(tuple(range(len(sense.parts))))[1] >= _SURELY_PROTECTED:
            return (reading.view.as_typed(0, len(reading.view.words)),)
        return ()

    def _add(self, reading: Reading, protected: Spans, findings: list[Finding]) -> None:
        """Have the checks that only add look at the rest; of one category, each at what those before it left."""
        if not self._adding:
            return
        masked = [match.span() for match in _MASK.finditer(reading.post.text)]
        closed = Covered([*protected, *_leftovers(reading, protected), *masked])
        typed = reading.sense.typed
        rest = tuple(number for number, span in enumerate(typed) if not closed.touches(*span))
        for kind in self._adding:
            if kind.applies(reading.post):
                told = [
                    (one.start, one.end)
                    for one in findings
                    if one.category == kind.data.category and one.severity != "advice"
                ]
                reading.open_parts = _untouched(rest, told, typed) if told else rest
                findings += [_finding(kind, one) for one in kind.look(reading)]

    def _worth_a_look(self, reading: Reading) -> Iterator[Kind]:
        """The checks that may notice something, in their order; all others have no pattern that occurs."""
        numbers = set(self._always)
        for trigger in reading.matches.among(self._triggers):
            numbers.update(self._by_trigger[trigger])
        return (self._kinds[number] for number in sorted(numbers))

    def _protected_spans(
        self, reading: Reading, noticed: list[tuple[Kind, Noticed]]
    ) -> tuple[tuple[int, int], ...]:
        """Protected sentences as typed, neighbours joined; a threat or a secret in one ends its protection."""
        firm, likely = self._protected.sentences(reading)
        view = reading.view
        held = [(kind, one) for kind, one in noticed if kind.data.severity != "advice"]
        pierced = Inside((one.start, one.end) for kind, one in held if kind.pierces)
        found = Inside((one.start, one.end) for _, one in held)
        spans: list[tuple[int, int]] = []
        for number in sorted(firm | likely):
            start, end = view.as_typed(*view.sentence_span(number))
            if pierced.any_in(start, end) or (number in likely and found.any_in(start, end)):
                continue
            if spans and not view.text[spans[-1][1] : start].strip():
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return tuple(spans)

    def _proven(self, reading: Reading) -> Screening:
        """Keep only fixes which remove their findings and create none; where all together do, all are kept."""
        screening = self._screen(reading)
        if all(finding.fix is None for finding in screening.findings):
            return screening
        return replace(screening, findings=self._helpful(reading.post, screening.findings))

    def _helpful(self, post: Post, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        before = _known(findings)
        fixed = [one for one in findings if one.fix is not None]
        if self._leaves(post, fixed, before):
            return findings
        helping = (
            [one for one in fixed[: _trials(post)] if self._leaves(post, [one], before)]
            if len(fixed) > 1
            else []
        )
        if not (len(helping) < len(fixed) and helping and self._leaves(post, helping, before)):
            helping = helping[:1]
        return tuple(
            one if one.fix is None or one in helping else replace(one, fix=None) for one in findings
        )

    def _leaves(self, post: Post, fixes: list[Finding], before: dict) -> bool:
        """Whether these fixes leave exactly the other findings."""
        left = dict(before)
        for one in fixes:
            left[one.check, one.category] -= 1
        fixed = replace(post, text=fixed_text(post.text, fixes))
        after = _known(self._screen(self._read(fixed)).findings)
        return all(after.get(key, 0) <= count for key, count in left.items()) and not set(
            after
        ) - set(before)


def _trials(post: Post) -> int:
    """How many fixes are tried one by one: as many as leave a long post's screening linear in its length."""
    return min(MOST_TRIED, MOST_READ // max(1, len(post.text)))


def fixed_text(text: str, findings: Iterable[Finding]) -> str:
    """The text with these findings' fixes applied, from the end so that offsets stay right."""
    for finding in sorted(findings, key=lambda one: (one.start, one.end), reverse=True):
        if finding.fix is not None:
            text = text[: finding.start] + finding.fix + text[finding.end :]
    return text


def compile_checks(clauses: Iterable[CheckedClause], jurisdiction: str | None = None) -> Screener:
    """One screener for these clause versions. Raises CheckError where a check cannot run.

    With a jurisdiction, checks made for other ones are left out; an edition holds only its own.
    """
    return Screener(clauses, jurisdiction)


def holds_in(jurisdiction: str | None, check: Any) -> bool:
    """Whether a check is meant for a jurisdiction; without one, every check is."""
    held = check.get("jurisdictions") if isinstance(check, Mapping) else None
    return not jurisdiction or not held or not {"any", jurisdiction}.isdisjoint(held)


def _compiled(
    clause: CheckedClause,
    check: Mapping[str, Any],
    matcher: Matcher,
    words: Mapping,
    excuses: Mapping,
) -> Kind:
    name = (
        check.get("name", "without a name") if isinstance(check, Mapping) else "that is no mapping"
    )
    try:
        data = _data(clause, check)
        return KINDS[data.kind](data, matcher, words, excuses)
    except (CheckError, KeyError, TypeError, AttributeError) as error:
        said = f"params lack {error}" if isinstance(error, KeyError) else str(error)
        raise CheckError(f"Clause {clause.clause}, check {name}: {said}.") from error


def _data(clause: CheckedClause, check: Mapping[str, Any]) -> CheckData:
    if not isinstance(check, Mapping):
        raise CheckError("write it as a mapping with name, kind, category, severity and message")
    for what, keys in (("it lacks", _NEEDED - set(check)), ("it has unknown", set(check) - _KNOWN)):
        if keys:
            raise CheckError(f"{what} {', '.join(sorted(keys))}")
    for key, allowed in (("kind", KINDS), ("category", CATEGORIES), ("severity", SEVERITIES)):
        if check[key] not in allowed:
            raise CheckError(f"{key} is one of {', '.join(sorted(allowed))}, not {check[key]!r}")
    return CheckData(
        name=check["name"],
        clause=clause.clause,
        version=clause.version,
        kind=check["kind"],
        category=check["category"],
        severity=check["severity"],
        message=check["message"],
        params=check.get("params") or {},
        channels=tuple(check.get("channels") or ()),
    )


def _refuse_twins(kinds: Iterable[Kind]) -> None:
    seen: dict[str, str] = {}
    for kind in kinds:
        if kind.data.name in seen:
            raise CheckError(
                f"Clause {kind.data.clause}, check {kind.data.name}: clause {seen[kind.data.name]} "
                "has a check of that name. Give it another."
            )
        seen[kind.data.name] = kind.data.clause


def _looked(kind: Kind, reading: Reading) -> Iterable[Noticed]:
    """What it notices; on a further network only those look again whose answer depends on it."""
    if kind.reads_channel:
        return kind.look(reading)
    if kind.data.name not in reading.noticed:
        reading.noticed[kind.data.name] = list(kind.look(reading))
    return reading.noticed[kind.data.name]


def _finding(kind: Kind, noticed: Noticed) -> Finding:
    data = kind.data
    return Finding(
        check=data.name,
        clause=data.clause,
        version=data.version,
        category=data.category,
        severity=data.severity,
        start=noticed.start,
        end=noticed.end,
        message=noticed.message or data.message,
        fix=noticed.fix,
    )


def _within(noticed: Noticed, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether it lies in one of these spans, which are in order and do not overlap."""
    if noticed.start == noticed.end:
        return False
    number = bisect_right(spans, noticed.start, key=itemgetter(0)) - 1
    return number >= 0 and noticed.end <= spans[number][1]


def _untouched(parts: Iterable[int], told: Spans, typed: Sequence[tuple[int, int]]) -> tuple:
    """Those parts of a post in which nothing was told yet."""
    covered = Covered(told)
    return tuple(number for number in parts if not covered.touches(*typed[number]))


def _is_all_untold(held: Iterable[Finding]) -> bool:
    """Whether all that was found is that a connection goes untold: whoever speaks of their pay endorses nothing."""
    return all(finding.category == "disclosure" for finding in held)


def _leftovers(reading: Reading, protected: Spans) -> Iterator[tuple[int, int]]:
    """A few words before or behind a protected passage belong to it: alone they mean nothing ("Hmm. One.")."""
    covered, parts = Covered(protected), reading.sense.typed
    inside = [covered.touches(*span) for span in parts]
    for number, span in enumerate(parts):
        is_beside = not inside[number] and any(inside[max(0, number - 1) : number + 2])
        if is_beside and len(reading.post.text[slice(*span)].split()) <= _A_FEW_WORDS:
            yield span


class Inside:
    """Spans, kept so that one look tells whether any of them lies in another span."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        ends = [end for _, end in ordered]
        self._first_end = list(accumulate(reversed(ends), min))[::-1]  # of this span and later ones

    def any_in(self, start: int, end: int) -> bool:
        number = bisect_left(self._starts, start)
        return number < len(self._starts) and self._first_end[number] <= end


class Covered:
    """What spans cover together, kept so that one look tells whether another span touches it."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._last_end = list(
            accumulate((end for _, end in ordered), max)
        )  # of this span and earlier ones

    def touches(self, start: int, end: int) -> bool:
        number = bisect_left(self._starts, end) - 1
        return number >= 0 and self._last_end[number] > start


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By place, the more severe first; each said once, and no two fixes over one another."""
    ordered = sorted(
        findings, key=lambda one: (one.start, one.end, -SEVERITIES.index(one.severity), one.check)
    )
    return _without_overlaps(_without_echoes(ordered))


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """Two clauses that say the same of the same words are told once, the more severe first."""
    told: set[tuple[int, int, str]] = set()
    kept = []
    for one in findings:
        place = (one.start, one.end, one.category)
        if place not in told:
            told.add(place)
            kept.append(one)
    return kept


def _without_overlaps(findings: list[Finding]) -> tuple[Finding, ...]:
    """Fixes never overlap: of two that would, the first keeps its fix."""
    done, kept = -1, []
    for finding in findings:
        if finding.fix is not None:
            overlaps = finding.start < done
            done = max(done, finding.end)
            kept.append(replace(finding, fix=None) if overlaps else finding)
        else:
            kept.append(finding)
    return tuple(kept)


def _known(findings: Iterable[Finding]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for one in findings:
        counts[one.check, one.category] = counts.get((one.check, one.category), 0) + 1
    return counts
