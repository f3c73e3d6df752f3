"""Paths of posts: writing, deciding, and what the company stands behind."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import after_views, clock_views, desk_views, media_views, officer_views, views


class Digest(StringConverter):
    """A SHA-256 in hex."""

    regex = "[0-9a-f]{64}"


register_converter(Digest, "digest")

app_name = "approvals"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("new/", views.new, name="new"),
    path("screen/", views.screen_text, name="screen"),
    path("recalls/", after_views.recalls, name="recalls"),
    path("queue/", desk_views.queue, name="queue"),
    path("queue/clear/", desk_views.clear_batch, name="clear_batch"),
    path("standing-approvals/", officer_views.standing_approvals, name="standing_approvals"),
    path("standing-approvals/<uuid:pk>/end/", officer_views.revoke, name="revoke"),
    path("channels/", officer_views.channels, name="channels"),
    path("channels/<int:pk>/", officer_views.channel, name="channel"),
    path("blackouts/", clock_views.blackouts, name="blackouts"),
    path("blackouts/<uuid:pk>/end/", clock_views.end_blackout, name="end_blackout"),
    path("break-glass/", clock_views.broken_glass, name="broken_glass"),
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
    path("<uuid:pk>/review/", desk_views.review, name="review"),
    path("<uuid:pk>/wording/", desk_views.offer, name="offer"),
    path("<uuid:pk>/wording/screen/", desk_views.screen_wording, name="screen_wording"),
    path("<uuid:pk>/undo/", desk_views.undo, name="undo"),
    path("<uuid:pk>/claim/", desk_views.claim, name="claim"),
    path("<uuid:pk>/release/", desk_views.release, name="release"),
    path("<uuid:pk>/accept/", desk_views.accept, name="accept"),
    path("<uuid:pk>/turn-down/", desk_views.turn_down, name="turn_down"),
    path("<uuid:pk>/answer/", desk_views.answer, name="answer"),
    path("<uuid:pk>/judge/", views.judge, name="judge"),
    path("<uuid:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("<uuid:pk>/again/", clock_views.put_again, name="put_again"),
    path("<uuid:pk>/break-glass/", clock_views.break_glass, name="break_glass"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/publish/", after_views.publish, name="publish"),
    path("<uuid:pk>/recall/", after_views.recall, name="recall"),
    path("<uuid:pk>/seen/", after_views.seen, name="seen"),
    path("<uuid:pk>/appeal/", after_views.appeal, name="appeal"),
    path("<uuid:pk>/record.pdf", views.record_pdf, name="record_pdf"),
    path("<uuid:pk>/record.json", views.record_json, name="record_json"),
]
