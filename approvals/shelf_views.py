"""Pages of the shelf: browse and share; for curators, put and retire."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organization.models import Person

from . import rules, shelving
from .bounds import UNBOUNDED
from .errors import RefusedPostError
from .models import ShelfItem, Submission
from .publish_forms import RetireForm, ShelfForm
from .states import ShelfState
from .views import PAGE


@login_required
@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    """What comms has cleared for everybody, the newest first."""
    words = request.GET.get("q", "").replace("\0", "")[:200].strip()
    items = on_shelf()
    if words:
        items = items.filter(Q(title__icontains=words) | Q(template__icontains=words))
    curates = request.user.has_perm("approvals.decide")
    if curates:
        items = items.annotate(times=Count("uses"))
    page = Paginator(items, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "pages/approvals/shelf.html",
        {
            "page": page,
            "words": words,
            "curates": curates,
            "unbounded": request.user.unit.profile in UNBOUNDED,
        },
    )


def on_shelf() -> QuerySet[ShelfItem]:
    """What can be shared now."""
    now = timezone.now()
    return ShelfItem.objects.filter(
        state=ShelfState.ON_SHELF,
        clearance__recalled_at=None,
        clearance__ended_at=None,
        clearance__starts_at__lte=now,
        clearance__ends_at__gt=now,
    ).select_related("clearance__revision")


@login_required
@require_safe
def item(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One post on the shelf, what may be changed in it, and the press that shares it."""
    return render(request, "pages/approvals/shelf_item.html", _page_of(request.user, pk))


def _page_of(person: Person, pk: uuid.UUID, form: RetireForm | None = None) -> dict:
    found = get_object_or_404(
        ShelfItem.objects.select_related(
            "clearance__revision__submission__author",
            "clearance__review__reviewer",
            "put_by",
            "retired_by",
        ).annotate(times=Count("uses")),
        pk=pk,
    )
    may_retire = found.state == ShelfState.ON_SHELF and rules.may_retire(found, person)
    return {
        "item": found,
        "is_on_shelf": found.state == ShelfState.ON_SHELF and found.clearance.is_valid(),
        "unbounded": person.unit.profile in UNBOUNDED,
        "curates": rules.may_retire(found, person),
        "retire_form": (form or RetireForm()) if may_retire else None,
    }


@login_required
@require_POST
def retire(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(ShelfItem, pk=pk)
    form = RetireForm(request.POST)
    if form.is_valid():
        shelving.retire(found, actor=request.user, **form.cleaned_data)
        messages.success(request, "Taken off the shelf. What was shared before stays cleared.")
        return redirect("shelf:item", pk=pk)
    page = _page_of(request.user, pk, form)
    return render(request, "pages/approvals/shelf_item.html", page)


@login_required
def put(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put a cleared post on the shelf, with the places in it that may change."""
    visible = Submission.objects.visible_to(request.user).exclude(author=request.user)
    found = get_object_or_404(
        visible.select_related("revision", "author", "clearance"), pk=pk, clearance__isnull=False
    )
    revision = found.revision
    form = ShelfForm(
        request.POST or None, initial={"seen": revision.digest, "template": revision.text}
    )
    if form.is_valid():
        try:
            put_there = shelving.put(found, actor=request.user, **form.cleaned_data)
        except RefusedPostError as refusal:
            form.add_error(None, refusal.says)
        else:
            messages.success(request, "It is on the shelf.")
            return redirect("shelf:item", pk=put_there.pk)
    return render(request, "pages/approvals/shelve.html", {"submission": found, "form": form})
