"""On a phone the pages are an app that other apps can share into; nothing of anybody is kept by the service worker."""

import json

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from approvals.models import Submission
from ledger.models import Entry

PREFIX = "/static/"


def test_the_manifest_has_our_icons_and_a_share_target_by_post(client, company):
    answer = client.get(reverse("manifest"))
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = json.loads(answer.content)
    assert manifest["share_target"]["method"] == "POST"
    assert manifest["share_target"]["action"] == "/posts/shared/"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix(PREFIX))


def test_the_service_worker_keeps_our_assets_and_no_page_of_anybody(client, company):
    answer = client.get(reverse("service_worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-store" in answer["Cache-Control"]
    code = answer.content.decode()
    assets = json.loads(code.split("const ASSETS = ")[1].split(";\n")[0])
    assert assets
    for asset in assets:
        assert asset.startswith(PREFIX)
        assert finders.find(asset.removeprefix(PREFIX))


def test_the_page_without_a_network_names_nobody(client, company, ada):
    client.force_login(ada)
    signed_in = client.get(reverse("offline")).content
    client.logout()
    assert b"Ada" not in signed_in
    assert b"Sign out" not in signed_in
    assert client.get(reverse("offline")).status_code == 200


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_share_that_reaches_us_is_not_read_and_changes_nothing(client, company, ada, signed_in):
    if signed_in:
        client.force_login(ada)
    before = Entry.objects.count()
    answer = client.post(reverse("shared"), {"text": "Half a secret"})
    assert answer.status_code == 302
    assert "secret" not in answer["Location"]
    assert (Submission.objects.count(), Entry.objects.count()) == (0, before)
    assert client.get(reverse("shared")).status_code == 405


def test_every_page_of_somebody_names_the_worker_and_the_manifest(client, company, ada):
    client.force_login(ada)
    page = client.get(reverse("approvals:mine")).content.decode()
    assert f'data-worker="{reverse("service_worker")}"' in page
    assert f'href="{reverse("manifest")}"' in page
    assert "data-sign-out" in page
