"""What became of what each check noticed, by check and by month."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals import charts, check_records, judging
from approvals.check_records import Counts, all_records, by_month, counts_of, last_months, to_mend
from approvals.judging import OVERRULED, UPHELD, Missed, Opinion, Said
from approvals.models import FindingVerdict, Hit
from ledger.models import Entry
from tests.approvals.small_policy import issue_small_policy
from tests.approvals.test_judging import BECAUSE, CHECKS, TEXT
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
CHECK = ("good-faith", "voice")
EVERYBODY = ["ada", "rex", "lea", "quinn", "max", "rita", "amin", "zoe"]


@pytest.fixture
def edition(company, lea, quinn):
    return issue_small_policy(drafter=lea, approver=quinn, checks=CHECKS)


@pytest.fixture
def judge(write, rex):
    """Ada writes posts that the check on statements finds, and Rex says so many times that it was right."""

    def judge(*outcomes):
        for number, outcome in enumerate(outcomes):
            post = write(f"Acme fully supports post {number} {outcome} {Hit.objects.count()}.")
            hit = post.revision.hits.get()
            said = Said({hit.pk: Opinion(outcome, BECAUSE)} if outcome else {})
            judging.judge(post, actor=rex, seen=post.revision.digest, said=said)

    return judge


@pytest.fixture
def miss(write, rex):
    def miss(check="voice"):
        post = write("It rained on our parade.")
        missed = Missed("rained", "good-faith", 1, check)
        judging.judge(post, actor=rex, seen=post.revision.digest, said=Said(missed=missed))

    return miss


def this_month():
    return timezone.localdate().replace(day=1)


def test_a_check_is_counted_by_what_became_of_its_findings(judge, miss):
    judge(UPHELD, OVERRULED, OVERRULED, "")
    miss()
    expected = Counts(hits=4, upheld=1, overruled=2, missed=1, not_judged=1)
    assert counts_of(*CHECK) == expected
    assert all_records()[0].counts == expected
    assert expected.percent == "33%"
    assert {one.check for one in all_records()} == {check["name"] for check in CHECKS}


def test_a_settled_finding_and_advice_wait_for_no_verdict(write, judge):
    write(TEXT)
    assert counts_of(*CHECK).not_judged == 1
    hit = Hit.objects.get(revision__text=TEXT)
    post = hit.revision.submission
    said = Said({hit.pk: Opinion(OVERRULED, BECAUSE)})
    judging.judge(post, actor=post.owner, seen=post.revision.digest, said=said)
    write(TEXT + " Wow!")
    assert counts_of(*CHECK) == Counts(hits=2, overruled=1)
    assert counts_of("good-faith", "tone").not_judged == 0


def test_months_are_counted_apart(judge):
    judge(UPHELD)
    later = check_records.next_month(this_month())
    months = by_month(*CHECK, later)
    assert months[-1] == (later, Counts())
    assert months[-2] == (this_month(), Counts(hits=1, upheld=1))
    assert len(months) == 12
    assert to_mend(later) == []


@pytest.mark.parametrize(
    ("outcomes", "advice"),
    [
        ([OVERRULED] * 2, None),
        ([OVERRULED] * 3, "retire"),
        ([UPHELD, OVERRULED, OVERRULED], "mend"),
        ([UPHELD, UPHELD, UPHELD, OVERRULED], None),
    ],
    ids=["too few verdicts", "never right", "seldom right", "right often enough"],
)
def test_which_checks_are_to_retire_or_mend(judge, outcomes, advice):
    judge(*outcomes)
    listed = to_mend(this_month())
    assert [one.advice for one in listed] == ([advice] if advice else [])
    assert [one.counts.held for one in listed] == ([outcomes.count(OVERRULED)] if advice else [])


def test_a_check_that_misses_is_mended_and_never_retired(judge, miss):
    judge(*[OVERRULED] * 3)
    miss()
    miss(check="")
    listed = [(one.check, one.advice, one.counts.missed) for one in to_mend(this_month())]
    assert listed == [("voice", "mend", 1), ("", "mend", 1)]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("name", ["list", "mend", "check"])
def test_who_sees_the_checks(client, request, edition, name, who):
    client.force_login(request.getfixturevalue(who))
    path = reverse(f"checks:{name}", args=CHECK if name == "check" else [])
    before = Entry.objects.count()
    assert client.get(path).status_code == (200 if who in {"rex", "lea", "quinn"} else 404)
    assert Entry.objects.count() == before


def test_whoever_is_not_signed_in_is_asked_to(client, edition):
    assert client.get(reverse("checks:list")).status_code == 302


def test_a_check_that_never_was_is_not_found(client, edition, lea):
    client.force_login(lea)
    for clause, check in [("good-faith", "nothing"), ("nothing", "voice")]:
        assert client.get(reverse("checks:check", args=[clause, check])).status_code == 404


@pytest.mark.parametrize("month", ["", "2026-13", "9999-12", "0001-01", "x", "2026-02-30"])
def test_a_month_that_is_none_is_this_one(client, edition, lea, month):
    client.force_login(lea)
    page = client.get(reverse("checks:mend"), {"month": month}).content.decode()
    assert f"{this_month():%B %Y}" in page


@pytest.mark.parametrize("name", ["list", "mend", "check"])
def test_a_page_of_checks_costs_the_same_whatever_the_number_of_posts(
    client, judge, miss, name, rex
):
    client.force_login(rex)
    path = reverse(f"checks:{name}", args=CHECK if name == "check" else [])
    judge(UPHELD, OVERRULED)
    miss()
    few = queries_of(client, path)
    judge(*[UPHELD, OVERRULED] * 6)
    for _ in range(4):
        miss()
    assert queries_of(client, path) == few
    assert few <= 25


def test_words_of_a_post_are_shown_to_those_who_may_see_it(client, judge, miss, rex, lea):
    judge(OVERRULED)
    miss()
    pages = []
    for person in (rex, lea):
        client.force_login(person)
        pages.append(client.get(reverse("checks:check", args=CHECK)).content.decode())
    assert ["Acme fully supports post" in page for page in pages] == [True, False]
    assert "In a post that you may not see" in pages[1]
    assert all(BECAUSE in page for page in pages)


def test_the_chart_says_what_the_table_says(client, judge, lea):
    judge(UPHELD, OVERRULED)
    client.force_login(lea)
    page = client.get(reverse("checks:check", args=CHECK)).content.decode()
    assert f'cy="{charts.y_of(0.5)}"' in page
    assert f'<th scope="row">{this_month():%B %Y}</th>' in page


def test_a_month_without_a_verdict_is_a_gap_in_the_line():
    months = last_months(dt.date(2026, 3, 15))
    assert (months[0], months[-1], len(months)) == (dt.date(2025, 4, 1), dt.date(2026, 3, 1), 12)
    shares = [None, 0.5, 1.0, None, 0.0, 0.5, 0.5, *[None] * 5]
    drawn = charts.points(list(zip(months, shares, strict=True)))
    assert [len(line.split()) for line in charts.lines(drawn)] == [2, 3]
    assert drawn[2].y == charts.TOP
    assert drawn[4].y == charts.HEIGHT - charts.BOTTOM


def test_lifting_by_a_press(client, judge, rex, ada):
    judge(OVERRULED)
    settlement = FindingVerdict.objects.get().settlement
    path = reverse("checks:lift", args=[settlement.pk])
    client.force_login(ada)
    assert client.post(path).status_code == 403
    client.force_login(rex)
    assert client.get(path).status_code == 405
    assert client.post(path).status_code == 302
    assert client.post(path).status_code == 409
    settlement.refresh_from_db()
    assert settlement.lifted_by == rex
