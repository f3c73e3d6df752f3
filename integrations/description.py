"""An OpenAPI description as people read it: operations and shapes in words. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

LAST_SUCCESS = 299


@dataclass(frozen=True)
class Type:
    """What stands in a place: words, or the name of a shape that is described further down."""

    words: str = ""
    shape: str = ""  # follows the words


@dataclass(frozen=True)
class Named:
    """A parameter or a field, what it takes, and what is said of it."""

    name: str
    type: Type
    says: str


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    says: str
    scopes: tuple[str, ...]
    takes: tuple[Named, ...]  # parameters; the body under the name "body"
    answers: tuple[tuple[int, Type], ...]
    refusals: tuple[int, ...]


@dataclass(frozen=True)
class Shape:
    name: str
    says: str
    fields: tuple[Named, ...]


def operations(schema: dict) -> list[Operation]:
    """Every operation of a description, in its order."""
    return [
        _operation(path, method, one)
        for path, methods in schema["paths"].items()
        for method, one in methods.items()
    ]


def shapes(schema: dict) -> list[Shape]:
    """Every shape that operations take or answer, by name."""
    return [
        Shape(name, one.get("description", ""), tuple(_fields(one)))
        for name, one in sorted(schema["components"]["schemas"].items())
    ]


def _operation(path: str, method: str, one: dict) -> Operation:
    return Operation(
        name=one["operationId"],
        method=method.upper(),
        path=path,
        says=one["description"],
        scopes=tuple(one["x-scopes"]),
        takes=tuple(_takes(one)),
        answers=tuple(
            (status, _content(answer))
            for status, answer in one["responses"].items()
            if status <= LAST_SUCCESS
        ),
        refusals=tuple(sorted(status for status in one["responses"] if status > LAST_SUCCESS)),
    )


def _takes(one: dict) -> Iterator[Named]:
    for parameter in one["parameters"]:
        wanted = "" if parameter["required"] else "Optional. "
        says = f"In the {parameter['in']}. {wanted}{parameter.get('description', '')}"
        yield Named(parameter["name"], _type(parameter["schema"]), says.strip())
    if "requestBody" in one:
        yield Named("body", _content(one["requestBody"]), "")


def _fields(shape: dict) -> Iterator[Named]:
    wanted = shape.get("required", shape["properties"])
    for name, one in shape["properties"].items():
        optional = "" if name in wanted else "Optional. "
        yield Named(name, _type(one), (optional + one.get("description", "")).strip())


def _content(answer: dict) -> Type:
    (media_type, content), *_ = answer["content"].items()
    return _type(content["schema"]) if media_type.endswith("json") else Type(media_type)


def _type(schema: dict) -> Type:
    if "$ref" in schema:
        return Type(shape=schema["$ref"].rpartition("/")[2])
    if schema.get("type") == "array":
        inner = _type(schema["items"])
        return Type(f"list of {inner.words}", inner.shape)
    if "anyOf" in schema:
        return Type(" or ".join(_words(one) for one in schema["anyOf"]))
    return Type(_words(schema))


def _words(schema: dict) -> str:
    if "enum" in schema:
        return ", ".join(str(value) or "(empty)" for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"]).lower()
    most = schema.get("maxLength")
    kind = schema.get("format") or schema.get("type", "anything")
    return f"{kind}, at most {most:,} characters" if most else kind
