"""The API, version 1: what people do with posts, for their programs. Every rule is that of `approvals`."""

import json
from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Header, NinjaAPI, Query, Schema
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from pydantic import Field

from approvals import actions, publishing
from approvals.errors import RefusedPostError
from approvals.findings import judged
from approvals.forms import LONGEST_POST, DecisionForm
from approvals.models import BackingRecord, Channel, Submission
from approvals.preview import preview
from clause_library.checks.model import Medium
from documents.models import StoredFile
from organization.models import Person

from . import answers, once, problems
from .bearer import ApiToken
from .errors import NoRecordError, NotJsonError, TooLargeError
from .scopes import FOR_PROGRAMS, Scope
from .shapes import (
    ChannelOut,
    DecisionIn,
    MediumIn,
    NoClearanceOut,
    PublishedIn,
    ScreenIn,
    ScreenOut,
    SeenIn,
    StateName,
    SubmissionDetail,
    SubmissionIn,
    SubmissionOut,
    SubmissionPage,
)

PAGE = 25
LARGEST = 2_000_000  # bytes of a request; the longest post, escaped as JSON, has 1.2 million
ABOUT = (
    "What people do with posts in Countersign, for programs that act for one of them. Send a token as "
    "“Authorization: Bearer cs_…”. Whatever is refused is refused as on the pages, in a sentence for people "
    "(RFC 9457). Times are in UTC."
)
SAID = {
    400: "The body cannot be read",
    401: "No token that works",
    403: "The person, or the token, may not do that",
    404: "Nothing there that the person may see",
    409: "It has moved on meanwhile, or a way on is open: see the type",
    413: "Larger than 2 MB",
    415: "The body is not JSON",
    422: "The request is not as documented, or the rules refuse it",
    429: "Too many requests; Retry-After says when to go on",
}
ALWAYS, BODY = (401, 403, 429), (400, 413, 415)
JSON, PDF = "application/json", "application/pdf"
Key = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")]
OptionalKey = Annotated[str, Field(max_length=255, pattern=r"^[\x21-\x7e]*$")]
KEY = Header(alias="Idempotency-Key")
OPTIONAL_KEY = Header("", alias="Idempotency-Key")
Whose = Literal["mine", "to_review"]


class Strict(Parser):
    """JSON as RFC 8259 has it: named as such, not too large, without NaN, and not nested without end."""

    def parse_body(self, request: HttpRequest) -> dict:
        if request.content_type != JSON:
            raise NotJsonError
        if len(request.body) > LARGEST:
            raise TooLargeError
        return json.loads(request.body, parse_constant=self._refuse)

    @staticmethod
    def _refuse(name: str) -> None:
        raise ValueError(f"{name} is not JSON.")


class Api(NinjaAPI):
    """Answers refusals in our form, and says in its description that every operation may."""

    def get_openapi_schema(self, **options: object) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = problems.SCHEMA
        schema["servers"] = [{"url": settings.COUNTERSIGN_URL}]
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def create_response(self, *args: object, **options: object) -> HttpResponse:
        """What is told of posts stays in no cache on the way."""
        response = super().create_response(*args, **options)
        response["Cache-Control"] = "private, no-store"
        return response

    def on_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse:
        """A mistake of ours is left to Django: 500, an apology with a reference."""
        if answer := problems.of(exc):
            return answer
        raise exc


api = Api(
    title="Countersign",
    version="1",
    description=ABOUT,
    urls_namespace="integrations:api",
    openapi_url="openapi.json",
    docs_url=None,
    parser=Strict(),
)


def operation(path: str, *statuses: int, scope: tuple[Scope, ...], **options: object) -> dict:
    """What each operation is registered with: its path, its token, and what it may answer besides success."""
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {problems.MEDIA_TYPE: {"schema": schema}}
    refused = {
        status: {"description": SAID[status], "content": content}
        for status in sorted({*ALWAYS, *statuses})
    }
    refused[429] |= {"headers": {"Retry-After": {"schema": {"type": "integer"}}}}
    extra = {
        "responses": options.pop("files", {}) | refused,
        "x-scopes": [one.value for one in scope],
    }
    auth = ApiToken(*(one.value for one in scope))
    return {"path": path, "auth": auth, "openapi_extra": extra, **options}


def _file(media_type: str, schema: dict) -> dict:
    return {200: {"description": "The record", "content": {media_type: {"schema": schema}}}}


