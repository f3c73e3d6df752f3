"""Where each page lives."""

from django.urls import include, path

from approvals.officer_views import lane_rules
from approvals.views import check, check_number, home

from . import device, views

urlpatterns = [
    path("", home, name="home"),
    path("", include("organization.urls")),
    path("library/", include("clause_library.urls")),
    path("policies/", include("policy_builder.urls")),
    path("posts/shared/", device.shared, name="shared"),
    path("posts/", include("approvals.urls")),
    path("shelf/", include("approvals.shelf_urls")),
    path("checks/", include("approvals.check_urls")),
    path("routes/", include("approvals.route_urls")),
    path("", include("integrations.urls")),
    path("numbers/", include("approvals.number_urls")),
    path("lanes/", lane_rules, name="lanes"),
    path("check/", check, name="check"),
    path("check/<str:number>/", check_number, name="check_number"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path(".well-known/countersign-key", views.signing_key, name="signing_key"),
    path("manifest.webmanifest", device.manifest, name="manifest"),
    path("service-worker.js", device.service_worker, name="service_worker"),
    path("offline/", device.offline, name="offline"),
    path("favicon.ico", views.favicon, name="favicon"),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.not_allowed"
handler404 = "config.views.not_found"
handler500 = "config.views.our_mistake"
