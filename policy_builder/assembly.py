"""A policy from a playbook, clauses and answers: what is in, what is out, and why each. Pure.

The same inputs give the same bytes. Nothing is asked that the chosen clauses do not need.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from clause_library.checks import CheckedClause
from clause_library.errors import WordingError
from clause_library.files import Blank, ClauseText, Playbook, Seat
from clause_library.wording import (
    Answer,
    blanks_in,
    check_wording,
    judge,
    needed_for,
    render_markdown,
    render_text,
    to_html,
    to_text,
)
from ledger.canonical import canonical

from .answers import AssemblyError, clean_answers, with_defaults

FORMAT = "countersign/edition/1"
COMPANY = "company_name"


class MissingAnswersError(AssemblyError):
    """Questions that must be answered first."""

    def __init__(self, questions: list["Question"]) -> None:
        super().__init__([f"{question.name}: {question.blank.question}" for question in questions])
        self.questions = questions


class FailingChecksError(AssemblyError):
    """Checks that cannot run together, or get an example wrong."""


@dataclass(frozen=True)
class Question:
    """One question of the interview, with what it is for and its answer so far."""

    blank: Blank
    decides: tuple[str, ...] = ()  # titles of clauses that are in or out by it
    fills: tuple[str, ...] = ()  # titles of clauses that show it
    answer: Answer | None = None

    @property
    def name(self) -> str:
        return self.blank.name

    @property
    def is_open(self) -> bool:
        """Must be answered before the policy can be put together."""
        return self.answer is None and self.blank.required

    @property
    def says(self) -> str:
        """Why we ask."""
        parts = []
        if self.decides:
            parts.append(f"It decides whether {_titles(self.decides)} {_is(self.decides)} in.")
        if self.fills:
            parts.append(f"It is used in {_titles(self.fills)}.")
        return " ".join(parts)


@dataclass(frozen=True)
class Overrides:
    """What the drafter changed, with reasons; stored as JSON in the same shape.

    {"left_out": {clause: reason}, "added": [{"clause", "section", "because"}],
     "order": {section: [clause, …]}, "wordings": {clause: {"body", "because"}}}
    """

    left_out: Mapping[str, str] = field(default_factory=dict)
    added: tuple[Mapping[str, str], ...] = ()
    order: Mapping[str, list[str]] = field(default_factory=dict)
    wordings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Overrides":
        """Raises AssemblyError where the shape is wrong."""
        if unknown := data.keys() - {"left_out", "added", "order", "wordings"}:
            raise AssemblyError([f"“{name}” is no kind of change." for name in sorted(unknown)])
        try:
            overrides = cls(
                left_out={
                    str(name): str(reason) for name, reason in data.get("left_out", {}).items()
                },
                added=tuple(
                    {key: str(item[key]) for key in ("clause", "section", "because")}
                    for item in data.get("added", [])
                ),
                order={
                    str(name): list(map(str, names))
                    for name, names in data.get("order", {}).items()
                },
                wordings={
                    str(name): {key: str(item[key]) for key in ("body", "because")}
                    for name, item in data.get("wordings", {}).items()
                },
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise AssemblyError([f"A change does not have its fields: {error}."]) from error
        return overrides

    def problems(self, playbook: Playbook, clauses: Mapping[str, ClauseText]) -> Iterator[str]:
        """Changes without a reason, or of clauses that are not there."""
        there = {seat.clause for seat in playbook.seats} | {item["clause"] for item in self.added}
        reasons = [*self.left_out.items(), *((i["clause"], i["because"]) for i in self.added)]
        reasons += [(name, item["because"]) for name, item in self.wordings.items()]
        yield from (
            f"Say why “{name}” is changed." for name, reason in reasons if not reason.strip()
        )
        named = [*self.left_out, *self.wordings]
        yield from (f"“{name}” is not in this policy." for name in named if name not in there)
        sections = {s.title for s in playbook.sections} | {i["section"].strip() for i in self.added}
        yield from (f"There is no section “{t}”." for t in self.order.keys() - sections)
        names = [item["clause"] for item in self.added]
        yield from (f"“{name}” is added twice." for name in set(names) if names.count(name) > 1)
        for item in self.added:
            if item["clause"] not in clauses:
                yield f"“{item['clause']}” is not in the library."
            if not item["section"].strip():
                yield f"Say in which section “{item['clause']}” goes."


@dataclass(frozen=True)
class DraftProvision:
    """A clause as it will stand: numbered, rendered, and with why it is in."""

    number: str
    clause: ClauseText
    because: str
    title: str
    html: str
    text: str
    short: str
    why: str
    do: tuple[str, ...]
    dont: tuple[str, ...]


@dataclass(frozen=True)
class DraftSection:
    number: str
    title: str
    provisions: tuple[DraftProvision, ...]


@dataclass(frozen=True)
class LeftOut:
    clause: str
    title: str
    because: str


@dataclass(frozen=True)
class Assembly:
    """A whole policy text, ready to be read, compared and frozen."""

    playbook: Playbook
    title: str
    company: str
    answers: dict[str, Answer]  # only those that the text or a condition used
    sections: tuple[DraftSection, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def provisions(self) -> tuple[DraftProvision, ...]:
        return tuple(provision for section in self.sections for provision in section.provisions)

    @property
    def checked(self) -> list[CheckedClause]:
        """The checks that it would run."""
        clauses = [provision.clause for provision in self.provisions]
        return [CheckedClause(one.name, one.version or 1, one.checks) for one in clauses]

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of the text as it stands: what an approver's press binds to."""
        return sha256(canonical(snapshot(self))).hexdigest()


