"""The ORM's own refusal of changes to rows that are written once, in words that name the way out."""

from typing import Any, NoReturn

from django.db import models


class FrozenRowsError(TypeError):
    """The code tried to change rows that are written once. The database would refuse it as well."""

    def __init__(self, model: type[models.Model], verb: str) -> None:
        super().__init__(f"{model._meta.verbose_name_plural}: cannot {verb} them. Add a new row.")


class FrozenRows(models.QuerySet):
    """Mixed into the querysets of a frozen model."""

    def update(self, **_: Any) -> NoReturn:
        raise FrozenRowsError(self.model, "update")

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        raise FrozenRowsError(self.model, "update")


class UndeletableRows(FrozenRows):
    def delete(self) -> NoReturn:
        raise FrozenRowsError(self.model, "delete")


def refuse_rewrite(
    sender: type[models.Model], instance: models.Model, *, raw: bool, **_: Any
) -> None:
    if not instance._state.adding and not raw:
        raise FrozenRowsError(sender, "update")


def refuse_delete(sender: type[models.Model], **_: Any) -> NoReturn:
    raise FrozenRowsError(sender, "delete")


def refuse_in_querysets(model: type[models.Model], *, erasable: bool) -> None:
    """Give the model's managers, and so those of its relations, querysets that refuse."""
    refusing = FrozenRows if erasable else UndeletableRows
    for manager in model._meta.local_managers:
        kind, rows = type(manager), manager._queryset_class  # noqa: SLF001  Manager offers no setter
        if not issubclass(rows, refusing):
            frozen_rows = type(f"Frozen{rows.__name__}", (refusing, rows), {})
            manager.__class__ = type(kind.__name__, (kind,), {"_queryset_class": frozen_rows})
    model._meta._expire_cache()  # noqa: SLF001  the managers it has handed out are copies
