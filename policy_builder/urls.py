"""Paths of policies: write, issue, read, acknowledge."""

from django.urls import path

from . import views

app_name = "policy_builder"
urlpatterns = [
    path("", views.policies, name="policies"),
    path("start/", views.start, name="start"),
    path("due/", views.due, name="due"),
    path("team/", views.team, name="team"),
    path("rounds/<uuid:pk>/", views.round_, name="round"),
    path("drafts/<uuid:pk>/", views.draft, name="draft"),
    path("drafts/<uuid:pk>/interview/", views.interview, name="interview"),
    path("drafts/<uuid:pk>/provisions/<slug:name>/", views.provision, name="provision"),
    path("drafts/<uuid:pk>/provisions/<slug:name>/move/", views.move, name="move"),
    path("drafts/<uuid:pk>/provisions/<slug:name>/take-in/", views.take_in, name="take_in"),
    path("drafts/<uuid:pk>/provisions/<slug:name>/newest/", views.use_newest, name="use_newest"),
    path("drafts/<uuid:pk>/add/", views.add, name="add"),
    path("drafts/<uuid:pk>/submit/", views.submit, name="submit"),
    path("drafts/<uuid:pk>/reopen/", views.reopen, name="reopen"),
    path("drafts/<uuid:pk>/review/", views.review, name="review"),
    path("drafts/<uuid:pk>/issue/", views.issue, name="issue"),
    path("receipts/<slug:number>/", views.receipt, name="receipt"),
    path("receipts/<slug:number>/receipt.pdf", views.receipt_pdf, name="receipt_pdf"),
    path("receipts/<slug:number>/receipt.json", views.receipt_json, name="receipt_json"),
    path("<slug:slug>/", views.read, name="read"),
    path("<slug:slug>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("<slug:slug>/new-edition/", views.new_edition, name="new_edition"),
    path("<slug:slug>/editions/<int:number>/", views.edition, name="edition"),
    path("<slug:slug>/editions/<int:number>/policy.pdf", views.pdf, name="pdf"),
    path("<slug:slug>/editions/<int:number>/policy.html", views.html, name="html"),
    path("<slug:slug>/<slug:anchor>/", views.provision_link, name="provision_link"),
]
