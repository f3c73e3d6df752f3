"""Clause templates: Jinja2 kept to blanks, if, for and a few filters, and bounded in size. Pure.

The order is always: limits, parse, walk the tree by an allow-list, render to Markdown with every value
escaped, then `to_html` or `to_text`. Conditions of playbooks go through the same walk.

Answers are flat: strings, whole numbers, booleans, and lists of strings. Never a model.
"""

import re
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from textwrap import shorten
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .errors import WordingError
from .prose import escape_markdown, to_html, to_text

__all__ = [
    "WordingError",
    "blanks_in",
    "check_condition",
    "check_wording",
    "judge",
    "needed_for",
    "render_markdown",
    "render_text",
    "to_html",
    "to_text",
]

Answer = str | int | bool | list[str]
Answers = Mapping[str, Answer]

LONGEST_SOURCE = 64 * 1024  # bytes
LONGEST_RESULT = 1024 * 1024  # characters
LONGEST_CONDITION = 500
LONGEST_TAG = 600  # characters between its brackets; parsing costs most for one long expression
DEEPEST_BRACKETS = 32
MOST_TAGS = 400  # 200 blocks, each with its end
MOST_NODES = 5_000
DEEPEST_NODES = 60
MOST_ITEMS = 200
MOST_PROBLEMS = 20

TAG = re.compile(r"\{[{%](.*?)(?:[}%]\}|\Z)", re.DOTALL)
# Block tags that stand alone on their line: the line's end moves into the tag, so it leaves no gap
# in a list, and line numbers stay true.
LONE_TAGS = re.compile(
    r"^[ \t]*((?:\{%(?:(?!%\}).)*%\}[ \t]*)*\{%(?:(?!%\}).)*?)([-+]?%\})[ \t]*\n", re.MULTILINE
)
NAME = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = {"loop", "self", "super", "caller", "varargs", "kwargs", "none", "true", "false"}
CONSTRUCTS: dict[type[nodes.Node], str] = {
    nodes.Call: "A call",
    nodes.Getattr: "A dot after a name",
    nodes.Getitem: "An index in square brackets",
    nodes.Assign: "“set”",
    nodes.AssignBlock: "“set”",
    nodes.Scope: "“autoescape”",
    nodes.Extends: "“extends”",
    nodes.FromImport: "“from … import”",
    nodes.CondExpr: "An if inside a blank",
}
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.For,
    nodes.Const,
    nodes.List,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
)
UNKNOWN = object()  # the value of a name that nobody has answered yet


def listed(value: Any) -> str:
    """As a sentence has it: “a”, “a and b”, “a, b and c”."""
    *most, last = _list(value) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise TypeError("This filter takes a text, not a list, number or yes and no.")


def _list(value: Any) -> list[str]:
    if isinstance(value, list):
        return value
    raise TypeError("This takes a list.")


def _sized(value: Any) -> str | list[str]:
    return value if isinstance(value, list) else _text(value)


FILTERS: dict[str, Callable[..., Any]] = {
    "capitalize": lambda value: _text(value)[:1].upper() + _text(value)[1:],
    "first": lambda value: next(iter(_list(value)), ""),
    "join": lambda value, sign="": sign.join(_list(value)),
    "length": lambda value: len(_sized(value)),
    "listed": listed,
    "lower": lambda value: _text(value).lower(),
    "trim": lambda value: _text(value).strip(),
    "upper": lambda value: _text(value).upper(),
}


def check_wording(body: str, blanks: Collection[str]) -> list[WordingError]:
    """Everything that keeps this template from being used; an empty list lets it be stored."""
    reading = _read(body)
    unknown = [
        _unknown(name, line, blanks) for name, line in reading.names.items() if name not in blanks
    ]
    return [*reading.problems, *unknown][:MOST_PROBLEMS]


def check_condition(expression: str, blanks: Collection[str]) -> list[WordingError]:
    """The same for a playbook's `when`."""
    reading = _read_condition(expression)
    unknown = [_unknown(name, 1, blanks) for name in reading.names if name not in blanks]
    return [*reading.problems, *unknown]


def blanks_in(body: str) -> list[str]:
    """The blanks and questions that a template names, in the order of their first use."""
    return list(_read(body).names)


def render_markdown(body: str, answers: Answers) -> str:
    """The template with its answers as Markdown; an answer can never become markup."""
    return re.sub(r"\n{3,}", "\n\n", _render(body, answers, MARKDOWN)).strip()


