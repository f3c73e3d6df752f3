"""Refusals in plain words instead of server errors."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django_fsm import TransitionNotAllowed

from .refusals import TOO_LATE, refuse

UNPROCESSABLE = 422


class PlainRefusals:
    """Turns what stops a person into a page: too late (409), or what the exception says.

    Django itself turns PermissionDenied into 403 and Http404 into 404.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TransitionNotAllowed):
            return refuse(request, 409, TOO_LATE)
        says = getattr(exception, "says", "")
        status = getattr(exception, "status", UNPROCESSABLE if says else None)
        if status in {409, UNPROCESSABLE}:
            return refuse(request, status, says or TOO_LATE)
        return None
