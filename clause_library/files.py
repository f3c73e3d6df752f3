"""The library as files: clauses, blanks, shelves and playbooks, read and validated. Pure.

Every problem of every file is named at once, with file, line and what to do.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ledger.canonical import NotCanonicalError, canonical

from .errors import LibraryError, Problem
from .plain_yaml import Lined, PlainYamlError, read_yaml
from .text import check_text
from .wording import blanks_in, check_condition, check_wording

if TYPE_CHECKING:
    from .models import ClauseVersion

LIBRARY = Path(__file__).resolve().parent / "library"
SEVERITIES = ("advice", "fix", "review", "block")
PROFILES = ("general", "broker-dealer", "hospital")
KINDS = ("text", "long_text", "list", "choice", "number", "email", "url", "yes_no")
LONGEST_FILE = 256 * 1024
Kind = Literal["text", "long_text", "list", "choice", "number", "email", "url", "yes_no"]


@dataclass(frozen=True)
class Blank:
    """A place in clauses to be filled, or a yes/no question of a playbook; defined once."""

    name: str
    kind: Kind
    question: str
    help: str = ""
    example: Any = ""
    choices: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class Shelf:
    """A category of clauses."""

    name: str
    title: str
    about: str = ""


@dataclass(frozen=True)
class ClauseText:
    """One version of a clause: its exact content, from a file or from the database."""

    name: str
    category: str
    title: str
    short: str
    why: str
    body: str
    do: tuple[str, ...] = ()
    dont: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ("any",)
    sectors: tuple[str, ...] = ("any",)
    citations: tuple[Mapping[str, str], ...] = ()
    blanks: tuple[str, ...] = ()
    checks: tuple[Mapping[str, Any], ...] = ()
    version: int = 1

    @property
    def content(self) -> dict[str, Any]:
        """What the digest covers: the rule, its reasons and examples, and what its checks do."""
        return {
            "name": self.name,
            "title": self.title,
            "short": self.short,
            "body": self.body,
            "why": self.why,
            "do": list(self.do),
            "dont": list(self.dont),
            "blanks": list(self.blanks),
            "citations": [dict(citation) for citation in self.citations],
            "jurisdictions": list(self.jurisdictions),
            "sectors": list(self.sectors),
            "checks": [dict(check) for check in self.checks],
        }

    @classmethod
    def of(cls, version: "ClauseVersion") -> "ClauseText":
        """The content of a stored version; it asks for its clause and shelf, so join them."""
        lists = ("do", "dont", "jurisdictions", "sectors", "citations", "blanks", "checks")
        return cls(
            name=version.clause.name,
            category=version.clause.category.slug,
            title=version.title,
            short=version.short,
            why=version.why,
            body=version.body,
            version=version.number,
            **{name: tuple(getattr(version, name)) for name in lists},
        )

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of the canonical content."""
        return sha256(canonical(self.content)).hexdigest()

    @property
    def templates(self) -> tuple[str, ...]:
        """Every text of the clause that may hold blanks."""
        return (self.body, self.title, self.short, self.why, *self.do, *self.dont)


@dataclass(frozen=True)
class Seat:
    """A clause's place in a playbook, with why it is in, and why it would be out."""

    clause: str
    because: str
    when: str = ""
    otherwise: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True)
class Playbook:
    """A starting set of sections, clauses and conditions for a kind of company."""

    name: str
    title: str
    audience: str  # “for” in the file
    profile: str
    jurisdiction: str
    language: str
    sections: tuple[Section, ...]
    sample_answers: Mapping[str, Any]

    @property
    def seats(self) -> tuple[Seat, ...]:
        return tuple(seat for section in self.sections for seat in section.seats)


@dataclass(frozen=True)
class Library:
    shelves: tuple[Shelf, ...]
    blanks: dict[str, Blank]
    clauses: dict[str, ClauseText]
    playbooks: dict[str, Playbook]


@lru_cache(maxsize=1)
def shipped() -> Library:
    """The library that comes with the program, read once a process."""
    return read_library()