def assemble(
    playbook: Playbook,
    clauses: Mapping[str, ClauseText],
    blanks: Mapping[str, Blank],
    answers: Mapping[str, Any],
    *,
    overrides: Mapping[str, Any] | None = None,
) -> Assembly:
    """Raises AssemblyError (of which MissingAnswersError and AnswersError); it names all problems."""
    plan = _plan(playbook, clauses, blanks, answers, overrides)
    if open_questions := [question for question in plan.questions if question.is_open]:
        raise MissingAnswersError(open_questions)
    sections = tuple(_sections(plan))
    used = {q.name: q.answer for q in plan.questions if q.answer is not None}
    return Assembly(
        playbook=playbook,
        title=render_text(playbook.title, plan.known),
        company=str(plan.known.get(COMPANY, "")),
        answers=used,
        sections=sections,
        left_out=tuple(plan.left_out),
    )


def questions_needed(
    playbook: Playbook,
    clauses: Mapping[str, ClauseText],
    blanks: Mapping[str, Blank],
    answers: Mapping[str, Any],
    *,
    overrides: Mapping[str, Any] | None = None,
) -> list[Question]:
    """What the interview asks, answered or not: conditions first, then in the playbook's order.

    An answer can bring new questions: those of a clause come once it is known to be in.
    """
    return _plan(playbook, clauses, blanks, answers, overrides).questions


def missing(
    playbook: Playbook,
    clauses: Mapping[str, ClauseText],
    blanks: Mapping[str, Blank],
    answers: Mapping[str, Any],
    *,
    overrides: Mapping[str, Any] | None = None,
) -> list[Question]:
    """The questions that still stand between the answers and a policy."""
    questions = questions_needed(playbook, clauses, blanks, answers, overrides=overrides)
    return [question for question in questions if question.is_open]


