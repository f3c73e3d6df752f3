"""Read a policy: what is in force, one edition for ever, and its files."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from documents.editions import style_source
from documents.models import StoredFile
from organization import consent

from .. import acknowledging, reading
from ..forms import AcknowledgeForm
from ..models import Acknowledgement, Edition, Policy, Provision
from ..states import AcknowledgementState


@login_required
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """The policies that hold for this person; drafts too for those who write them."""
    return render(
        request,
        "pages/policy_builder/policies.html",
        {
            "in_force": reading.editions_in_force(request.user),
            "coming": reading.editions_to_come(request.user),
            "may_draft": request.user.has_perm("policy_builder.draft_policy"),
            "drafts": reading.open_drafts(request.user),
        },
    )


@login_required
@require_safe
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """The edition in force, to read; at its end the press that acknowledges it, where it is due."""
    return page(request, in_force(request, slug))


@login_required
@require_safe
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One edition, for as long as there is a record of it."""
    return page(request, _issued(request, slug, number))


def in_force(request: HttpRequest, slug: str) -> Edition:
    found = Edition.objects.in_force().select_related("policy")
    return get_object_or_404(found, policy=_policy(request, slug))


def _policy(request: HttpRequest, slug: str) -> Policy:
    return get_object_or_404(reading.readable_policies(request.user), slug=slug)


def _issued(request: HttpRequest, slug: str, number: int) -> Edition:
    issued = Edition.objects.issued().select_related("policy", "pdf", "html")
    return get_object_or_404(issued, policy=_policy(request, slug), number=number)


def page(
    request: HttpRequest, edition: Edition, form: AcknowledgeForm | None = None
) -> HttpResponse:
    """An edition from its snapshot; with the form where this person is asked to acknowledge it."""
    mine = Acknowledgement.objects.of(request.user).filter(edition=edition).first()
    is_due = mine is not None and mine.state == AcknowledgementState.DUE and edition.is_in_force()
    return render(
        request,
        "pages/policy_builder/read.html",
        {
            "edition": edition,
            "snapshot": edition.content,
            "mine": mine,
            "form": (form or acknowledge_form(request, edition)) if is_due else None,
            "consent": consent,
            "button": acknowledging.BUTTON,
            "others": edition.policy.editions.issued().exclude(pk=edition.pk).order_by("-number"),
            "newest": Edition.objects.in_force().filter(policy=edition.policy).first(),
            "may_draft": request.user.has_perm("policy_builder.draft_policy"),
            "may_see_round": reading.may_see_all(request.user),
        },
    )


def acknowledge_form(request: HttpRequest, edition: Edition) -> AcknowledgeForm:
    return AcknowledgeForm(
        request.POST or None,
        initial={"seen": edition.digest},
        needs_consent=request.user.consented_at is None,
        box_label=acknowledging.BOX,
        consent_label=consent.BOX,
    )


@login_required
@require_safe
def provision_link(request: HttpRequest, slug: str, anchor: str) -> HttpResponse:
    """A link to a provision that holds over editions: into the edition in force, or the last that had it."""
    policy = _policy(request, slug)
    found = Provision.objects.filter(edition__policy=policy, anchor=anchor)
    now = Edition.objects.in_force().filter(policy=policy)
    if found.filter(edition__in=now).exists():
        path = reverse("policy_builder:read", args=[slug])
    else:
        last = found.select_related("edition").order_by("-edition__number").first()
        if last is None:
            raise Http404
        path = reverse("policy_builder:edition", args=[slug, last.edition.number])
    return redirect(f"{path}#{anchor}")


@login_required
@require_safe
def pdf(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    edition = _issued(request, slug, number)
    if edition.pdf is None:
        raise Http404("The PDF is still being made.")
    return download(edition.pdf, f"{slug}-edition-{number}.pdf")


@login_required
@require_safe
def html(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The stand-alone page, under a policy that allows its own style sheet and nothing else."""
    edition = _issued(request, slug, number)
    if edition.html is None:
        raise Http404("The page is still being made.")
    text = edition.html.read().decode()
    response = HttpResponse(text)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {style_source(text)}; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response


def download(stored: StoredFile, name: str) -> HttpResponse:
    """The bytes as they were stored, to keep."""
    response = HttpResponse(stored.read(), content_type=stored.media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
