"""An employee's phone: share into the app, keep a draft, lose it at sign-out, post by the network's own window."""

import pytest

from tests.browsing import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "a long walk by the sea"
MAKE = f"""
from django.utils import timezone
from guardian.shortcuts import assign_perm
from approvals.models import Channel
from organization.models import Company, Person, Unit
from organization.roles import Role
from tests.approvals.small_policy import issue_small_policy
company = Company.current()
company.name, company.set_up_at = "Acme", timezone.now()
company.save()
unit = Unit.objects.create(name="Marketing")
def hire(name, *roles):
    person = Person.objects.create_user(name.lower() + "@acme.example", name, unit, {PASSWORD!r})
    person.give(*roles)
    return person
ada, rex, lea, quinn = hire("Ada"), hire("Rex", Role.REVIEWER), hire("Lea"), hire("Quinn")
issue_small_policy(drafter=lea, approver=quinn)
assign_perm("approvals.review_channel", rex, Channel.objects.create(name="Own X", network="x"))
"""
CLEAR = """
import datetime as dt
from approvals import actions
from approvals.models import Submission
from organization.models import Person
post = Submission.objects.get()
actions.decide(post, actor=Person.objects.get(name="Rex"), verdict="clear", seen=post.revision.digest,
    undo_for=dt.timedelta())
print(post.pk)
"""
SHARE = """words => {
  const form = document.createElement("form");
  form.method = "post"; form.action = "/posts/shared/"; form.enctype = "multipart/form-data";
  const box = document.createElement("textarea");
  box.name = "text"; box.value = words; form.append(box); document.body.append(form); form.submit();
}"""
KEPT = 'Object.keys(localStorage).filter((key) => key.startsWith("countersign-")).length'


@pytest.fixture
def page(live, new_page):
    """Ada's phone, signed in, with the app's service worker at work."""
    live.python(MAKE)
    page = new_page(PHONE)
    page.goto(f"{live.url}/sign-in/")
    page.get_by_label("E-mail address").fill("ada@acme.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


def test_a_text_shared_from_another_app_is_posted_by_the_networks_own_window(live, page):
    words = "From my notes: bikes & trams"
    page.evaluate(SHARE, words)
    page.wait_for_url("**/posts/new/**")
    box = page.get_by_label("Your post")
    page.wait_for_function(
        "words => document.querySelector('[name=text]').value === words", arg=words
    )
    assert (
        live.python(
            "from approvals.models import Submission\nprint(Submission.objects.count())"
        ).strip()
        == "0"
    )
    page.reload()  # taken up once from the share, and kept as a draft
    assert box.input_value() == words
    page.get_by_text("Own X").click()
    page.get_by_role("button", name="Get it cleared").click()
    page.wait_for_url("**/posts/*-*/")
    assert page.evaluate(KEPT) == 0
    live.python(CLEAR)
    page.reload()
    press = page.get_by_role("link", name="Open X with the text")
    assert "text=From%20my%20notes%3A%20bikes%20%26%20trams" in press.get_attribute("href")

    page.goto(f"{live.url}/posts/new/")
    box.fill("Half a thought")
    page.goto(f"{live.url}/")
    page.goto(f"{live.url}/posts/new/")
    assert box.input_value() == "Half a thought"
    assert page.evaluate(KEPT) == 1
    page.get_by_text("Menu").click()
    page.get_by_role("button", name="Sign out").last.click()
    page.wait_for_url("**/sign-in/")
    assert page.evaluate(KEPT) == 0
    kept = "caches.keys().then(names => Promise.all(names.map(n => caches.open(n).then(c => c.keys()))))"
    addresses = page.evaluate(
        f"{kept}.then(all => all.flat().map(one => new URL(one.url).pathname))"
    )
    assert {one.split("/")[1] for one in addresses} == {"static", "offline"}