@api.get(**operation("channels", scope=tuple(FOR_PROGRAMS), response=list[ChannelOut]))
def channels(request: HttpRequest):
    """The accounts that posts go out on."""
    mine = set(Channel.objects.reviewed_by(request.auth).values_list("pk", flat=True))
    found = Channel.objects.in_use()
    return [answers.of_channel(one, may_review=one.pk in mine) for one in found]


@api.post(**operation("screen", *BODY, 422, scope=(Scope.SCREEN,), response=ScreenOut))
def screen(request: HttpRequest, payload: ScreenIn):
    """What the policy makes of a text: findings, lane, and when an answer would come. Nothing is stored."""
    chosen = _channels(payload.channels)
    media = _media(payload.media)
    found = preview(payload.text, request.auth, chosen, longest=LONGEST_POST, media=media)
    return answers.of_preview(found)


@api.post(
    **operation(
        "submissions",
        *BODY,
        409,
        422,
        scope=(Scope.SUBMIT,),
        response={201: SubmissionOut, 200: NoClearanceOut},
    )
)
def submit(request: HttpRequest, payload: SubmissionIn, key: Key = KEY):
    """Put a post forward. The same key with the same body is answered as the first time, for 30 days."""
    person = request.auth

    def act() -> once.Answered | None:
        submission = actions.submit(
            actor=person,
            key=once.submission_key(person, key),
            channels=_channels(payload.channels),
            media=_media(payload.media),
            may_lack_files=True,
            **payload.model_dump(exclude={"channels", "media"}),
        )
        return submission and _kept(201, answers.of_submission(submission, person))

    answered = once.answer(person, key, _asked(request, payload), act)
    return _said(answered or _kept(200, answers.NO_CLEARANCE))


@api.get(**operation("submissions", 422, scope=(Scope.READ,), response=SubmissionPage))
def submissions(
    request: HttpRequest,
    of: Annotated[Whose, Query(description="Your own, or what waits for you.")] = "mine",
    state: Annotated[StateName | None, Query()] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
):
    """Posts, 25 a page: your own, the newest first; or those that wait for you, by due time."""
    person = request.auth
    found = person.submissions.all()
    if of == "to_review":
        found = Submission.objects.asking(person).order_by("due_at")
    if state:
        found = found.told_as(state)
    shown = Paginator(found.select_related(*answers.NEEDED), PAGE).get_page(page)
    return SubmissionPage(
        items=[answers.of_row(one, person) for one in shown],
        page=shown.number,
        pages=shown.paginator.num_pages,
        count=shown.paginator.count,
    )


@api.get(**operation("submissions/{pk}", 404, 422, scope=(Scope.READ,), response=SubmissionDetail))
def submission(request: HttpRequest, pk: UUID):
    """One post: where it stands, who looks at it and by when, what was found, and its words."""
    found = get_object_or_404(_visible(request.auth), pk=pk)
    return answers.of_detail(found, request.auth)


@api.post(
    **operation(
        "submissions/{pk}/decision",
        *BODY,
        404,
        409,
        422,
        scope=(Scope.DECIDE,),
        response=SubmissionOut,
    )
)
def decide(request: HttpRequest, pk: UUID, payload: DecisionIn, key: OptionalKey = OPTIONAL_KEY):
    """Decide on the revision that was seen. Who changed the post meanwhile makes this a conflict (409)."""
    person = request.auth
    found = get_object_or_404(_visible(person).exclude(author=person), pk=pk)
    decision = _decision(found, payload)

    def act() -> once.Answered:
        return _kept(
            200, answers.of_submission(actions.decide(found, actor=person, **decision), person)
        )

    return _said(once.answer(person, key, _asked(request, payload), act))


@api.post(
    **operation(
        "submissions/{pk}/withdraw",
        *BODY,
        404,
        409,
        422,
        scope=(Scope.SUBMIT,),
        response=SubmissionOut,
    )
)
def withdraw(request: HttpRequest, pk: UUID, payload: SeenIn, key: OptionalKey = OPTIONAL_KEY):
    """Take a post of yours back. The backing of what was cleared ends now."""
    person = request.auth
    found = get_object_or_404(_own(person), pk=pk)

    def act() -> once.Answered:
        after = actions.withdraw(found, actor=person, seen=payload.seen)
        return _kept(200, answers.of_submission(after, person))

    return _said(once.answer(person, key, _asked(request, payload), act))


