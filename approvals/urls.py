"""Paths of posts: writing, deciding, and what the company stands behind."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import media_views, officer_views, views


class Digest(StringConverter):
    """A SHA-256 in hex."""

    regex = "[0-9a-f]{64}"


register_converter(Digest, "digest")

app_name = "approvals"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("new/", views.new, name="new"),
    path("screen/", views.screen_text, name="screen"),
    path("queue/", views.queue, name="queue"),
    path("standing-approvals/", officer_views.standing_approvals, name="standing_approvals"),
    path("standing-approvals/<uuid:pk>/end/", officer_views.revoke, name="revoke"),
    path("channels/", officer_views.channels, name="channels"),
    path("channels/<int:pk>/", officer_views.channel, name="channel"),
    path("media/<int:row>/", media_views.attach, name="attach"),
    path("media/<digest:digest>/<int:page>.jpg", media_views.upload, name="upload"),
    path("<uuid:pk>/media/<int:row>/", media_views.attach, name="attach_again"),
    path("<uuid:pk>/media/<digest:digest>/", media_views.media_file, name="media_file"),
    path(
        "<uuid:pk>/media/<digest:digest>/<int:page>.jpg",
        media_views.media_preview,
        name="media_preview",
    ),
    path("<uuid:pk>/", views.submission, name="submission"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/screen/", views.screen_text, name="screen_again"),
    path("<uuid:pk>/review/", views.review, name="review"),
    path("<uuid:pk>/judge/", views.judge, name="judge"),
    path("<uuid:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/publish/", views.publish, name="publish"),
    path("<uuid:pk>/recall/", views.recall, name="recall"),
    path("<uuid:pk>/record.pdf", views.record_pdf, name="record_pdf"),
    path("<uuid:pk>/record.json", views.record_json, name="record_json"),
]
