"""Paths of the clause library."""

from django.urls import path

from . import views

app_name = "clause_library"
urlpatterns = [
    path("", views.clauses, name="list"),
    path("<slug:name>/", views.clause, name="clause"),
    path("<slug:name>/start/", views.start, name="start"),
    path("<slug:name>/draft/", views.draft, name="draft"),
    path("<slug:name>/draft/data/", views.as_data, name="as_data"),
    path("<slug:name>/draft/checks/new/", views.new_check, name="new_check"),
    path("<slug:name>/draft/checks/<int:place>/", views.check, name="check"),
    path("<slug:name>/draft/checks/<int:place>/copy/", views.copy_check, name="copy_check"),
    path("<slug:name>/draft/checks/<int:place>/remove/", views.remove_check, name="remove_check"),
    path("<slug:name>/versions/<int:number>/", views.version, name="version"),
    path("<slug:name>/versions/<int:number>/try/", views.try_checks, name="try"),
    path("<slug:name>/versions/<int:number>/<slug:step>/", views.step, name="step"),
]
