"""What a post means, judged by all its words together: a linear model of our own labelled posts.

It finds what no list of phrases names, and only ever adds findings: without it every check works as before. Pure Python
at run time; `manage.py train_meaning` makes ``model.tsv`` from ``posts.tsv`` again, byte by byte.
"""

from .features import features_of
from .model import Model, Sums, shipped_model, windows

__all__ = ["Model", "Sums", "features_of", "shipped_model", "windows"]
