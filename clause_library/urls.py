"""Paths of the clause library."""

from django.urls import path

from . import views

app_name = "clause_library"
urlpatterns = [
    path("", views.clauses, name="list"),
    path("<slug:name>/", views.clause, name="clause"),
    path("<slug:name>/start/", views.start, name="start"),
    path("<slug:name>/draft/", views.draft, name="draft"),
    path("<slug:name>/versions/<int:number>/", views.version, name="version"),
    path("<slug:name>/versions/<int:number>/<slug:step>/", views.step, name="step"),
]
