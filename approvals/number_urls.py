"""Paths of the numbers: how fast posts are cleared, and what would come."""

from django.urls import path

from . import number_views

app_name = "numbers"
urlpatterns = [
    path("", number_views.numbers, name="page"),
    path("numbers.csv", number_views.as_sheet, name="csv"),
    path("forecast/", number_views.forecast, name="forecast"),
]