def render_text(body: str, answers: Answers) -> str:
    """The template with its answers as plain text, for titles, reasons and examples."""
    return _render(body, answers, PLAIN).strip()


def judge(expression: str, answers: Answers) -> tuple[bool | None, list[str]]:
    """Whether a condition holds (None: not yet known), and the answers that this took or still takes."""
    reading = _sound(_read_condition(expression))
    asked: dict[str, None] = {}
    value = _value(reading.tree.body[0].test, answers, asked)
    return (None if value is UNKNOWN else bool(value)), list(asked)


def needed_for(body: str, answers: Answers) -> list[str]:
    """The answers that a template needs, given those that are there: none from a branch not taken."""
    asked: dict[str, None] = {}
    _ask(_sound(_read(body)).tree.body, answers, asked)
    return list(asked)


# Reading


@dataclass
class _Reading:
    tree: Any = None
    problems: list[WordingError] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)  # with the line of the first use
    lists: set[str] = field(default_factory=set)  # names that a for walks over
    nodes: int = 0

    def refuse(self, line: int, construct: str, says: str) -> None:
        self.problems.append(WordingError(line, construct, says))


def _sound(reading: _Reading) -> _Reading:
    if reading.problems:
        raise reading.problems[0]
    return reading


@lru_cache(maxsize=1024)
def _read(body: str) -> _Reading:
    """Limits, parse, walk. Kept by content, so a clause is read once a process."""
    reading = _Reading()
    _refuse_size(body, reading)
    if reading.problems:
        return reading
    try:
        reading.tree = MARKDOWN.parse(_without_gaps(body))
    except TemplateSyntaxError as error:
        reading.refuse(error.lineno, "The template", f"cannot be read: {error.message}")
    except (RecursionError, MemoryError, ValueError, OverflowError):
        reading.refuse(
            1, "The template", "is nested too deeply or holds a number that is too long."
        )
    else:
        _walk(reading.tree, reading, frozenset(), 0)
    return reading


def _read_condition(expression: str) -> _Reading:
    if len(expression) > LONGEST_CONDITION or "%}" in expression or "\n" in expression:
        reading = _Reading()
        reading.refuse(
            1, "The condition", f"must be one line of at most {LONGEST_CONDITION} characters."
        )
        return reading
    return _read(f"{{% if {expression} %}}{{% endif %}}")


def _refuse_size(body: str, reading: _Reading) -> None:
    if len(body.encode(errors="surrogatepass")) > LONGEST_SOURCE:
        reading.refuse(
            1, "The text", f"is longer than {LONGEST_SOURCE // 1024} KiB. Split it into clauses."
        )
    elif body.count("{%") > MOST_TAGS:
        reading.refuse(
            1, "The text", f"has more than {MOST_TAGS // 2} blocks. Split it into clauses."
        )
    else:
        for tag in TAG.finditer(body):
            line = body.count("\n", 0, tag.start()) + 1
            if len(tag[1]) > LONGEST_TAG:
                reading.refuse(
                    line, "A tag", f"is longer than {LONGEST_TAG} characters, or not closed."
                )
            elif _bracket_depth(tag[1]) > DEEPEST_BRACKETS:
                reading.refuse(line, "A bracket", f"is more than {DEEPEST_BRACKETS} levels deep.")


def _bracket_depth(source: str) -> int:
    depth = deepest = 0
    for sign in re.findall(r"[()\[\]{}]", source):
        depth += 1 if sign in "([{" else -1
        deepest = max(deepest, depth)
    return deepest


def _without_gaps(body: str) -> str:
    return LONE_TAGS.sub(r"\1\n\2", body)


def _walk(node: nodes.Node, reading: _Reading, local: frozenset[str], depth: int) -> None:
    """Refuse all that is not on the list; note each name with its line."""
    reading.nodes += 1
    if reading.nodes > MOST_NODES or depth > DEEPEST_NODES:
        if not reading.problems:
            says = (
                f"holds more than {MOST_NODES:,} parts, or is deeper than {DEEPEST_NODES} levels."
            )
            reading.refuse(_line_of(node), "The template", says)
        return
    if len(reading.problems) >= MOST_PROBLEMS:
        return
    if refusal := _refusal(node, local):
        reading.refuse(_line_of(node), *refusal)
        return
    if isinstance(node, nodes.For):
        _walk_for(node, reading, local, depth)
        return
    if isinstance(node, nodes.Name) and node.name not in local:
        reading.names.setdefault(node.name, node.lineno)
    for child in node.iter_child_nodes():
        _walk(child, reading, local, depth + 1)


