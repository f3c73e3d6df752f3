"""Files of posts: sent up while a post is written, and shown to those who may see the post."""

import re
import uuid
from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from documents.errors import RefusedFileError
from documents.media.kinds import BY_TYPE
from documents.models import StoredFile

from . import uploads
from .actions import MOST_MEDIA
from .forms import PostForm, empty_row, new_file
from .lanes import NOT_OURS
from .media import Facts, MediaFile, RevisionMedium, Upload, kept_for
from .models import Channel, Submission
from .preview import LONGEST_LIVE_TEXT, Preview, preview

NOTHING_KEPT = (
    "This post needs no clearance, so we kept nothing of the file. Post both when you like."
)
A_STRETCH = 8_000_000  # bytes that one answer carries of a video
RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


def attached(
    request: HttpRequest, form_class: type[PostForm], submission: Submission | None = None
) -> tuple[QueryDict, dict[str, str]]:
    """The form as posted, with what came along taken in; and, by field, why a file was not.

    Of a post that is protected speech nothing is taken in: screening comes before the first write (invariant 13).
    """
    data = request.POST.copy()
    rows = range(1, MOST_MEDIA + 1)
    _remove(request, data)
    files = {row: request.FILES[new_file(row)] for row in rows if new_file(row) in request.FILES}
    if not files:
        return data, {}
    if previewed(request.user, form_class(data), submission).lane == NOT_OURS:
        return data, {} if is_final(request) else {new_file(row): NOTHING_KEPT for row in files}
    refused = {}
    for row, file in files.items():
        try:
            data[f"medium_{row}_file"] = uploads.receive(file, request.user).digest
        except RefusedFileError as refusal:
            refused[new_file(row)] = refusal.says
    return data, refused


def is_final(request: HttpRequest) -> bool:
    """Whether the press puts the post forward; others look at it first, or change what goes out with it."""
    return not {"check", "attach", "remove"} & set(request.POST)


def _remove(request: HttpRequest, data: QueryDict) -> None:
    """A press on *Take it out*: the row becomes empty, and the file is gone unless a post of theirs has it."""
    row = request.POST.get("remove", "")
    if row in {str(number) for number in range(1, MOST_MEDIA + 1)}:
        uploads.discard(request.user, [data.get(f"medium_{row}_file", "")])
        for name, value in empty_row(int(row)).items():
            data[name] = value


def previewed(
    person, form: PostForm, submission: Submission | None, longest: int = LONGEST_LIVE_TEXT
) -> Preview:
    """What the policy makes of the form as it stands."""
    words = (form["text"].value() or "").replace("\r\n", "\n")
    chosen = Channel.objects.in_use().filter(pk__in=_numbers(form["channels"].value()))
    media = uploads.described(form.media_declared(), person)
    return preview(words, person, list(chosen), submission, longest, media)


def _numbers(values) -> list[int]:
    return [int(value) for value in values or [] if str(value).isdecimal()]


def files_of(person, form: PostForm) -> Mapping[str, Facts]:
    """What is known of the form's files, by digest, for the page."""
    return kept_for(person, (row.file for row in form.media_rows()))


@login_required
@require_POST
def attach(request: HttpRequest, row: int, pk: uuid.UUID | None = None) -> HttpResponse:
    """Take in one file while the post is being written; the answer is its row of the form."""
    if not 1 <= row <= MOST_MEDIA:
        raise Http404("There is no such row.")
    post = request.user.submissions.filter(pk=pk).first() if pk else None
    data, refused = attached(request, PostForm, post)
    form = PostForm(data)
    for field, says in refused.items():
        form.add_error(field, says)
    context = {"row": form.media_row(row), "files": files_of(request.user, form)}
    return HttpResponse(render_to_string("components/medium.html", context))


@login_required
@require_safe
def upload(request: HttpRequest, digest: str, page: int = 0) -> HttpResponse:
    """The thumbnail of a file that this author may put into a post, or the preview of one of its pages."""
    return _picture(kept_for(request.user, [digest]).get(digest), page)


@login_required
@require_safe
def media_file(request: HttpRequest, pk: uuid.UUID, digest: str) -> HttpResponse:
    """The exact bytes that the post has, for those who may see the post; in stretches where a player asks for them."""
    file = _of_post(request, pk, digest)
    response = _stretch(request.headers.get("Range", ""), file.stored)
    response["Content-Type"] = file.media_type
    response["Accept-Ranges"] = "bytes"
    name = f"{file.digest[:12]}.{BY_TYPE[file.media_type].ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _kept_apart(response)


@login_required
@require_safe
def media_preview(request: HttpRequest, pk: uuid.UUID, digest: str, page: int) -> HttpResponse:
    """A page of it as a picture, from 1; its thumbnail is 0."""
    return _picture(_of_post(request, pk, digest), page)


def _of_post(request: HttpRequest, pk: uuid.UUID, digest: str) -> MediaFile:
    """A file of any revision of a post that this person may see."""
    post = get_object_or_404(Submission.objects.visible_to(request.user), pk=pk)
    uses = RevisionMedium.objects.filter(revision__submission=post, file=digest)
    found = uses.select_related("file__stored").first()
    if found is None:
        raise Http404("This post has no such file.")
    return found.file


def _picture(file: Upload | MediaFile | None, page: int) -> HttpResponse:
    data = file.picture(page) if file else None
    if data is None:
        raise Http404("There is no such picture.")
    return _kept_apart(HttpResponse(data, content_type="image/jpeg"))


def _stretch(asked: str, stored: StoredFile) -> HttpResponse:
    """All of it, or the part that was asked for (RFC 9110, section 14); one part, and no longer than a stretch."""
    wanted, size = RANGE.fullmatch(asked), stored.size
    if not wanted:
        return HttpResponse(stored.read())
    start = int(wanted[1])
    end = min(int(wanted[2] or size), size - 1, start + A_STRETCH - 1)
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    return HttpResponse(
        stored.read_part(start, end - start + 1),
        status=206,
        headers={"Content-Range": f"bytes {start}-{end}/{size}"},
    )


def _kept_apart(response: HttpResponse) -> HttpResponse:
    """What strangers wrote is never a page of ours: no script, no frame, no guess, no copy on the way."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["Content-Encoding"] = "identity"  # compressed already; and ranges count these bytes
    return response
