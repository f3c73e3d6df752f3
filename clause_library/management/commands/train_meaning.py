"""Train the model of meaning again from our own labelled posts. The same posts give the same file, byte by byte.

Needs scikit-learn, which only the tests install.
"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Sequence
from math import fsum, log, sqrt
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from clause_library.checks.meaning.model import (
    MODEL,
    LabelledPost,
    labelled_posts,
    sentences_of,
    windows,
)

SOFTNESS = 30.0  # of the penalty on large weights, scikit-learn's C: 3, 10 and 30 were tried on posts held out
DIGITS = (
    2  # of what is written: enough for the same answers, and few enough that no platform differs
)
LEAST_WEIGHT = 0.2  # features that say less of being held or protected are left out
LEAST_FOR_A_KIND = 0.4  # and what says less of why

PROTECTED = "protected_activity"

Sentences = Sequence[frozenset[str]]


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="only say whether the shipped model is the one that comes out",
        )

    def handle(self, *_: object, **options: Any) -> None:
        text = trained(labelled_posts())
        if not options["check"]:
            MODEL.write_text(text, "utf-8")
        elif text != MODEL.read_text("utf-8"):
            raise CommandError(
                "The shipped model is another one. Run: python manage.py train_meaning"
            )
        self.stdout.write(f"{text.count(chr(10)) - 2} features.")


def trained(posts: Sequence[LabelledPost]) -> str:
    """The model of these posts, as the text of ``model.tsv``."""
    read = [sentences_of(post.text) for post in posts]
    idf = telling(read)
    held, protected = _held(posts, read, idf), _protected(posts, read, idf)
    kinds = sorted({post.category for post in posts if post.is_flagged})
    by_kind = _by_kind(posts, read, idf, kinds)
    bias = (float(model.intercept_[0]) for model in (held, protected))
    lines = [
        ["feature", "telling", "held", "protected", *kinds],
        ["", "", *map(_written, bias), *[""] * len(kinds)],
    ]
    columns = [model.coef_[0] for model in (held, protected, *by_kind)]
    for number, feature in enumerate(idf):
        held_or_not, spared_or_not, *whys = (column[number] for column in columns)
        whys = [why if abs(why) >= LEAST_FOR_A_KIND else 0.0 for why in whys]
        if max(abs(held_or_not), abs(spared_or_not)) >= LEAST_WEIGHT or any(whys):
            weights = (held_or_not, spared_or_not, *whys)
            lines.append([feature, _written(idf[feature]), *map(_written, weights)])
    return "".join("\t".join(line) + "\n" for line in lines)


def telling(read: Iterable[Sentences]) -> dict[str, float]:
    """How telling each feature is: the rarer the more (inverse document frequency), in the order of features."""
    posts = list(read)
    counts = Counter(feature for post in posts for feature in frozenset().union(*post))
    return {
        feature: log((1 + len(posts)) / (1 + count)) + 1
        for feature, count in sorted(counts.items())
    }


def _held(
    posts: Sequence[LabelledPost], read: Sequence[Sentences], idf: dict[str, float]
) -> LogisticRegression:
    """What speaks for holding back. Of a post that passes, every part must pass; of one held, the whole counts."""
    parts, labels = [], []
    for post, sentences in zip(posts, read, strict=True):
        wholes = {tuple(range(len(sentences)))}
        if not post.is_flagged:
            wholes |= set(windows(range(len(sentences)), frozenset()))
        parts += [[sentences[one] for one in window] for window in sorted(wholes)]
        labels += [post.is_flagged] * len(wholes)
    return _fitted(_matrix(parts, idf), labels)


def _protected(
    posts: Sequence[LabelledPost], read: Sequence[Sentences], idf: dict[str, float]
) -> LogisticRegression:
    """What speaks for a post as a whole being protected speech."""
    return _fitted(_matrix(read, idf), [post.category == PROTECTED for post in posts])


def _by_kind(
    posts: Sequence[LabelledPost],
    read: Sequence[Sentences],
    idf: dict[str, float],
    kinds: Sequence[str],
) -> list[LogisticRegression]:
    """For each category, what tells its posts from all others that are held back."""
    held = [(post, one) for post, one in zip(posts, read, strict=True) if post.is_flagged]
    matrix = _matrix([sentences for _, sentences in held], idf)
    return [_fitted(matrix, [post.category == kind for post, _ in held]) for kind in kinds]


def _fitted(matrix: csr_matrix, labels: Sequence[bool]) -> LogisticRegression:
    return LogisticRegression(C=SOFTNESS, solver="liblinear", random_state=0, tol=1e-6).fit(
        matrix, labels
    )


def _matrix(parts: Sequence[Sentences], idf: dict[str, float]) -> csr_matrix:
    """A row a part, as `Model.sureness` weighs it: the sum of its sentences over its length."""
    numbers = {feature: number for number, feature in enumerate(idf)}
    rows, columns, values = [], [], []
    for row, sentences in enumerate(parts):
        counts = Counter(feature for sentence in sentences for feature in sentence)
        length = sqrt(fsum(count * idf[feature] ** 2 for feature, count in counts.items())) or 1.0
        for feature in sorted(counts):
            rows.append(row)
            columns.append(numbers[feature])
            values.append(counts[feature] * idf[feature] / length)
    return csr_matrix((values, (rows, columns)), shape=(len(parts), len(idf)))


def _written(number: float) -> str:
    """Rounded; nothing for what is nothing."""
    return f"{number:.{DIGITS}f}" if round(number, DIGITS) else ""