def _line_of(node: nodes.Node) -> int:
    """Jinja2 leaves a few wrapping nodes without their line."""
    return node.lineno or next((child.lineno for child in node.iter_child_nodes()), None) or 1


def _walk_for(node: nodes.For, reading: _Reading, local: frozenset[str], depth: int) -> None:
    reading.names.setdefault(node.iter.name, node.lineno)
    reading.lists.add(node.iter.name)
    inside = local | {node.target.name}
    for child in node.body:
        _walk(child, reading, inside, depth + 1)
    for child in node.else_:
        _walk(child, reading, local, depth + 1)


def _refusal(node: nodes.Node, local: frozenset[str]) -> tuple[str, str] | None:
    """What is wrong with this one node: the construct, and what to do."""
    match node:
        case nodes.For():
            return _for_refusal(node, local)
        case nodes.Filter():
            return _filter_refusal(node)
        case nodes.Name() | nodes.Const() | nodes.List():
            return _value_refusal(node)
    if isinstance(node, ALLOWED):
        return None
    construct = CONSTRUCTS.get(type(node), f"“{type(node).__name__.lower()}”")
    return construct, f"is not allowed. Use blanks, if, for, and the filters {', '.join(FILTERS)}."


def _value_refusal(node: nodes.Name | nodes.Const | nodes.List) -> tuple[str, str] | None:
    match node:
        case nodes.Name() if node.name in RESERVED or not NAME.fullmatch(node.name):
            return _quoted(node.name), "is no name of a blank. Use small letters and underscores."
        case nodes.Const() if not isinstance(node.value, str | int):
            return (
                _quoted(node.value),
                "cannot stand here. Use a text, a whole number, true or false.",
            )
        case nodes.List() if not all(isinstance(item, nodes.Const) for item in node.items):
            return "A list", "may hold texts and numbers only."
    return None


def _for_refusal(node: nodes.For, local: frozenset[str]) -> tuple[str, str] | None:
    if node.recursive or node.test or local:
        return "A for", "may not be nested, filtered or recursive."
    if not (isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name)):
        return "A for", "goes over one blank by name: {% for brand in brands %}."
    names = {node.target.name, node.iter.name}
    if names & RESERVED or len(names) == 1 or not all(map(NAME.fullmatch, names)):
        return "A for", "needs two different names in small letters."
    return None


def _filter_refusal(node: nodes.Filter) -> tuple[str, str] | None:
    known = f"Known filters: {', '.join(FILTERS)}."
    if node.name not in FILTERS or node.node is None:
        return f"The filter {_quoted(node.name)}", f"is not allowed. {known}"
    plain = all(isinstance(arg, nodes.Const) and isinstance(arg.value, str) for arg in node.args)
    named = node.kwargs or node.dyn_args or node.dyn_kwargs
    if named or not plain or len(node.args) > (node.name == "join"):
        return f"The filter {_quoted(node.name)}", 'takes nothing in brackets, but for join(", ").'
    return None


def _quoted(value: Any) -> str:
    """Short enough for a message, however long it was."""
    return f"“{shorten(str(value), 60, placeholder='…')}”"


def _unknown(name: str, line: int, blanks: Collection[str]) -> WordingError:
    close = get_close_matches(name, blanks, n=1)
    hint = f" Did you mean “{close[0]}”?" if close else ""
    known = ", ".join(sorted(blanks)) or "none"
    return WordingError(line, _quoted(name), f"is no known blank.{hint} Known blanks: {known}.")


# Asking


def _value(node: nodes.Node, answers: Answers, asked: dict[str, None]) -> Any:
    """The value of an expression, or UNKNOWN; notes each name that it had to look at."""
    match node:
        case nodes.Const():
            return node.value
        case nodes.List():
            return [item.value for item in node.items]
        case nodes.Name():
            asked[node.name] = None
            return answers.get(node.name, UNKNOWN)
        case nodes.And() | nodes.Or():
            left = _value(node.left, answers, asked)
            decided = left is UNKNOWN or bool(left) is isinstance(node, nodes.Or)
            return left if decided else _value(node.right, answers, asked)
    parts = [_value(part, answers, asked) for part in _parts(node)]
    return UNKNOWN if UNKNOWN in parts else _combined(node, parts)


def _parts(node: nodes.Node) -> list[nodes.Node]:
    if isinstance(node, nodes.Compare):
        return [node.expr, *(operand.expr for operand in node.ops)]
    return [node.node]


