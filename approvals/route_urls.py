"""Paths of routes: the rules that say who looks at a post, and their draft."""

from django.urls import path

from . import route_views

app_name = "routes"
urlpatterns = [
    path("", route_views.rules, name="rules"),
    path("<int:number>/", route_views.former_rules, name="former"),
    path("start/", route_views.start, name="start"),
    path("draft/", route_views.draft, name="draft"),
    path("draft/ask/", route_views.ask, name="ask"),
    path("draft/issue/", route_views.issue, name="issue"),
    path("draft/rules/new/", route_views.rule, name="new_rule"),
    path("draft/rules/<int:at>/", route_views.rule, name="rule"),
    path("draft/rules/<int:at>/up/", route_views.move, name="move"),
    path("draft/rules/<int:at>/remove/", route_views.remove, name="remove"),
]