@api.post(
    **operation(
        "submissions/{pk}/published",
        *BODY,
        404,
        409,
        422,
        scope=(Scope.SUBMIT,),
        response=SubmissionOut,
    )
)
def published(
    request: HttpRequest, pk: UUID, payload: PublishedIn, key: OptionalKey = OPTIONAL_KEY
):
    """Report that the cleared text of a post of yours is out on a channel, where, and what stands there."""
    person = request.auth
    found = get_object_or_404(_own(person), pk=pk)
    channel = payload.channel and found.channels.filter(pk=payload.channel).first()
    report = publishing.Report(url=payload.url, text=payload.text)

    def act() -> once.Answered:
        publishing.publish(
            found, actor=person, seen=payload.seen, channel=channel or None, report=report
        )
        found.refresh_from_db()
        return _kept(200, answers.of_submission(found, person))

    return _said(once.answer(person, key, _asked(request, payload), act))


@api.get(
    **operation(
        "submissions/{pk}/backing-record",
        404,
        422,
        scope=(Scope.READ,),
        files=_file(JSON, {"type": "object"}),
    )
)
def backing_record(request: HttpRequest, pk: UUID):
    """The evidence that the company stands behind the post, as JSON: docs/reference/evidence.md."""
    return _stored(_record(request.auth, pk).evidence)


@api.get(
    **operation(
        "submissions/{pk}/backing-record.pdf",
        404,
        422,
        scope=(Scope.READ,),
        files=_file(PDF, {"type": "string", "format": "binary"}),
    )
)
def backing_record_pdf(request: HttpRequest, pk: UUID):
    """The same as the PDF that its author keeps."""
    return _stored(_record(request.auth, pk).pdf)


def nothing_here(_request: HttpRequest, _rest: str) -> HttpResponse:
    """Any other path below the API."""
    return problems.problem(404, problems.NOT_FOUND)


def _visible(person: Person) -> QuerySet[Submission]:
    return Submission.objects.visible_to(person).select_related(*answers.NEEDED)


def _own(person: Person) -> QuerySet[Submission]:
    return person.submissions.select_related(*answers.NEEDED)


def _record(person: Person, pk: UUID) -> BackingRecord:
    found = get_object_or_404(
        Submission.objects.visible_to(person).select_related(
            "clearance__backing_record__pdf", "clearance__backing_record__evidence"
        ),
        pk=pk,
    )
    if found.clearance is None:
        raise NoRecordError("This post is not cleared, so it has no backing record.")
    record = getattr(found.clearance, "backing_record", None)
    if record is None or not record.is_ready:
        raise NoRecordError("The record is being made. Ask again in a few seconds.")
    return record


def _stored(stored: StoredFile) -> HttpResponse:
    response = HttpResponse(stored.read(), content_type=stored.media_type)
    response["Cache-Control"] = "private, no-store"
    return response


def _channels(pks: Iterable[int]) -> list[Channel]:
    """The channels with these ids, all of them in use."""
    wanted = set(pks)
    found = list(Channel.objects.in_use().filter(pk__in=wanted))
    if len(found) < len(wanted):
        raise RefusedPostError("One of the channels is not in use. Take ids from GET /channels.")
    return found


def _media(media: Iterable[MediumIn]) -> tuple[Medium, ...]:
    return tuple(Medium(**one.model_dump()) for one in media)


def _decision(found: Submission, payload: DecisionIn) -> dict:
    """What a reviewer's form makes of it: reasons and provisions are asked for as on the page."""
    screening = actions.latest_screening(found.revision)
    provisions = screening.edition.provisions.select_related("clause_version")
    form = DecisionForm(provisions=provisions, judged=judged(screening))
    cited = provisions.filter(number=payload.provision).first() if payload.provision else None
    if payload.provision and cited is None:
        raise RefusedPostError(f"There is no provision {payload.provision} in the edition.")
    said = payload.model_dump(exclude={"provision"})
    said |= {"provision": cited and cited.pk, "shown": form.initial["shown"]}
    form = DecisionForm(said, provisions=provisions, judged=judged(screening))
    _refuse_invalid(form)
    return form.decision()


def _refuse_invalid(form: Form) -> None:
    """A form's sentences, each where it belongs."""
    if not form.is_valid():
        raise ValidationError(
            [
                {"loc": (field,), "msg": says}
                for field, sentences in form.errors.items()
                for says in sentences
            ]
        )


def _asked(request: HttpRequest, payload: Schema) -> bytes:
    """What makes two requests the same."""
    return f"{request.method} {request.path}\n{payload.model_dump_json()}".encode()


def _kept(status: int, answer: Schema) -> once.Answered:
    return status, answer.model_dump_json()


def _said(answered: once.Answered) -> HttpResponse:
    status, body = answered
    response = HttpResponse(body, status=status, content_type=JSON)
    response["Cache-Control"] = "no-store"
    return response
