"""Kept evaluations, read again by the very rules that gave them."""

from . import lanes
from .models import LaneTable, Screening


def replayed(screening: Screening) -> lanes.Replay:
    """Whether what is kept of a screening still gives its lane."""
    kept = LaneTable.objects.filter(digest=screening.evaluation.get("rules_digest", "")).first()
    return replayed_by(screening, kept)


def replayed_by(screening: Screening, kept: LaneTable | None) -> lanes.Replay:
    """The same, for a caller who has the rules already."""
    if kept is None:
        return lanes.Replay(
            is_same=False, says="The rules that it was evaluated with are not kept."
        )
    if screening.lane != screening.evaluation.get("lane"):
        return lanes.Replay(is_same=False, says="Its lane is not the one that was evaluated.")
    return lanes.replay(screening.evaluation, kept.table)
