"""Paths of the checks' records: what became of what they noticed, and what a change would do."""

from django.urls import path

from . import check_views

app_name = "checks"
urlpatterns = [
    path("", check_views.records, name="list"),
    path("mend/", check_views.mend, name="mend"),
    path("settled/<uuid:pk>/lift/", check_views.lift, name="lift"),
    path("replay/<slug:clause>/<int:number>/", check_views.replay_version, name="replay"),
    path("<slug:clause>/<str:check>/", check_views.record, name="check"),
]
