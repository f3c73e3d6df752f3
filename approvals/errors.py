"""Refusals of the approval path. Each says what happened and the way on; ``status`` is the answer's HTTP status."""


class TextChangedError(Exception):
    """The post is no longer what the actor saw (invariant 2)."""

    status = 409

    def __init__(self, submission) -> None:
        self.submission = submission
        self.says = (
            "This post has changed since you opened it. Nothing was decided. "
            "Open it again to see what changed."
        )
        super().__init__(self.says)


class NotTheSameError(Exception):
    """A request with the same key carried another post."""

    status = 409
    says = "This form was already used for another post. Open a new one; your text is still here."


class AlreadyJudgedError(Exception):
    """Somebody has judged this finding, or marked these words as missed, meanwhile."""

    status = 409
    says = (
        "Somebody judged this finding before you. Nothing was changed. Open the post again to see."
    )


class TooLateToUndoError(Exception):
    """The verdict has had its effect, or is no longer there."""

    status = 409
    says = (
        "There is nothing to undo any more: the verdict has taken effect, or the post was changed. "
        "A clearance can still be recalled, from now on."
    )


class TooEarlyError(Exception):
    """Nothing is done on a verdict that its reviewer may still take back."""

    status = 409
    says = "This post is still in review. Look again in a moment."


class StaleOfferError(Exception):
    """The wording is no longer on offer as its author saw it, or the rules have changed since."""

    status = 409
    says = (
        "This wording cannot be taken as it stands: it was replaced, taken back, or the policy has "
        "changed since. Nothing was done. Open your post again to see where it is."
    )


class ClaimedError(Exception):
    """A colleague is looking at it now."""

    status = 409

    def __init__(self, name: str, until: str) -> None:
        self.says = f"{name} is looking at it until {until}. Nothing was changed."
        super().__init__(self.says)


class RefusedPostError(ValueError):
    """The post cannot be put forward as it is. Nothing was stored."""

    def __init__(self, says: str) -> None:
        self.says = says
        super().__init__(says)


class MixedPostError(RefusedPostError):
    """A part of the post is protected speech: it is stored only where its author asks for that (invariant 13)."""

    def __init__(self) -> None:
        super().__init__(
            "A part of this needs no clearance, and we store nothing of it unless you ask us to. "
            "Take that part out and submit the rest, or keep it together."
        )
