"""What a post means, judged by all its words together: a linear model of our own labelled posts.

It finds what no list of phrases names, and only ever adds findings: without it every check works as before. Pure Python
at run time; `manage.py train_meaning` makes ``model.tsv`` from ``posts.tsv`` again, byte by byte.
"""

from .model import Model, shipped_model
from .sense import Sense, Window

__all__ = ["Model", "Sense", "Window", "shipped_model"]