def _combined(node: nodes.Node, parts: list[Any]) -> Any:
    if isinstance(node, nodes.Not):
        return not parts[0]
    try:
        if isinstance(node, nodes.Filter):
            return FILTERS[node.name](parts[0], *(arg.value for arg in node.args))
        signs = [operand.op for operand in node.ops]
        return all(map(_compare, signs, parts[:-1], parts[1:]))
    except TypeError as error:
        raise WordingError(
            node.lineno, "The condition", f"does not fit its answer: {error}"
        ) from error


def _compare(sign: str, left: Any, right: Any) -> bool:
    match sign:
        case "eq" | "ne":
            return (left == right) is (sign == "eq")
        case "in" | "notin":
            return (left in right) is (sign == "in")
        case "lt" | "lteq":
            return left < right or (sign == "lteq" and left == right)
    return left > right or (sign == "gteq" and left == right)


def _ask(body: list[nodes.Node], answers: Answers, asked: dict[str, None]) -> None:
    for node in body:
        match node:
            case nodes.If():
                _ask(_branch(node, answers, asked), answers, asked)
            case nodes.For():
                asked |= dict.fromkeys(_names_of(node))
            case nodes.Output():
                asked |= dict.fromkeys(_names_of(node))


def _branch(node: nodes.If, answers: Answers, asked: dict[str, None]) -> list[nodes.Node]:
    for step in (node, *node.elif_):
        value = _value(step.test, answers, asked)
        if value is UNKNOWN:
            return []
        if value:
            return step.body
    return node.else_


def _names_of(node: nodes.Node) -> Iterator[str]:
    reading = _Reading()
    _walk(node, reading, frozenset(), 0)
    return iter(reading.names)


# Rendering


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return listed(value)
    return str(value)  # an undefined name raises here


def _shown_in_markdown(value: Any) -> str:
    return escape_markdown(_shown(value))


def _environment(finalize: Callable[[Any], str]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=False,  # Markdown is written here; HTML is cleaned afterwards
        undefined=StrictUndefined,
        optimized=False,
        keep_trailing_newline=True,
        finalize=finalize,
    )
    environment.globals.clear()
    environment.tests.clear()
    environment.filters.clear()
    environment.filters.update(FILTERS)
    return environment


MARKDOWN = _environment(_shown_in_markdown)
PLAIN = _environment(_shown)


@lru_cache(maxsize=1024)
def _compiled(body: str, environment: ImmutableSandboxedEnvironment) -> Template:
    return environment.from_string(_without_gaps(body))


def _render(body: str, answers: Answers, environment: ImmutableSandboxedEnvironment) -> str:
    reading = _sound(_read(body))
    if "{" not in body:
        return body
    context = _context(reading, answers)
    pieces, size = [], 0
    try:
        for piece in _compiled(body, environment).generate(context):
            pieces.append(piece)
            size += len(piece)
            if size > LONGEST_RESULT:
                raise WordingError(
                    1, "The text", "grows past 1 MiB with these answers. Shorten them."
                )
    except (TemplateError, TypeError, RecursionError, MemoryError) as error:
        raise WordingError(
            _line(error), "The template", f"does not fit the answers: {error}"
        ) from error
    return "".join(pieces)


def _context(reading: _Reading, answers: Answers) -> dict[str, Answer]:
    context = {name: answers[name] for name in reading.names if name in answers}
    for name, value in context.items():
        if says := _answer_refusal(value, is_list=name in reading.lists):
            raise WordingError(reading.names[name], f"“{name}”", says)
    if sum(len(value) for value in context.values() if isinstance(value, str)) > LONGEST_RESULT:
        raise WordingError(1, "The answers", "are longer than 1 MiB. Shorten them.")
    return context


def _answer_refusal(value: Any, *, is_list: bool) -> str | None:
    if isinstance(value, list):
        if len(value) > MOST_ITEMS:
            return f"has more than {MOST_ITEMS} items."
        if not all(isinstance(item, str) for item in value):
            return "must be a list of texts."
        return "is longer than 1 MiB." if sum(map(len, value)) > LONGEST_RESULT else None
    if is_list:
        return "is used in a for, so its answer must be a list."
    return (
        None
        if isinstance(value, str | int)
        else "must be a text, number, yes or no, or list of texts."
    )


def _line(error: BaseException) -> int:
    """Jinja2 writes the template's own lines into the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 1 for f in reversed(frames) if f.filename == "<template>"), 1)
