"""What a person sees and says of themselves: preferences, password, consent, notices."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from .. import actions, headlines
from .. import consent as electronic
from ..forms import ChangePasswordForm, PreferencesForm, zones

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
