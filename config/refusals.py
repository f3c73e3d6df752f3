"""What a person sees who is stopped: what happened, and the way on."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

TOO_LATE = (
    "This has moved on since you opened the page, so nothing was changed. "
    "Open it again to see what happened meanwhile."
)
NOT_YOURS = (
    "Your role does not include this. Ask an administrator who may, or to be given the role."
)


def refuse(request: HttpRequest, status: int, says: str) -> HttpResponse:
    """Answer with `pages/errors/STATUS.html`."""
    context = {"says": says, "back": way_back(request)}
    return render(request, f"pages/errors/{status}.html", context, status=status)


def way_back(request: HttpRequest) -> str:
    """The page that the person came from, if it is one of ours; else the front door."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return urlsplit(came_from).path or reverse("home")
    return reverse("home")
