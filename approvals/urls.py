"""Paths of posts: writing, deciding, and what the company stands behind."""

from django.urls import path

from . import after_views, officer_views, views

app_name = "approvals"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("new/", views.new, name="new"),
    path("screen/", views.screen_text, name="screen"),
    path("recalls/", after_views.recalls, name="recalls"),
    path("queue/", views.queue, name="queue"),
    path("standing-approvals/", officer_views.standing_approvals, name="standing_approvals"),
    path("standing-approvals/<uuid:pk>/end/", officer_views.revoke, name="revoke"),
    path("channels/", officer_views.channels, name="channels"),
    path("channels/<int:pk>/", officer_views.channel, name="channel"),
    path("<uuid:pk>/", views.submission, name="submission"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/screen/", views.screen_text, name="screen_again"),
    path("<uuid:pk>/review/", views.review, name="review"),
    path("<uuid:pk>/judge/", views.judge, name="judge"),
    path("<uuid:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/publish/", after_views.publish, name="publish"),
    path("<uuid:pk>/recall/", after_views.recall, name="recall"),
    path("<uuid:pk>/seen/", after_views.seen, name="seen"),
    path("<uuid:pk>/appeal/", after_views.appeal, name="appeal"),
    path("<uuid:pk>/record.pdf", views.record_pdf, name="record_pdf"),
    path("<uuid:pk>/record.json", views.record_json, name="record_json"),
]
