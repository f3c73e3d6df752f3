"""Who sees which numbers, what the pages say, and what they cost."""

import csv
import io

import pytest
from django.urls import reverse

from approvals import actions, forecasting
from approvals.models import Forecast, Wait
from organization.models import Unit
from organization.roles import Role
from tests.conftest import hire
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
PAGE, SHEET, FORECAST = "/numbers/", "/numbers/numbers.csv", "/numbers/forecast/"


@pytest.mark.parametrize(
    ("who", "numbers", "forecast"),
    [
        ("rex", 200, 200), ("rita", 200, 200), ("amin", 200, 200), ("max", 200, 404),
        ("ada", 404, 404), ("lea", 404, 404), ("quinn", 404, 404), ("zoe", 404, 404),
    ],
)  # fmt: skip
def test_who_sees_the_numbers(client, request, submission, who, numbers, forecast):
    client.force_login(request.getfixturevalue(who))
    answers = [client.get(path).status_code for path in (PAGE, SHEET, FORECAST)]
    assert answers == [numbers, numbers, forecast]
    assert (PAGE in client.get("/").text) == (numbers == 200)


def test_who_may_not_forecast_makes_none(client, max):  # noqa: A002  his name
    client.force_login(max)
    assert client.post(FORECAST, {"reviewers": "3"}).status_code == 404
    assert not Forecast.objects.exists()


def test_nobody_sees_them_without_signing_in(client):
    assert client.get(PAGE).status_code == 302


@pytest.fixture
def answered(write, rex):
    """Six posts that Rex has cleared, and one that waits."""
    for number in range(6):
        post = write(f"Post {number}.")
        actions.decide(post, actor=rex, verdict="clear", seen=post.revision.digest)
    return write("One more.")


@pytest.fixture
def elsewhere(answered, zoe):
    """Zoe's unit has numbers of its own."""
    Wait.objects.filter(ended_at__isnull=False).update(unit=zoe.unit)
    return zoe.unit


def test_a_manager_sees_the_own_unit_whatever_the_address_says(client, max, unit, elsewhere):  # noqa: A002
    client.force_login(max)
    for path in (PAGE, f"{PAGE}?unit={elsewhere.pk}"):
        assert elsewhere.name not in client.get(path).text
    assert elsewhere.name not in client.get(f"{SHEET}?unit={elsewhere.pk}").text


def test_the_page_says_promises_counts_and_who_waits(client, rita, answered):
    client.force_login(rita)
    page = client.get(f"{PAGE}?days=7").text
    assert "Too few to say" in page
    assert "<strong>6</strong> cleared" in page
    assert "waits for Rex" in page
    assert "Ada</a>" in page
    assert page.count("<svg") >= 2


def test_a_manager_is_not_told_who_wrote_what_they_may_not_see(client, max, answered):  # noqa: A002
    client.force_login(max)
    page = client.get(PAGE).text
    assert "Somebody in Marketing waits for Rex" in page
    assert "Ada" not in page


def test_no_page_ranks_reviewers_by_speed(client, rita, answered, rex):
    client.force_login(rita)
    page = client.get(PAGE).text
    assert page.count("Rex") == 2  # who has a post waiting now; nothing of how fast
    answered_by = actions.decide(
        answered, actor=rex, verdict="clear", seen=answered.revision.digest
    )
    assert answered_by.state == "cleared"
    assert "Rex" not in client.get(PAGE).text


@pytest.mark.parametrize(
    "query", ["days=1", "days=x", "unit=999999", "unit='", "days=&unit=", "days=7&days=-1"]
)
def test_an_address_with_nonsense_is_the_usual_page(client, rita, answered, query):
    client.force_login(rita)
    assert client.get(f"{PAGE}?{query}").status_code == 200
    assert client.get(f"{SHEET}?{query}").status_code == 200


def test_the_sheet_is_safe_to_open_whatever_a_unit_is_called(client, rita, answered):
    Unit.objects.update(name="=cmd|' /C calc'!A0")
    client.force_login(rita)
    answer = client.get(f"{SHEET}?days=28")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="numbers-')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["unit"] for row in rows} == {"", "'=cmd|' /C calc'!A0"}
    [cleared] = [row for row in rows if row["what"] == "Cleared" and not row["lane"]]
    assert cleared["count"] == "6"


def test_the_page_costs_the_same_however_many_posts_units_and_reviewers(
    client, rita, write, rex, answered, edition
):
    client.force_login(rita)
    before = queries_of(client, PAGE)
    for number in range(4):
        author = hire(f"Ann{number}", Unit.objects.create(name=f"Unit {number}"))
        post = write(f"Theirs {number}.", author=author)
        write(f"Waits {number}.", author=author)
        actions.decide(post, actor=rex, verdict="send_back", seen=post.revision.digest, reason="So")
    assert queries_of(client, PAGE) == before
    assert before <= 30


def test_a_forecast_is_asked_for_shown_under_way_and_then_done(
    client, rita, answered, run_tasks, django_capture_on_commit_callbacks
):
    client.force_login(rita)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(FORECAST, {"reviewers": "3", "to_green": "10"})
    assert (answer.status_code, answer.url) == (302, reverse("numbers:forecast"))
    assert "data-refresh" in client.get(FORECAST).text
    run_tasks()
    assert "A forecast needs 20." in client.get(FORECAST).text


def test_a_finished_forecast_is_told_in_words(client, rita, write, rex, run_tasks, edition):
    for number in range(21):
        post = write(f"Post {number}.")
        actions.decide(post, actor=rex, verdict="clear", seen=post.revision.digest)
    client.force_login(rita)
    client.post(
        FORECAST, {"reviewers": "2", "opens": "08:00", "closes": "12:00", "more_posts": "-10"}
    )
    forecast = Forecast.objects.get()
    forecasting.run(forecast.pk)
    page = client.get(FORECAST).text
    assert "2 reviewers" in page
    assert "at work from 08:00 to 12:00" in page
    assert "10 % fewer posts" in page
    assert "too few former weeks to compare" in page
    assert f"seed {forecast.seed}" in page


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reviewers": "0"}, "Reviewers"), ({"reviewers": "51"}, "Reviewers"),
        ({"opens": "09:00"}, "Until"), ({"closes": "09:00"}, "At work from"),
        ({"opens": "12:00", "closes": "09:00"}, "Until"), ({"to_green": "101"}, "Of 100 amber posts, now green"),
        ({"more_posts": "-100"}, "More posts, in percent"), ({"opens": "nine", "closes": "10"}, "At work from"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field(client, rita, said, field):
    client.force_login(rita)
    answer = client.post(FORECAST, said)
    assert answer.status_code == 200
    assert f">{field}</a>" in answer.text
    assert not Forecast.objects.exists()


def test_a_reviewer_reads_of_the_whole_company(client, rex, elsewhere):
    client.force_login(rex)
    assert elsewhere.name in client.get(PAGE).text
    assert rex.holds(Role.REVIEWER)
