"""Where a request comes from, believing nobody but our own proxies."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address that our outermost proxy saw; without proxies, the connection's own.

    Each proxy appends the address that it saw, so with COUNTERSIGN_PROXIES=n the n-th from the
    right is true, and everything left of it is what the client wrote.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    if not settings.COUNTERSIGN_PROXIES:
        return direct
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if len(seen) < settings.COUNTERSIGN_PROXIES:
        return direct
    try:
        return str(ip_address(seen[-settings.COUNTERSIGN_PROXIES]))
    except ValueError:
        return direct
