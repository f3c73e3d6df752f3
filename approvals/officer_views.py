"""Pages of what decides beforehand: the rules of lanes, standing approvals, and who sits at a channel's desk."""

import datetime as dt
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from organization.models import Unit

from . import lanes, offer_rules, officers, routing
from .forms import ChannelForm, StandingApprovalForm
from .models import Channel, StandingApproval


@login_required
@require_safe
def lane_rules(request: HttpRequest) -> HttpResponse:
    """The rules that give a post its lane, for everybody to read; those of one's own unit first."""
    unit = request.user.unit
    profiles = sorted(Unit.Profile, key=lambda profile: profile != unit.profile)
    return render(
        request,
        "pages/approvals/lanes.html",
        {
            "unit": unit,
            "profiles": [(profile, lanes.rules_for(profile)) for profile in profiles],
            "otherwise": lanes.OTHERWISE,
            "second_person": offer_rules.SECOND_PERSON,
            "digest": lanes.DIGEST,
            "promised": {
                lane: routing.in_words(dt.timedelta(minutes=minutes))
                for lane, minutes in routing.PROMISED_MINUTES.items()
            },
            "standing": StandingApproval.objects.in_force()
            .filter(units=unit)
            .select_related("officer"),
        },
    )


@login_required
@permission_required("approvals.give_standing_approval", raise_exception=True)
def standing_approvals(request: HttpRequest) -> HttpResponse:
    """What may clear without a person, who signed it, and until when."""
    form = StandingApprovalForm(request.POST or None)
    if form.is_valid():
        officers.give_standing_approval(actor=request.user, **form.cleaned_data)
        messages.success(request, "Signed. Green posts within it now clear at once.")
        return redirect("approvals:standing_approvals")
    given = StandingApproval.objects.select_related("officer").prefetch_related("units", "channels")
    return render(
        request, "pages/approvals/standing_approvals.html", {"form": form, "given": given}
    )


@login_required
@permission_required("approvals.give_standing_approval", raise_exception=True)
@require_POST
def revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    officers.revoke_standing_approval(
        get_object_or_404(StandingApproval, pk=pk), actor=request.user
    )
    messages.success(request, "Ended. From now on a person looks at these posts.")
    return redirect("approvals:standing_approvals")


@login_required
@permission_required("approvals.manage_channels", raise_exception=True)
def channels(request: HttpRequest) -> HttpResponse:
    """The accounts that posts go out on, and who decides about each."""
    form = ChannelForm(request.POST or None)
    if form.is_valid():
        _keep(request, form)
        return redirect("approvals:channels")
    return render(
        request,
        "pages/approvals/channels.html",
        {"form": form, "channels": Channel.objects.all()},
    )


@login_required
@permission_required("approvals.manage_channels", raise_exception=True)
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Channel, pk=pk)
    form = ChannelForm(request.POST or None, instance=found)
    if form.is_valid():
        _keep(request, form)
        messages.success(request, "Saved.")
        return redirect("approvals:channels")
    return render(request, "pages/approvals/channel.html", {"form": form, "channel": found})


def _keep(request: HttpRequest, form: ChannelForm) -> None:
    officers.keep_channel(
        form.save(commit=False), actor=request.user, reviewers=form.cleaned_data["reviewers"]
    )
