"""YAML kept to plain data: texts, whole numbers, yes and no, lists and mappings, each with its line. Pure.

No tags, no anchors, no dates, no fractions: what could be read as one of those stays a text, so that
17:00, 2024-01-01 and 12.50 arrive as they were typed.
"""

import re
from typing import Any

import yaml

LONGEST = 1024 * 1024  # bytes
DEEPEST = 20
TAGS = {"bool", "int", "null", "str", "seq", "map"}


class PlainYamlError(ValueError):
    def __init__(self, line: int, says: str) -> None:
        super().__init__(f"line {line}: {says}")
        self.line, self.says = line, says


class Lined(dict[str, Any]):
    """A mapping that knows on which line it, and each of its keys, stands."""

    line: int = 1
    lines: dict[str, int]

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    yaml_implicit_resolvers = {}


for _kind, _pattern, _first in (
    ("bool", r"(?:true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO)", "tTfFyYnN"),
    ("int", r"(?:0|-?[1-9][0-9]{0,14})", "-0123456789"),
    ("null", r"(?:~|null|Null|NULL|)", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(f"^{_pattern}$"), list(_first)
    )


def read_yaml(source: str, *, first_line: int = 1) -> Any:
    """The data of one document. Raises PlainYamlError, whose lines start to count at `first_line`."""
    if len(source.encode(errors="surrogatepass")) > LONGEST:
        raise PlainYamlError(
            first_line, f"The file is larger than {LONGEST // 1024} KiB. Shorten it."
        )
    try:
        _refuse_fancy(source, first_line)
        node = yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + min(mark.line if mark else 0, source.count("\n"))
        raise PlainYamlError(
            line, f"This is not YAML: {error.problem or error.context}."
        ) from error
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        says = str(error).splitlines()[0]
        raise PlainYamlError(first_line, f"This is not YAML: {says}.") from error
    return None if node is None else _plain(node, first_line)


def _refuse_fancy(source: str, first_line: int) -> None:
    """Before anything is built: no aliases that multiply, no nesting that overflows."""
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        line = first_line + event.start_mark.line
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PlainYamlError(
                line, "Anchors and aliases (& and *) are not allowed. Put the text in quotes."
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise PlainYamlError(line, f"The file is nested deeper than {DEEPEST} levels.")


def _plain(node: yaml.Node, first_line: int) -> Any:
    line = first_line + node.start_mark.line
    tag = node.tag.removeprefix("tag:yaml.org,2002:")
    if tag not in TAGS:
        raise PlainYamlError(line, f"The tag “{tag}” is not allowed.")
    match node:
        case yaml.MappingNode():
            return _mapping(node, line, first_line)
        case yaml.SequenceNode():
            return [_plain(item, first_line) for item in node.value]
    return _scalar(tag, node.value)


def _scalar(tag: str, value: str) -> str | int | bool | None:
    match tag:
        case "bool":
            return value.lower() in {"true", "yes"}
        case "int":
            return int(value)
        case "null":
            return None
    return value


def _mapping(node: yaml.MappingNode, line: int, first_line: int) -> Lined:
    found = Lined()
    found.line, found.lines = line, {}
    for key_node, value_node in node.value:
        key, key_line = key_node.value, first_line + key_node.start_mark.line
        if not isinstance(key, str):
            raise PlainYamlError(key_line, "A key must be one word.")
        if key in found:
            raise PlainYamlError(key_line, f"“{key}” stands here twice. Keep one.")
        found[key] = _plain(value_node, first_line)
        found.lines[key] = key_line
    return found
