"""Files on their way into a post: received, taken away, given to a revision, forgotten.

Until a post claims it, a file is a thing that its author can take away, and that leaves nothing behind: no entry in the
ledger, no stored file. Whoever calls looks first whether the post needs clearance at all (invariant 13).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from functools import partial

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from clause_library.checks.model import Medium
from documents.errors import RefusedFileError
from documents.media.cleaning import clean
from documents.media.kinds import kind_of, refuse_size
from documents.media.receiving import is_whole
from documents.models import store
from organization.models import Person

from .errors import RefusedPostError
from .media import A_DAY, FOLDER, THUMBNAIL, MediaFile, RevisionMedium, Upload, kept_for
from .models import Revision

MOST_WAITING = 20  # files of one person that no post has claimed
GONE = (
    "The file of picture or video {number} is no longer here: files that nobody submits are "
    "forgotten after a day. Choose it again."
)


def receive(file: UploadedFile, uploader: Person) -> Upload:
    """Take in a file for its author alone; the same file again is the same upload, and its day begins anew.

    RefusedFileError says why a file is not taken. Reading it is done by a process that is killed at its limits.
    """
    if not is_whole(file):
        refuse_size(kind_of(file.read(1024)), file.size)
    if Upload.objects.of(uploader).count() >= MOST_WAITING:
        raise RefusedFileError(
            f"You have {MOST_WAITING} files here that are in no post. Submit or remove some first; "
            "after a day they are forgotten."
        )
    cleaned = clean(file.read())
    return _keep(cleaned, uploader)


def _keep(cleaned, uploader: Person) -> Upload:
    upload = Upload(
        uploader=uploader,
        digest=cleaned.digest,
        size=len(cleaned.data),
        **cleaned.facts(),
    )
    again = Upload.objects.of(uploader).filter(digest=upload.digest)
    if again.update(received_at=timezone.now()):
        return again.get()
    upload.keep(cleaned)
    kept, is_new = Upload.objects.get_or_create(
        uploader=uploader, digest=upload.digest, defaults=_fields(upload) | {"id": upload.pk}
    )
    if not is_new:  # the same file came twice at once
        upload.erase()
    return kept


def _fields(facts: Upload) -> dict:
    names = "media_type size width height frames duration_ms pages removed words".split()
    return {name: getattr(facts, name) for name in names}


def discard(uploader: Person, digests: Iterable[str]) -> None:
    """Take away files that are in no post, at once and without a trace."""
    for upload in Upload.objects.of(uploader).filter(digest__in=list(digests)):
        _forget(upload)


def _forget(upload: Upload) -> None:
    Upload.objects.filter(pk=upload.pk).delete()
    transaction.on_commit(upload.erase)


def described(media: Sequence[Medium], author: Person) -> tuple[Medium, ...]:
    """What was declared, with what each file says itself; a file that is not the author's counts as none."""
    known = kept_for(author, (medium.file for medium in media))
    return tuple(
        known[medium.file].describe(medium)
        if medium.file in known
        else Medium(medium.alt_text, medium.licence, medium.minors)
        for medium in media
    )


def refuse_missing(
    media: Sequence[Medium], described: Sequence[Medium], *, without_files: Collection[Medium] = ()
) -> None:
    """A clearance covers bytes: whatever goes out with a post is here.

    But for what is said of ``without_files``: a program sends none up, and what it said stays when its post is changed.
    """
    for number, (said, found) in enumerate(zip(media, described, strict=True), start=1):
        if not said.file and said in without_files:
            continue
        if not said.file:
            raise RefusedPostError(
                f"Choose the file of picture or video {number}, or leave that one out."
            )
        if not found.file:
            raise RefusedPostError(GONE.format(number=number))


def claim(revision: Revision, author: Person) -> None:
    """Keep for good what a revision names; the uploads are gone. Inside the transaction that writes the revision."""
    for number, medium in enumerate(revision.declared, start=1):
        if not medium.file:
            continue  # only said, by a program
        file = MediaFile.objects.filter(digest=medium.file).first() or _kept(medium, number, author)
        RevisionMedium.objects.create(revision=revision, number=number, file=file)
    discard(author, [medium.file for medium in revision.declared])


def _kept(medium: Medium, number: int, author: Person) -> MediaFile:
    upload = Upload.objects.of(author).select_for_update().filter(digest=medium.file).first()
    if upload is None:
        raise RefusedPostError(GONE.format(number=number))
    pages = [upload.read(str(page)) for page in range(1, upload.previews + 1)]
    row, _ = MediaFile.objects.get_or_create(
        digest=upload.digest,
        defaults=_fields(upload)
        | {
            "stored": store(upload.read(), upload.media_type),
            "thumbnail": store(upload.read(THUMBNAIL), "image/jpeg"),
            "shown": [store(page, "image/jpeg").digest for page in pages],
        },
    )
    return row


def forget(at: dt.datetime | None = None) -> None:
    """After a day nobody wanted it: the clock takes away uploads, and bytes that a stop left without a row."""
    at = at or timezone.now()
    for upload in Upload.objects.forgotten(at):
        still = partial(Upload.objects.forgotten(at).filter(pk=upload.pk).delete)
        if still()[0]:
            upload.erase()
    _sweep(at)


def _sweep(at: dt.datetime) -> None:
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    kept = {pk.hex for pk in Upload.objects.values_list("pk", flat=True)}
    for name in names:
        path = f"{FOLDER}/{name}"
        if name.split(".")[0] not in kept and default_storage.get_modified_time(path) <= at - A_DAY:
            default_storage.delete(path)
