"""Paths of the shelf."""

from django.urls import path

from . import shelf_views

app_name = "shelf"
urlpatterns = [
    path("", shelf_views.shelf, name="shelf"),
    path("<uuid:pk>/", shelf_views.item, name="item"),
    path("<uuid:pk>/retire/", shelf_views.retire, name="retire"),
    path("put/<uuid:pk>/", shelf_views.put, name="put"),
]
