"""The trained model: a weight for each feature, read from ``model.tsv``, and the posts it was trained on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, sqrt
from pathlib import Path
from typing import NamedTuple

from ..view import View, names_of
from .features import features_of

POSTS, MODEL = (Path(__file__).with_name(name) for name in ("posts.tsv", "model.tsv"))
NAMES = ("Acme",), ("Globex",)  # the company and the rival of the training posts
_AS_GOOD_AS_NEVER = 100  # more evidence than this against something is beyond what a float can show
MOST_BESIDE = 8  # sentences that are read with every window, the first ones: so that time is linear


class Sums(NamedTuple):
    """What a sentence adds to a window: evidence for a finding, for being protected speech, and its length squared."""

    held: float
    protected: float
    square: float


class Weight(NamedTuple):
    """How telling a feature is, and how much it speaks for a finding and for protected speech."""

    telling: float
    held: float
    protected: float


@dataclass(frozen=True)
class LabelledPost:
    """A line of ``posts.tsv``: ``is_flagged``, the category, and the text."""

    is_flagged: bool
    category: str
    text: str


@dataclass(frozen=True)
class Model:
    """``bias``: what speaks for either before a word is read. ``by_category``: {category: {feature: weight}}."""

    bias: Weight
    weights: dict[str, Weight]
    by_category: dict[str, dict[str, float]]

    def sums(self, features: Iterable[str]) -> Sums:
        held = protected = square = 0.0
        for feature in features:
            known = self.weights.get(feature)
            if known is not None:
                telling, for_held, for_protected = known
                held += telling * for_held
                protected += telling * for_protected
                square += telling * telling
        return Sums(held, protected, square)

    def judge(self, window: Iterable[Sums]) -> tuple[float, float]:
        """How likely a careful officer would hold these sentences back, and they are protected speech: 0 to 1."""
        held = protected = square = 0.0
        for sums in window:
            held += sums.held
            protected += sums.protected
            square += sums.square
        if not square:
            return 0.0, 0.0
        length = sqrt(square)
        return (
            _likely(self.bias.held + held / length),
            _likely(self.bias.protected + protected / length),
        )

    def category(self, features: Iterable[str]) -> str:
        """What the sentences are most likely held back for."""
        told = [(one, self.weights[one].telling) for one in features if one in self.weights]
        return max(
            self.by_category,
            key=lambda name: sum(
                idf * self.by_category[name].get(feature, 0.0) for feature, idf in told
            ),
        )

    def nearest(self, features: Iterable[str], category: str) -> str:
        """The training post of this category, held back, that has most in common with these sentences."""
        texts, lengths, index = _examples(category)
        shared = [0.0] * len(texts)
        for feature in features:
            for number in index.get(feature, ()):
                shared[number] += self.weights[feature].telling ** 2
        return texts[max(range(len(texts)), key=lambda one: shared[one] / lengths[one])]


def _likely(evidence: float) -> float:
    return 1 / (1 + exp(min(-evidence, _AS_GOOD_AS_NEVER)))


def windows(sentences: Sequence[int], context: frozenset[int]) -> Iterator[tuple[int, ...]]:
    """Each sentence with the two before it, and with those anywhere that change how a post is understood.

    So a sentence more, which changes nothing, takes no window away: it hides nothing.
    """
    beside = sorted(context.intersection(sentences))[:MOST_BESIDE]
    for place in range(len(sentences)):
        near = sentences[max(0, place - 2) : place + 1]
        yield tuple(sorted({*near, *beside}))


@cache
def shipped_model() -> Model:
    """The model that ships with the program, read once for a process."""
    lines = _rows(MODEL)
    _, _, _, _, *categories = next(lines)
    _, *bias = next(lines)
    number = cache(float)  # weights are rounded, so few numbers are many times the same
    weights: dict[str, Weight] = {}
    by_category: dict[str, dict[str, float]] = {name: {} for name in categories}
    for feature, telling, held, protected, *others in lines:
        weights[feature] = Weight(number(telling), number(held or 0), number(protected or 0))
        for name, one in zip(categories, others, strict=True):
            if one:
                by_category[name][feature] = number(one)
    return Model(Weight(*(float(one or 0) for one in bias[:3])), weights, by_category)


def labelled_posts() -> list[LabelledPost]:
    """The posts that the model learns from; they are our own and ship with it."""
    _names, *rows = _rows(POSTS)
    return [LabelledPost(expected == "flag", *rest) for expected, *rest in rows]


def _rows(path: Path) -> Iterator[list[str]]:
    """The fields of a file of tab-separated lines; nothing is quoted."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")


def sentences_of(text: str) -> list[frozenset[str]]:
    """The features of each sentence of a training post."""
    view = View(text, names_of(*NAMES))
    return [
        features_of(view.words[start:end]) for start, end in map(view.sentence_span, view.sentences)
    ]


@cache
def _examples(category: str) -> tuple[list[str], list[float], dict[str, list[int]]]:
    """The training posts held back for a category, their lengths, and which of them have a feature."""
    texts, lengths, index = [], [], {}
    weights = shipped_model().weights
    for post in labelled_posts():
        if post.is_flagged and post.category == category:
            features = frozenset().union(*sentences_of(post.text)) & weights.keys()
            for feature in features:
                index.setdefault(feature, []).append(len(texts))
            texts.append(post.text)
            lengths.append(sqrt(sum(weights[feature].telling ** 2 for feature in features)) or 1.0)
    return texts, lengths, index
