"""What the page of a cleared post offers next: one press for each channel, what is known of it, and what differs."""

from dataclasses import dataclass

from clause_library.redline import redline
from organization.models import Person

from . import appealing, holds, recalling, rules, sharing
from .models import Appeal, Clearance, Likeness, Network, Publication, RecallNotice, Submission
from .publish_forms import AppealForm, PublishForm
from .states import State

MAY_BE_SHARED = frozenset({State.CLEARED, State.PUBLISHED})


@dataclass(frozen=True)
class Use:
    """One channel of a post: how it gets there, and what its author has reported."""

    channel: dict[str, str]  # Channel.snapshot()
    handover: sharing.Handover
    known: Publication | None
    form: PublishForm | None

    @property
    def network(self) -> str:
        return Network(self.channel["network"]).label

    @property
    def differs(self) -> bool:
        return self.known is not None and self.known.verdict == Likeness.DIFFERENT

    @property
    def is_compared(self) -> bool:
        return self.known is not None and self.known.verdict != Likeness.NOT_COMPARED


@dataclass(frozen=True)
class After:
    """All that follows a decision, for whoever reads the page; its author knows nothing of one that may be undone."""

    may_share: bool
    may_share_from: object  # datetime, where the clearance has not begun
    uses: tuple[Use, ...]
    redlines: dict[int, list]  # by publication: what was cleared, and what stands there
    told: RecallNotice | None  # this reader, of a recall
    appeal: Appeal | None
    appeal_form: AppealForm | None
    corrections: tuple[Submission, ...]


def after(
    submission: Submission,
    reader: Person,
    publish_form: PublishForm | None = None,
    appeal_form: AppealForm | None = None,
) -> After:
    """A constant number of queries, whatever the number of channels. ``…_form``: what has to be mended."""
    is_mine = rules.is_author(submission, reader)
    is_told = not (is_mine and submission.is_pending())
    clearance = submission.clearance if is_told else None
    uses = _uses(submission, clearance, publish_form if is_mine else None, is_mine=is_mine)
    stands = bool(clearance) and submission.state in MAY_BE_SHARED and is_mine
    is_wanted = stands and clearance.is_valid() and not all(use.known for use in uses)
    told = (
        RecallNotice.objects.filter(clearance=clearance, person=reader).first()
        if clearance and clearance.recalled_at
        else None
    )
    in_question = submission.state in {State.DECLINED, State.IN_APPEAL, State.CLEARED}
    return After(
        may_share=is_wanted and not clearance.came_late and holds.hold_on(submission) is None,
        may_share_from=clearance.starts_at if stands and not clearance.is_valid() else None,
        uses=uses,
        redlines={
            use.known.pk: redline(submission.revision.text, use.known.text)
            for use in uses
            if use.differs
        },
        told=told,
        appeal=appealing.appeal_of(submission) if in_question and is_told else None,
        appeal_form=appeal_form
        or (
            AppealForm(initial={"seen": submission.revision.digest})
            if appealing.may_appeal(submission, reader)
            else None
        ),
        corrections=tuple(submission.corrections.order_by("submitted_at")),
    )


def _uses(
    submission: Submission,
    clearance: Clearance | None,
    wrong: PublishForm | None,
    *,
    is_mine: bool,
) -> tuple[Use, ...]:
    if clearance is None:
        return ()
    known = {str(one.channel_id): one for one in clearance.publications.all()}  # the last tells all
    return tuple(
        Use(
            channel=channel,
            handover=sharing.hand_over(channel["network"], submission.revision.text),
            known=known.get(channel["id"]),
            form=_form(submission, channel, known.get(channel["id"]), wrong) if is_mine else None,
        )
        for channel in submission.revision.channels
    )


def _form(
    submission: Submission,
    channel: dict[str, str],
    known: Publication | None,
    wrong: PublishForm | None,
) -> PublishForm:
    if wrong and str(wrong["channel"].value()) == channel["id"]:
        return wrong
    return PublishForm(
        initial={
            "seen": submission.revision.digest,
            "channel": channel["id"],
            "url": known.url if known else "",
        },
        auto_id=f"id_{channel['id']}_%s",
    )


def recalls_of(clearance) -> dict[str, object]:
    """Who was told of a recall and who has seen it, for the page."""
    told = list(recalling.touched_by(clearance))
    return {"told": told, "seen": sum(one.seen_at is not None for one in told)}