def snapshot(
    assembly: Assembly,
    *,
    number: int | None = None,
    in_force_from: str | None = None,
    approved_by: str | None = None,
    approved_on: str | None = None,
    signing_key: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The edition as it is frozen and published; dates are YYYY-MM-DD."""
    return {
        "format": FORMAT,
        "policy": {
            "title": assembly.title,
            "company": assembly.company,
            "playbook": assembly.playbook.name,
            "profile": assembly.playbook.profile,
            "jurisdiction": assembly.playbook.jurisdiction,
            "language": assembly.playbook.language,
        },
        "edition": {
            "number": number,
            "in_force_from": in_force_from,
            "approved_by": approved_by,
            "approved_on": approved_on,
        },
        "answers": dict(assembly.answers),
        "summary": [
            {"number": p.number, "anchor": p.clause.name, "short": p.short}
            for p in assembly.provisions
        ],
        "sections": [_frozen_section(section) for section in assembly.sections],
        "left_out": [
            {"clause": item.clause, "title": item.title, "because": item.because}
            for item in assembly.left_out
        ],
        "signing_key": dict(signing_key) if signing_key else None,
    }


def _frozen_section(section: DraftSection) -> dict[str, Any]:
    provisions = [_frozen_provision(provision) for provision in section.provisions]
    return {"number": section.number, "title": section.title, "provisions": provisions}


def _frozen_provision(provision: DraftProvision) -> dict[str, Any]:
    return {
        "number": provision.number,
        "anchor": provision.clause.name,
        "clause": provision.clause.name,
        "version": provision.clause.version,
        "digest": provision.clause.digest,
        "title": provision.title,
        "html": provision.html,
        "text": provision.text,
        "short": provision.short,
        "why": provision.why,
        "do": list(provision.do),
        "dont": list(provision.dont),
        "citations": [dict(citation) for citation in provision.clause.citations],
        "because": provision.because,
    }


# Planning: which clauses are in, and what must be asked


@dataclass(frozen=True)
class _Chosen:
    clause: ClauseText
    because: str


@dataclass
class _Plan:
    known: dict[str, Answer]  # answers, and what needs no answer
    sections: dict[str, list[_Chosen]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    decides: dict[str, list[str]] = field(default_factory=dict)
    fills: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def _plan(
    playbook: Playbook,
    clauses: Mapping[str, ClauseText],
    blanks: Mapping[str, Blank],
    answers: Mapping[str, Any],
    overrides: Mapping[str, Any] | None,
) -> _Plan:
    given = clean_answers(blanks, answers)
    changes = Overrides.read(overrides or {})
    plan = _Plan(with_defaults(blanks, given))
    plan.problems += changes.problems(playbook, clauses)
    _choose(plan, playbook, clauses, changes)
    _word(plan, blanks, changes)
    _note_blanks(plan, playbook.title, blanks)
    plan.problems += [
        f"“{name}” is used in “{titles[0]}”, but the library has no such blank."
        for name, titles in (plan.decides | plan.fills).items()
        if name not in blanks
    ]
    if plan.problems:
        raise AssemblyError(plan.problems)
    names = dict.fromkeys([*plan.decides, *plan.fills])
    plan.questions = [_question(plan, blanks[name], given) for name in names]
    return plan


def _question(plan: _Plan, blank: Blank, given: Mapping[str, Answer]) -> Question:
    decides, fills = plan.decides.get(blank.name, []), plan.fills.get(blank.name, [])
    return Question(blank, tuple(decides), tuple(fills), given.get(blank.name))


def _choose(
    plan: _Plan, playbook: Playbook, clauses: Mapping[str, ClauseText], changes: Overrides
) -> None:
    added = {item["clause"]: item for item in changes.added}
    for section in playbook.sections:
        chosen = plan.sections.setdefault(section.title, [])
        for seat in section.seats:
            if seat.clause not in clauses:
                plan.problems.append(
                    f"“{seat.clause}” is not in the library. Leave it out, or load it."
                )
            elif seat.clause not in added:
                _seat(plan, chosen, seat, clauses[seat.clause], changes)
    for item in changes.added:
        if item["clause"] in clauses and item["clause"] not in changes.left_out:
            chosen = plan.sections.setdefault(item["section"].strip(), [])
            chosen.append(_Chosen(clauses[item["clause"]], item["because"]))
    for title, names in changes.order.items():
        places = {name: place for place, name in enumerate(names)}
        plan.sections.get(title, []).sort(key=lambda c: places.get(c.clause.name, len(places)))


def _seat(
    plan: _Plan, chosen: list[_Chosen], seat: Seat, clause: ClauseText, changes: Overrides
) -> None:
    """In, out, or not yet known; the drafter's word goes before the playbook's."""
    if seat.clause in changes.left_out:
        reason = changes.left_out[seat.clause]
        plan.left_out.append(LeftOut(clause.name, _title(plan, clause), reason))
        return
    try:
        holds, asked = judge(seat.when, plan.known) if seat.when else (True, [])
    except WordingError as error:
        plan.problems.append(f"The condition of “{clause.title}”, {seat.when}: {error}")
        return
    for name in asked:
        plan.decides.setdefault(name, []).append(_title(plan, clause))
    if holds:
        chosen.append(_Chosen(clause, seat.because))
    elif holds is False:
        plan.left_out.append(LeftOut(clause.name, _title(plan, clause), seat.otherwise))


def _title(plan: _Plan, clause: ClauseText) -> str:
    """The title with the company's name, once that is known."""
    is_known = not set(needed_for(clause.title, plan.known)) - plan.known.keys()
    return render_text(clause.title, plan.known) if is_known else clause.title


def _word(plan: _Plan, blanks: Mapping[str, Blank], changes: Overrides) -> None:
    """Put the drafter's own wordings in place of the library's."""
    for chosen in plan.sections.values():
        for place, choice in enumerate(chosen):
            if wording := changes.wordings.get(choice.clause.name):
                plan.problems += _wording_problems(choice.clause, wording["body"], blanks)
                chosen[place] = _own_wording(choice, wording)


def _own_wording(choice: _Chosen, wording: Mapping[str, str]) -> _Chosen:
    body = wording["body"].replace("\r\n", "\n").strip()
    clause = replace(choice.clause, body=body, blanks=tuple(blanks_in(body)))
    return _Chosen(clause, f"{choice.because} Worded for this policy: {wording['because']}")


def _wording_problems(clause: ClauseText, body: str, blanks: Mapping[str, Blank]) -> list[str]:
    if not body.strip():
        return [f"“{clause.title}” has no words. Write them, or leave the clause out."]
    return [f"“{clause.title}”: {problem}" for problem in check_wording(body, blanks)]


def _note_blanks(plan: _Plan, title: str, blanks: Mapping[str, Blank]) -> None:
    """Each blank with the clauses that show it, in the order in which a reader meets them."""
    if COMPANY in blanks:
        plan.fills[COMPANY] = []
    for name in needed_for(title, plan.known):
        plan.fills.setdefault(name, []).append(title)
    for choice in (choice for chosen in plan.sections.values() for choice in chosen):
        for name in _names_needed(plan, choice.clause):
            plan.fills.setdefault(name, []).append(_title(plan, choice.clause))


def _names_needed(plan: _Plan, clause: ClauseText) -> dict[str, None]:
    try:
        needed = [needed_for(text, plan.known) for text in clause.templates]
    except WordingError as error:
        plan.problems.append(f"“{clause.title}”: {error}")
        return {}
    return dict.fromkeys(name for names in needed for name in names)


# Rendering


def _sections(plan: _Plan) -> Iterator[DraftSection]:
    """Sections that hold something, numbered without gaps."""
    filled = ((title, chosen) for title, chosen in plan.sections.items() if chosen)
    for number, (title, chosen) in enumerate(filled, start=1):
        provisions = tuple(
            _provision(f"{number}.{place}", choice, plan.known)
            for place, choice in enumerate(chosen, start=1)
        )
        yield DraftSection(str(number), title, provisions)


def _provision(number: str, choice: _Chosen, answers: Mapping[str, Answer]) -> DraftProvision:
    clause = choice.clause
    try:
        markdown = render_markdown(clause.body, answers)
        return DraftProvision(
            number=number,
            clause=clause,
            because=choice.because,
            title=render_text(clause.title, answers),
            html=to_html(markdown),
            text=to_text(markdown),
            short=render_text(clause.short, answers),
            why=render_text(clause.why, answers),
            do=tuple(render_text(example, answers) for example in clause.do),
            dont=tuple(render_text(example, answers) for example in clause.dont),
        )
    except WordingError as error:
        raise AssemblyError([f"“{clause.title}”: {error}"]) from error


def _titles(titles: tuple[str, ...]) -> str:
    """Up to three by name, the rest as a number."""
    shown = [f"“{title}”" for title in titles[:3]]
    if len(titles) > len(shown):
        shown.append(f"{len(titles) - len(shown)} more")
    *most, last = shown
    return f"{', '.join(most)} and {last}" if most else last


def _is(titles: tuple[str, ...]) -> str:
    return "is" if len(titles) == 1 else "are"
