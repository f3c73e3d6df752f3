"""What stops a program, as RFC 9457 problem details: the sentence that a person would see, and the way on."""

import json
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse
from django_fsm import TransitionNotAllowed
from ninja.errors import AuthenticationError, HttpError, ValidationError

from approvals.errors import MixedPostError, RefusedPostError, TextChangedError

from .errors import TooLargeError, TooManyError

MEDIA_TYPE = "application/problem+json"
TOO_LATE = (
    "This has moved on meanwhile, so nothing was changed. Read it again to see what happened."
)
NOT_YOURS = "This person's role does not include that."
UNKNOWN = "Send a token that works, as “Authorization: Bearer cs_…”. Make one under Preferences."
NOT_FOUND = "There is nothing here that this person may see."
UNREADABLE = "The body is not JSON as RFC 8259 has it, in UTF-8."
WRONG_SHAPE = "The request is not as documented. See what is wrong in “errors”."
SCHEMA = {
    "title": "Problem",
    "description": "What stopped the request (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "description": "Names the kind of problem; “about:blank”: the status says it.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and the way on, for a person."},
        "errors": {
            "type": "array",
            "description": "Where the request is wrong.",
            "items": {
                "type": "object",
                "required": ["where", "says"],
                "properties": {"where": {"type": "string"}, "says": {"type": "string"}},
            },
        },
    },
}


def problem(
    status: int, detail: str, *, kind: str = "about:blank", errors: list[dict] | None = None
) -> HttpResponse:
    """An answer that says what went wrong. ``errors`` holds pairs of where and says."""
    body = {"type": kind, "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if errors:
        body["errors"] = errors
    response = HttpResponse(json.dumps(body), status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def of(error: Exception) -> HttpResponse | None:
    """The answer to what stopped a request; None for a mistake of ours."""
    for known in type(error).__mro__:
        if known in HANDLERS:
            return HANDLERS[known](error)
    return _of_refusal(error) if getattr(error, "says", "") else None


def _of_refusal(refusal: Exception) -> HttpResponse:
    """Whatever says in a sentence what happened. Of a mixed post a way on is open, so it is a conflict."""
    status = 409 if isinstance(refusal, MixedPostError) else getattr(refusal, "status", 422)
    response = problem(status, refusal.says, kind=KINDS.get(type(refusal), "about:blank"))
    if isinstance(refusal, TooManyError):
        response["Retry-After"] = str(refusal.wait)
    return response


def _of_no_token(_error: AuthenticationError) -> HttpResponse:
    response = problem(401, UNKNOWN)
    response["WWW-Authenticate"] = 'Bearer realm="Countersign"'
    return response


def _of_wrong_shape(error: ValidationError) -> HttpResponse:
    errors = [
        {"where": ".".join(str(part) for part in one["loc"][:6])[:200], "says": one["msg"][:300]}
        for one in error.errors[:20]
    ]
    return problem(422, WRONG_SHAPE, errors=errors)


def _of_unreadable(error: HttpError) -> HttpResponse:
    """The framework's word for a body that it cannot read; what our parser said of it is its cause."""
    if answer := error.__cause__ and getattr(error.__cause__, "says", "") and of(error.__cause__):
        return answer
    return problem(error.status_code, UNREADABLE)


def _of_nothing(_error: Http404) -> HttpResponse:
    return problem(404, NOT_FOUND)


def _of_denied(error: PermissionDenied) -> HttpResponse:
    says = str(error)
    return problem(403, says if says.endswith(".") else NOT_YOURS)


def _of_too_late(_error: TransitionNotAllowed) -> HttpResponse:
    return problem(409, TOO_LATE, kind="urn:countersign:too-late")


def _of_too_large(_error: RequestDataTooBig) -> HttpResponse:
    return problem(TooLargeError.status, TooLargeError.says)


HANDLERS = {
    AuthenticationError: _of_no_token,
    ValidationError: _of_wrong_shape,
    HttpError: _of_unreadable,
    Http404: _of_nothing,
    PermissionDenied: _of_denied,
    TransitionNotAllowed: _of_too_late,
    RequestDataTooBig: _of_too_large,
}
# Names to branch on, where a program can do something about it.
KINDS = {
    TextChangedError: "urn:countersign:text-changed",
    MixedPostError: "urn:countersign:mixed-post",
    RefusedPostError: "urn:countersign:refused-post",
}
