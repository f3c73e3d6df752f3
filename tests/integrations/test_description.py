"""The API's description in words."""

from integrations import description
from integrations.description import Named, Type

SCHEMA = {
    "paths": {
        "/x/{pk}": {
            "post": {
                "operationId": "x",
                "description": "Does x.",
                "x-scopes": ["read"],
                "parameters": [
                    {"name": "pk", "in": "path", "required": True, "schema": {"format": "uuid"}},
                    {
                        "name": "page",
                        "in": "query",
                        "required": False,
                        "schema": {"type": "integer"},
                        "description": "Which.",
                    },
                ],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}
                },
                "responses": {
                    200: {"content": {"application/pdf": {"schema": {"type": "string"}}}},
                    429: {},
                    404: {},
                },
            }
        }
    },
    "components": {
        "schemas": {
            "In": {
                "description": "What goes in.",
                "required": ["all"],
                "properties": {
                    "all": {"type": "array", "items": {"$ref": "#/components/schemas/One"}},
                    "text": {"type": "string", "maxLength": 1000},
                    "at": {"anyOf": [{"format": "date-time"}, {"type": "null"}]},
                    "lane": {"enum": ["green", ""]},
                    "is": {"const": True},
                },
            }
        }
    },
}


def test_an_operation_is_told_with_what_it_takes_and_answers():
    (one,) = description.operations(SCHEMA)
    assert (one.method, one.path, one.scopes) == ("POST", "/x/{pk}", ("read",))
    assert one.takes == (
        Named("pk", Type("uuid"), "In the path."),
        Named("page", Type("integer"), "In the query. Optional. Which."),
        Named("body", Type(shape="In"), ""),
    )
    assert one.answers == ((200, Type("application/pdf")),)
    assert one.refusals == (404, 429)


def test_a_shape_is_told_field_by_field():
    (shape,) = description.shapes(SCHEMA)
    assert (shape.name, shape.says) == ("In", "What goes in.")
    assert [(field.name, field.type, field.says) for field in shape.fields] == [
        ("all", Type("list of ", "One"), ""),
        ("text", Type("string, at most 1,000 characters"), "Optional."),
        ("at", Type("date-time or null"), "Optional."),
        ("lane", Type("green, (empty)"), "Optional."),
        ("is", Type("true"), "Optional."),
    ]
