"""The redline with moves: what went elsewhere is said to have moved, not to be deleted here and new there. Pure.

Passages (sentences, headings, items of a list) that stand once in each text are compared by their order: the heaviest
run in one order stays, the others moved. The rest is compared word by word; what that comparison
deletes in one place and inserts to the letter in another moved, too.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .redline import Run, redline

FEWEST_WORDS = 3  # that are worth calling a move
# White space and passages take turns. A passage ends with its sentence or its line.
PASSAGES = re.compile(r"\s+|\S(?:[^\n]*?[.!?:]['\"\u2019\u201d)\]*_]*(?=\s)|[^\n]*\S|)")
WORD = re.compile(r"\w+")
CORE = re.compile(r"\w(?:.*\w)?", re.DOTALL)  # from its first word to its last


class Passage(NamedTuple):
    start: int
    text: str


class Moved(NamedTuple):
    """The same stretch in both texts, from a character of each."""

    old: int
    new: int
    text: str


def redline_with_moves(old: str, new: str) -> list[Run]:
    """Old is what is equal or deleted, new what is equal, inserted or moved; both to the character.

    Moved text stands once as delete and once as move, with one number; numbers count from 1 through the new text.
    """
    moved = list(_moved(_passages(old), _passages(new)))
    rest = redline(
        _without(old, ((one.old, one.text) for one in moved)),
        _without(new, ((one.new, one.text) for one in moved)),
    )
    return _numbered(_with_moves_of_runs(_woven(rest, moved), len(moved)))


def _passages(text: str) -> list[Passage]:
    return [Passage(found.start(), found[0]) for found in PASSAGES.finditer(text)]


def _moved(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[Moved]:
    """In the order of the new text; neighbours that went together are one."""
    pairs = _pairs(old, new)
    stays = _heaviest_rising([at for at, _ in pairs], [_words_in(old[at].text) for at, _ in pairs])
    goes = {to: at for number, (at, to) in enumerate(pairs) if number not in stays}
    joined: set[int] = set()
    for to, at in sorted(goes.items()):
        if to in joined:
            continue
        end = 0  # of the stretch, in passages after its first
        while (
            goes.get(to + end + 2) == at + end + 2 and old[at + end + 1][1] == new[to + end + 1][1]
        ):
            end += 2
            joined.add(to + end)
        text = "".join(one.text for one in new[to : to + end + 1])
        if _words_in(text) >= FEWEST_WORDS:
            yield Moved(old[at].start, new[to].start, text)


def _words_in(text: str) -> int:
    return len(WORD.findall(text))


def _pairs(old: Sequence[Passage], new: Sequence[Passage]) -> list[tuple[int, int]]:
    """The places of passages that stand once in each text, in the order of the new one."""
    places = {one.text: at for at, one in enumerate(old)}
    times = [Counter(one.text for one in side) for side in (old, new)]
    return [
        (places[one.text], to)
        for to, one in enumerate(new)
        if not one.text.isspace() and all(counted[one.text] == 1 for counted in times)
    ]


def _heaviest_rising(numbers: Sequence[int], weights: Sequence[int]) -> set[int]:
    """The places of a rising run of different numbers that weighs most.

    A Fenwick tree over the ranks of the numbers holds the best run that ends at or below each.
    """
    ranks = {number: rank for rank, number in enumerate(sorted(numbers), 1)}
    best = [(0, -1)] * (len(numbers) + 1)  # weight, and the place that ends it
    before: list[int] = []
    for place, (number, weight) in enumerate(zip(numbers, weights, strict=True)):
        heaviest, at = (0, -1), ranks[number]
        while at:
            heaviest, at = max(heaviest, best[at]), at & (at - 1)
        before.append(heaviest[1])
        run, at = (heaviest[0] + weight, place), ranks[number]
        while at < len(best):
            best[at] = max(best[at], run)
            at += at & -at
    found, place = set(), max(best)[1]
    while place >= 0:
        found.add(place)
        place = before[place]
    return found


def _without(text: str, stretches: Iterable[tuple[int, str]]) -> str:
    kept, at = [], 0
    for start, stretch in sorted(stretches):
        kept.append(text[at:start])
        at = start + len(stretch)
    return "".join([*kept, text[at:]])


def _woven(runs: Iterable[Run], moved: Sequence[Moved]) -> list[Run]:
    """The runs of the rest, with what moved put in where it stood and where it stands."""
    leaves = sorted((one.old, number) for number, one in enumerate(moved))[::-1]
    comes = [(one.new, number) for number, one in enumerate(moved)][::-1]
    woven: list[Run] = []
    at = to = 0  # characters of the old and of the new text so far

    def put_in() -> None:
        nonlocal at, to
        while leaves and leaves[-1][0] == at:
            number = leaves.pop()[1]
            woven.append(Run("delete", moved[number].text, number))
            at += len(moved[number].text)
        while comes and comes[-1][0] == to:
            number = comes.pop()[1]
            woven.append(Run("move", moved[number].text, number))
            to += len(moved[number].text)

    for run in runs:
        text = run.text
        while text:
            put_in()
            room = [len(text)]
            if run.op != "insert" and leaves:
                room.append(leaves[-1][0] - at)
            if run.op != "delete" and comes:
                room.append(comes[-1][0] - to)
            piece, text = text[: min(room)], text[min(room) :]
            woven.append(Run(run.op, piece))
            at += len(piece) * (run.op != "insert")
            to += len(piece) * (run.op != "delete")
    put_in()
    return woven


def _with_moves_of_runs(runs: Sequence[Run], numbers: int) -> Iterator[Run]:
    """What one run deletes and another inserts to the letter, but for signs and white space around it, moved."""
    cores = [CORE.search(run.text) if run.move is None else None for run in runs]
    deleted: defaultdict[str, list[int]] = defaultdict(list)
    for place, (run, core) in enumerate(zip(runs, cores, strict=True)):
        if run.op == "delete" and core and _words_in(core[0]) >= FEWEST_WORDS:
            deleted[core[0]].append(place)
    found: dict[int, int] = {}
    for place, (run, core) in enumerate(zip(runs, cores, strict=True)):
        if run.op == "insert" and core and deleted[core[0]]:
            numbers += 1
            found |= {deleted[core[0]].pop(0): numbers, place: numbers}
    for place, (run, core) in enumerate(zip(runs, cores, strict=True)):
        if core is None or place not in found:
            yield run
            continue
        moved = Run("move" if run.op == "insert" else "delete", core[0], found[place])
        around = Run(run.op, run.text[: core.start()]), moved, Run(run.op, run.text[core.end() :])
        yield from (one for one in around if one.text)


def _numbered(runs: Iterable[Run]) -> list[Run]:
    """Numbers from 1 in the order of the new text; neighbours of one kind joined."""
    joined: list[Run] = []
    for run in runs:
        if joined and run.move is None and joined[-1][0::2] == (run.op, None):
            joined[-1] = Run(run.op, joined[-1].text + run.text)
        else:
            joined.append(run)
    order = [run.move for run in joined if run.op == "move"]
    names = {number: name for name, number in enumerate(order, 1)}
    return [run if run.move is None else run._replace(move=names[run.move]) for run in joined]