def read_library(folder: Path = LIBRARY) -> Library:
    """All files of a library folder. Raises LibraryError with every problem found."""
    problems: list[Problem] = []
    shelves = tuple(_read_shelves(folder / "categories.yaml", problems))
    blanks = {blank.name: blank for blank in _read_blanks(folder / "blanks.yaml", problems)}
    found = [
        _read_clause(path, shelves, blanks, problems) for path in _files(folder, "clauses", "md")
    ]
    clauses = {clause.name: clause for clause in found if clause}
    read = [
        _read_playbook(path, clauses, blanks, problems)
        for path in _files(folder, "playbooks", "yaml")
    ]
    playbooks = {playbook.name: playbook for playbook in read if playbook}
    problems += _repeated_checks(folder, clauses.values())
    if problems:
        raise LibraryError(problems)
    return Library(shelves, blanks, clauses, playbooks)


def read_clause(path: Path, shelves: Iterable[Shelf], blanks: Mapping[str, Blank]) -> ClauseText:
    """One clause file. Raises LibraryError."""
    problems: list[Problem] = []
    clause = _read_clause(path, tuple(shelves), blanks, problems)
    if clause is None or problems:
        raise LibraryError(problems)
    return clause


def playbook_names(folder: Path = LIBRARY) -> list[str]:
    """Without reading them: each file is named after its playbook."""
    return [path.stem for path in _files(folder, "playbooks", "yaml")]


def _files(folder: Path, kind: str, ending: str) -> list[Path]:
    return sorted((folder / kind).glob(f"*.{ending}"))


# Reading one file


@dataclass
class _Fields:
    """A mapping of a file, whose every use notes what is wrong with it."""

    path: Path
    data: Lined
    problems: list[Problem]
    known: set[str] = field(default_factory=set)

    def refuse(self, key: str, says: str) -> None:
        self.problems.append(Problem(self.path, self.data.line_of(key), says))

    def text(self, key: str, *, longest: int = 300, default: str | None = None) -> str:
        self.known.add(key)
        value = self.data.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            self.refuse(
                key, f"“{key}” must be a text. Write it after “{key}:”, in quotes if in doubt."
            )
            return ""
        for says in check_text(value, longest=longest):
            self.refuse(key, f"“{key}”: {says}")
        return value.strip()

    def texts(
        self, key: str, *, least: int = 0, most: int = 50, longest: int = 500
    ) -> tuple[str, ...]:
        self.known.add(key)
        value = self.data.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.refuse(key, f"“{key}” must be a list of texts. Put each in quotes if in doubt.")
            return ()
        if not least <= len(value) <= most:
            self.refuse(key, f"“{key}” holds {len(value)}; write {least} to {most}.")
        for says in (says for item in value for says in check_text(item, longest=longest)):
            self.refuse(key, f"“{key}”: {says}")
        return tuple(value)

    def one_of(self, key: str, allowed: Iterable[str], *, default: str | None = None) -> str:
        value, allowed = self.text(key, default=default), list(allowed)
        if value and value not in allowed:
            hint = "".join(
                f" Did you mean “{close}”?" for close in get_close_matches(value, allowed, n=1)
            )
            self.refuse(key, f"“{key}” is “{value}”.{hint} It can be: {', '.join(allowed)}.")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        self.known.add(key)
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            self.refuse(key, f"“{key}” must be true or false.")
        return bool(value)

    def mappings(self, key: str) -> Iterator["_Fields"]:
        self.known.add(key)
        value = self.data.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, Lined) for item in value):
            self.refuse(key, f"“{key}” must be a list, each with its own fields.")
            return
        yield from (_Fields(self.path, item, self.problems) for item in value)

    def finish(self) -> None:
        """Name the fields that nobody reads: most are misspelt."""
        for key in self.data.keys() - self.known:
            hint = "".join(
                f" Did you mean “{close}”?" for close in get_close_matches(key, self.known, n=1)
            )
            self.refuse(
                key, f"“{key}” is no field here.{hint} Known: {', '.join(sorted(self.known))}."
            )


def _source(path: Path, problems: list[Problem]) -> str | None:
    try:
        raw = path.read_bytes()
    except OSError as error:
        problems.append(Problem(path, 1, f"The file cannot be read: {error.strerror}."))
        return None
    if len(raw) > LONGEST_FILE:
        problems.append(
            Problem(path, 1, f"The file is larger than {LONGEST_FILE // 1024} KiB. Split it.")
        )
        return None
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.append(Problem(path, line, "The file is not UTF-8. Save it as UTF-8."))
        return None


