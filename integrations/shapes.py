"""What comes in and goes out of the API, as JSON. Shapes only: the rules are those of `approvals.actions`."""

import datetime as dt
import uuid
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from approvals.actions import LONGEST_ALT_TEXT, LONGEST_POST, MOST_MEDIA
from approvals.forms import DecisionForm
from approvals.models import Licence, Minors
from approvals.states import State
from clause_library.text import check_text

FIRST_YEAR, LAST_YEAR = 2000, 2200  # of a window: no network plans further
LONGEST_NOTE, LONGEST_REASON, LONGEST_LINK = 500, 2000, 500
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
StateName = Literal[tuple(state.value for state in State)]
VerdictName = Literal[tuple(name for name, _ in DecisionForm.base_fields["verdict"].choices)]


def _plain(text: str) -> str:
    """Refuse control characters and halves of characters, in words."""
    for says in check_text(text, longest=LONGEST_POST):
        raise ValueError(says)
    return text


def _near(at: dt.datetime) -> dt.datetime:
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"A time lies between {FIRST_YEAR} and {LAST_YEAR}.")
    return at


Moment = Annotated[AwareDatetime, AfterValidator(_near)]
Words = AfterValidator(_plain)


class Strict(Schema):
    """A field that we do not know is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


class MediumIn(Strict):
    """A picture or a video, as its author declares it. Files are not uploaded; only what is said here is cleared."""

    alt_text: Annotated[str, Field(max_length=LONGEST_ALT_TEXT), Words] = ""
    licence: Literal[tuple(Licence.values)] = Licence.UNKNOWN.value
    minors: Literal[tuple(Minors.values)] = Minors.NONE.value


class ScreenIn(Strict):
    text: str = Field(max_length=LONGEST_POST, description="The post as it would go out.")
    channels: list[Annotated[int, Field(ge=1, le=2**31)]] = Field([], max_length=50)
    media: list[MediumIn] = Field([], max_length=MOST_MEDIA)


class SubmissionIn(Strict):
    text: str = Field(min_length=1, max_length=LONGEST_POST)
    channels: list[Annotated[int, Field(ge=1, le=2**31)]] = Field(
        min_length=1, max_length=50, description="Ids from GET /channels."
    )
    window_from: Moment | None = Field(None, description="Not before; with an offset.")
    window_until: Moment | None = Field(None, description="Not after; with an offset.")
    note: Annotated[str, Field(max_length=LONGEST_NOTE), Words] = Field(
        "", description="A word to the reviewer."
    )
    media: list[MediumIn] = Field([], max_length=MOST_MEDIA)
    together: bool = Field(
        default=False,
        description="Keep a post in one of which a part needs no clearance: that part is then stored, too.",
    )


class DecisionIn(Strict):
    verdict: VerdictName = Field(
        description="Of findings, clear_right says that the checks were right to ask, clear_fine that all is fine here."
    )
    seen: Digest = Field(description="The digest of the revision that was looked at.")
    reason: Annotated[str, Field(max_length=LONGEST_REASON), Words] = Field(
        "", description="For send_back and decline: what would make it fine."
    )
    fine_because: Annotated[str, Field(max_length=500), Words] = Field(
        "", description="For clear_fine: why it is fine here."
    )
    provision: Annotated[str, Field(max_length=20), Words] = Field(
        "", description="For decline: the number of the provision that stands against it."
    )


class SeenIn(Strict):
    seen: Digest = Field(description="The digest of the revision that was looked at.")


class PublishedIn(SeenIn):
    url: Annotated[str, Field(max_length=LONGEST_LINK), Words] = Field(
        "", description="Where it went out, if that is known."
    )
    text: Annotated[str, Field(max_length=LONGEST_POST), Words] = Field(
        "", description="The text as it stands there; it is compared with what was cleared."
    )
    channel: Annotated[int, Field(ge=1, le=2**53)] | None = Field(
        None, description="On which of its channels, where it has several."
    )


class ChannelOut(Schema):
    id: int
    name: str
    network: str
    is_official: bool
    content_class: str
    may_review: bool = Field(description="Whether this person decides on its posts.")


class FindingOut(Schema):
    check: str
    provision: str = Field(description="The number of the provision that it cites.")
    title: str
    category: str
    severity: str
    message: str
    where: str = Field(
        description="Empty in the post's text; alt-2 in the alt text of its second picture, words-1 in its first file."
    )
    start: int = Field(description="In code points of that text.")
    end: int
    fix: str | None = Field(description="What would replace text[start:end].")
    settled: bool = Field(description="A reviewer has found the same words fine before.")


class ScreenOut(Schema):
    """What the policy makes of a text now. Nothing was stored."""

    lane: Literal["green", "amber", "red", "not_ours", ""]
    needs_clearance: bool
    reasons: list[str]
    problems: list[str] = Field(description="Why it cannot be put forward as it is.")
    findings: list[FindingOut]
    answer_by: dt.datetime | None = Field(
        description="When an answer is promised, if a person looks."
    )
    usual: str = Field(description="How long such posts waited lately, in words.")
    rest: str | None = Field(
        description="Of a mixed post, what is left without the part that needs no clearance."
    )


class SubmissionOut(Schema):
    id: uuid.UUID
    needs_clearance: Literal[True] = True
    state: StateName
    lane: Literal["green", "amber", "red"]
    digest: Digest = Field(
        description="Send it as “seen” with whatever you do about this revision."
    )
    revision: int
    author: str
    owner: str | None = Field(description="Who looks at it now.")
    submitted_at: dt.datetime
    due_at: dt.datetime | None
    decided_at: dt.datetime | None
    published_at: dt.datetime | None
    clearance: str | None = Field(description="The number that anybody can check at /check/.")
    valid_until: dt.datetime | None
    findings: list[FindingOut]
    url: str


class ReviewOut(Schema):
    verdict: str
    reviewer: str
    reason: str
    provision: str | None
    decided_at: dt.datetime


class SubmissionDetail(SubmissionOut):
    text: str
    note: str
    channels: list[str]
    window_from: dt.datetime | None
    window_until: dt.datetime | None
    reviews: list[ReviewOut] = Field(description="Of this revision.")


class NoClearanceOut(Schema):
    """This is speech that the law protects. Post it as you like; nothing of it was stored."""

    needs_clearance: Literal[False] = False
    says: str


class SubmissionRow(Schema):
    id: uuid.UUID
    state: StateName
    lane: Literal["green", "amber", "red"]
    digest: Digest
    author: str
    owner: str | None
    submitted_at: dt.datetime
    due_at: dt.datetime | None
    url: str


class SubmissionPage(Schema):
    items: list[SubmissionRow]
    page: int
    pages: int
    count: int
