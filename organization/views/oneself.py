"""What a person sees and says of themselves: preferences, password, consent, notices."""

import uuid

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from .. import absences, actions, headlines
from .. import consent as electronic
from ..forms import AbsenceForm, ChangePasswordForm, PreferencesForm, zones
from ..models import Delegation, Person

PAGE = 25


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=request.user)
    if form.is_valid():
        actions.change_preferences(actor=request.user, **form.cleaned_data)
        messages.success(request, "Your preferences are saved.")
        return redirect("organization:preferences")
    context = {"form": form, "zones": zones(), "consent": electronic}
    return render(request, "pages/organization/preferences.html", context)


@login_required
@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Agree to electronic form, or take it back."""
    if request.POST.get("agree") == "yes":
        electronic.give_consent(request.user)
        messages.success(request, "From now on you are asked on screen.")
    else:
        electronic.withdraw_consent(request.user)
        messages.success(request, f"From now on you get paper. {electronic.PAPER}")
    return redirect("organization:preferences")


@sensitive_post_parameters()
@login_required
def password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.user, request.POST or None)
    if form.is_valid():
        person = actions.choose_password(
            request.user, password=form.cleaned_data["new_password1"], how="changed"
        )
        update_session_auth_hash(request, person)
        messages.success(request, "Your password is changed. Other devices are signed out.")
        return redirect("organization:preferences")
    return render(request, "pages/organization/password.html", {"form": form})


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All that this person was told, the newest first."""
    page = Paginator(request.user.notices.told(), PAGE).get_page(request.GET.get("page"))
    told = headlines.of(page.object_list, request.user)
    return render(request, "pages/organization/notices.html", {"page": page, "told": told})


@login_required
def away(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """When this person is away and who decides meanwhile; an administrator sets it for others."""
    of = get_object_or_404(_may_set_for(request.user), pk=pk or request.user.pk)
    form = AbsenceForm(of, request.POST or None)
    if form.is_valid() and _is_set(request, of, form):
        messages.success(request, "Noted. What waits is handed on when the absence begins.")
        return _back(request, of)
    found = of.absences.not_over().select_related("to", "set_by")
    context = {"of": of, "is_own": of == request.user, "form": form, "absences": found}
    return render(request, "pages/organization/away.html", context)


def _may_set_for(person: Person) -> QuerySet[Person]:
    everybody = Person.objects.active()
    is_administrator = person.has_perm("organization.administer")
    return everybody if is_administrator else everybody.filter(pk=person.pk)


def _is_set(request: HttpRequest, of: Person, form: AbsenceForm) -> bool:
    try:
        absences.set_absence(of, actor=request.user, **form.cleaned_data)
    except absences.RefusedAbsenceError as refusal:
        form.add_error(refusal.field, refusal.says)
        return False
    return True


@login_required
@require_POST
def end_absence(request: HttpRequest, absence: uuid.UUID) -> HttpResponse:
    visible = Delegation.objects.filter(of__in=_may_set_for(request.user)).select_related("of")
    found = get_object_or_404(visible, pk=absence)
    absences.end_absence(found, actor=request.user)
    messages.success(request, "Ended. New posts may come again.")
    return _back(request, found.of)


def _back(request: HttpRequest, of: Person) -> HttpResponse:
    if of == request.user:
        return redirect("organization:away")
    return redirect("organization:away_of", of.pk)
