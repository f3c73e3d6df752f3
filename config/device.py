"""What makes the pages an app on a phone: the manifest, the service worker, the page without a network."""

import hashlib

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

ASSETS = (
    "css/countersign.css",
    "fonts/source-sans-3.woff2",
    "fonts/source-serif-4-semibold.woff2",
    "js/app.js",
    "js/menu.js",
    "js/posts.js",
    "js/share.js",
)
ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))
A_DAY = 60 * 60 * 24


@cache_control(max_age=A_DAY)
@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """W3C Web Application Manifest, with the share target (POST, caught by the service worker)."""
    icons = [
        {
            "src": static(f"img/{'maskable' if purpose == 'maskable' else 'icon'}-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in ICONS
    ]
    described = {
        "id": reverse("home"),
        "name": "Countersign",
        "short_name": "Countersign",
        "description": "Get your posts cleared, and keep the record.",
        "start_url": reverse("home"),
        "scope": reverse("home"),
        "display": "standalone",
        "background_color": "#fbfaf7",
        "theme_color": "#0d5c53",
        "icons": icons,
        "shortcuts": [{"name": "Get a post cleared", "url": reverse("approvals:new")}],
        "share_target": {
            "action": reverse("shared"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }
    return JsonResponse(described, content_type="application/manifest+json")


@never_cache
@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Served from the root, so that it may look after all pages. It keeps our own assets and nothing else."""
    assets = [static(name) for name in ASSETS]
    code = render_to_string(
        "device/service_worker.js",
        {
            "assets": assets,
            "offline": reverse("offline"),
            "share": reverse("shared"),
            "write": reverse("approvals:new"),
            "static_path": f"/{settings.STATIC_URL.strip('/')}/",
            "version": hashlib.sha256("\n".join(assets).encode()).hexdigest()[:12],
        },
    )
    return HttpResponse(code, content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The same for everybody, whoever asks: it is kept on devices that people share."""
    request.user = AnonymousUser()
    return render(request, "pages/offline.html")


@csrf_exempt  # the system's share sheet has no form of ours; nothing is read and nothing changes
@require_POST
def shared(_request: HttpRequest) -> HttpResponse:
    """Reached only where no service worker caught the share: the text is not read, and the empty page opens."""
    return redirect(f"{reverse('approvals:new')}#not-taken-up")