def _yaml(
    path: Path, source: str, problems: list[Problem], kind: type, *, first_line: int = 1
) -> Any:
    try:
        data = read_yaml(source, first_line=first_line)
    except PlainYamlError as error:
        problems.append(Problem(path, error.line, error.says))
        return None
    if isinstance(data, kind):
        return data
    shape = "a list, each item with a hyphen" if kind is list else "fields, each as “name: value”"
    problems.append(Problem(path, first_line, f"The file must hold {shape}."))
    return None


def _read_items(path: Path, problems: list[Problem]) -> Iterator[_Fields]:
    source = _source(path, problems)
    items = None if source is None else _yaml(path, source, problems, list)
    for item in items or []:
        if isinstance(item, Lined):
            yield _Fields(path, item, problems)
        else:
            problems.append(Problem(path, 1, f"“{item}” must have fields, each as “name: value”."))


def _read_shelves(path: Path, problems: list[Problem]) -> Iterator[Shelf]:
    for fields in _read_items(path, problems):
        yield Shelf(fields.text("name"), fields.text("title"), fields.text("about", default=""))
        fields.finish()


def _read_blanks(path: Path, problems: list[Problem]) -> Iterator[Blank]:
    seen: set[str] = set()
    for fields in _read_items(path, problems):
        blank = _blank(fields)
        if blank.name in seen:
            fields.refuse("name", f"“{blank.name}” is defined twice. Keep one.")
        seen.add(blank.name)
        yield blank


def _blank(fields: _Fields) -> Blank:
    kind = fields.one_of("kind", KINDS)
    choices = fields.texts("choices", least=2 if kind == "choice" else 0)
    name = fields.text("name", longest=60)
    for problem in check_wording(f"{{{{ {name} }}}}", [name]) if name else []:
        fields.refuse("name", f"{problem.construct} {problem.says}")
    fields.known.add("example")
    blank = Blank(
        name=name,
        kind=kind,  # type: ignore[arg-type]
        question=fields.text("question"),
        help=fields.text("help", default=""),
        example=fields.data.get("example", ""),
        choices=choices,
        required=fields.flag("required", default=True),
    )
    fields.finish()
    return blank


# Clauses


def _read_clause(
    path: Path, shelves: tuple[Shelf, ...], blanks: Mapping[str, Blank], problems: list[Problem]
) -> ClauseText | None:
    source = _source(path, problems)
    if source is None:
        return None
    front, marker, body = source.removeprefix("---\n").partition("\n---\n")
    if not source.startswith("---\n") or not marker:
        problems.append(
            Problem(path, 1, "A clause starts with its fields between two lines of “---”.")
        )
        return None
    data = _yaml(path, front, problems, Lined, first_line=2)
    if data is None:
        return None
    blank_lines = len(body) - len(body.lstrip("\n"))
    body_line = front.count("\n") + 4 + blank_lines
    return _clause(_Fields(path, data, problems), body, body_line, shelves, blanks)


def _clause(
    fields: _Fields,
    body: str,
    body_line: int,
    shelves: tuple[Shelf, ...],
    blanks: Mapping[str, Blank],
) -> ClauseText:
    clause = ClauseText(
        name=fields.one_of("name", [fields.path.stem]),
        category=fields.one_of("category", [shelf.name for shelf in shelves]),
        title=fields.text("title", longest=160),
        short=fields.text("short"),
        why=fields.text("why", longest=1_000),
        body=body.strip(),
        do=fields.texts("do", least=2, most=4),
        dont=fields.texts("dont", least=2, most=4),
        jurisdictions=fields.texts("jurisdictions", least=1),
        sectors=fields.texts("sectors", least=1),
        citations=tuple(_citation(item) for item in fields.mappings("citations")),
        blanks=fields.texts("blanks"),
        checks=tuple(_check(item) for item in fields.mappings("checks")),
    )
    fields.finish()
    _check_words(fields, clause, body_line, blanks)
    return clause


def _check_words(
    fields: _Fields, clause: ClauseText, body_line: int, blanks: Mapping[str, Blank]
) -> None:
    if not clause.body:
        fields.refuse("body", "The clause has no words. Write them after the second “---”.")
    for problem in check_wording(clause.body, blanks):
        line = body_line + problem.line - 1
        says = f"{problem.construct} {problem.says}"
        fields.problems.append(Problem(fields.path, line, says))
    for text in clause.templates[1:]:
        for problem in check_wording(text, ["company_name"]):
            fields.refuse("name", f"In “{text[:40]}”: {problem.construct} {problem.says}")
    used, stated = set(blanks_in(clause.body)), set(clause.blanks)
    if used != stated:
        names = ", ".join(blanks_in(clause.body))
        fields.refuse("blanks", f"“blanks” must name what the words use: [{names}].")


