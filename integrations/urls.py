"""Paths of the API, of tokens, of receivers and of the calendar."""

from django.urls import path

from . import api, views

app_name = "integrations"
urlpatterns = [
    path("preferences/tokens/", views.tokens, name="tokens"),
    path("preferences/tokens/calendar/", views.make_calendar, name="make_calendar"),
    path("preferences/tokens/<uuid:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("calendar/<str:secret>.ics", views.calendar, name="calendar"),
    path("integrations/", views.receivers, name="receivers"),
    path("integrations/<uuid:pk>/", views.receiver, name="receiver"),
    path("integrations/<uuid:pk>/secret/", views.change_secret, name="change_secret"),
    path("integrations/deliveries/<uuid:pk>/again/", views.send_again, name="send_again"),
    path("api/v1/", views.reference, name="reference"),
    path("api/v1/", api.api.urls),
    path("api/v1/<path:_rest>", api.nothing_here),
]