def _citation(fields: _Fields) -> dict[str, str]:
    citation = {
        "instrument": fields.text("instrument"),
        "section": fields.text("section", default="") if fields.data.get("section") else "",
        "says": fields.text("says", longest=600),
    }
    fields.known.add("section")
    fields.finish()
    return citation


def _check(fields: _Fields) -> dict[str, Any]:
    """The frame of a check; what its kind and params mean is for `checks` to say."""
    for key in ("name", "kind", "category", "message"):
        fields.text(key)
    fields.one_of("severity", SEVERITIES)
    check = _unlined(fields.data)
    try:
        canonical(check)
    except NotCanonicalError as error:
        fields.refuse("name", f"This check cannot be stored: {error}")
    return check


def _unlined(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unlined(item) for key, item in value.items()}
    return [_unlined(item) for item in value] if isinstance(value, list) else value


def _repeated_checks(folder: Path, clauses: Iterable[ClauseText]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for clause in clauses:
        for check in clause.checks:
            other = seen.setdefault(str(check.get("name")), clause.name)
            if other != clause.name:
                path = folder / "clauses" / f"{clause.name}.md"
                says = (
                    f"The check “{check['name']}” stands in “{other}” too. Give each its own name."
                )
                yield Problem(path, 1, says)


# Playbooks


def _read_playbook(
    path: Path,
    clauses: Mapping[str, ClauseText],
    blanks: Mapping[str, Blank],
    problems: list[Problem],
) -> Playbook | None:
    source = _source(path, problems)
    data = None if source is None else _yaml(path, source, problems, Lined)
    if data is None:
        return None
    fields = _Fields(path, data, problems)
    playbook = Playbook(
        name=fields.one_of("name", [path.stem]),
        title=fields.text("title", longest=160),
        audience=fields.text("for"),
        profile=fields.one_of("profile", PROFILES),
        jurisdiction=fields.text("jurisdiction", longest=20),
        language=fields.text("language", longest=20),
        sections=tuple(_section(item, clauses, blanks) for item in fields.mappings("sections")),
        sample_answers=_sample_answers(fields, blanks),
    )
    fields.finish()
    _refuse_repeats(fields, "sections", [section.title for section in playbook.sections])
    _refuse_repeats(fields, "sections", [seat.clause for seat in playbook.seats])
    return playbook


def _section(
    fields: _Fields, clauses: Mapping[str, ClauseText], blanks: Mapping[str, Blank]
) -> Section:
    seats = tuple(_seat(item, clauses, blanks) for item in fields.mappings("clauses"))
    section = Section(fields.text("title", longest=160), seats)
    fields.finish()
    return section


def _seat(fields: _Fields, clauses: Mapping[str, ClauseText], blanks: Mapping[str, Blank]) -> Seat:
    seat = Seat(
        clause=fields.one_of("clause", clauses),
        because=fields.text("because"),
        when=fields.text("when", longest=500, default=""),
        otherwise=fields.text("otherwise", default=""),
    )
    fields.finish()
    if bool(seat.when) != bool(seat.otherwise):
        fields.refuse(
            "clause", "“when” and “otherwise” go together: say why the clause would be out."
        )
    for problem in check_condition(seat.when, blanks) if seat.when else []:
        fields.refuse("when", f"“when”: {problem.construct} {problem.says}")
    return seat


def _sample_answers(fields: _Fields, blanks: Mapping[str, Blank]) -> dict[str, Any]:
    fields.known.add("sample_answers")
    answers = fields.data.get("sample_answers")
    if not isinstance(answers, Lined):
        fields.refuse(
            "sample_answers", "“sample_answers” must answer each question: “name: answer”."
        )
        return {}
    for name in answers.keys() - blanks.keys():
        problem = Problem(fields.path, answers.line_of(name), f"“{name}” is no known blank.")
        fields.problems.append(problem)
    return _unlined(answers)


def _refuse_repeats(fields: _Fields, key: str, names: list[str]) -> None:
    for name in {name for name in names if names.count(name) > 1}:
        fields.refuse(key, f"“{name}” stands twice. Keep one.")
