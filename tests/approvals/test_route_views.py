"""Pages of routes: everybody reads and tries the rules, drafters write them, approvers issue them."""

from html import unescape

import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm

from approvals import actions, route_drafting, routes
from approvals.models import Channel, RouteRules, Submission
from approvals.route_forms import VALUES_OF, RuleForm, fixed_choices
from approvals.route_rules import CONDITIONS, FLOOR, OTHERWISE, SHIPPED, SKILL, Rule
from approvals.states import State
from ledger.models import Entry
from organization.models import Notice
from organization.roles import Role
from tests.conftest import hire
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
EVERYBODY = ["ada", "rex", "lea", "quinn", "max", "rita", "amin", "zoe"]
DRAFTERS = ["lea", "quinn"]


@pytest.fixture
def nora(unit):
    return hire("Nora", unit, Role.REVIEWER, skills=["legal"])


@pytest.fixture
def draft(lea):
    return route_drafting.start(actor=lea)


def page_of(client, name, *args, **data):
    return unescape(client.get(reverse(f"routes:{name}", args=args), data).content.decode())


@pytest.mark.parametrize(("who", "status"), [(who, 200) for who in EVERYBODY] + [("nobody", 302)])
def test_who_may_read_the_rules(client, request, company, who, status):
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("routes:rules")).status_code == status


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_see_and_write_the_draft(client, request, draft, who):
    client.force_login(request.getfixturevalue(who))
    status = 200 if who in DRAFTERS else 403
    for name, args in [("draft", []), ("new_rule", []), ("rule", [0])]:
        assert client.get(reverse(f"routes:{name}", args=args)).status_code == status
    seen = {"seen": draft.digest}
    for name, args in [("start", []), ("ask", []), ("move", [0])]:
        answer = client.post(reverse(f"routes:{name}", args=args), seen)
        assert answer.status_code == (302 if who in DRAFTERS else 403)


@pytest.mark.parametrize(
    ("who", "status"),
    [(who, 302 if who == "quinn" else 403) for who in EVERYBODY],
)
def test_who_may_issue(client, request, draft, who, status):
    client.force_login(request.getfixturevalue(who))
    entries = Entry.objects.count()
    answer = client.post(reverse("routes:issue"), {"seen": draft.digest})
    assert answer.status_code == status
    assert RouteRules.objects.in_force().exists() == (who == "quinn")
    assert (Entry.objects.count() > entries) == (who == "quinn")


def test_the_page_says_every_rule_and_what_always_holds(client, ada):
    client.force_login(ada)
    page = page_of(client, "rules")
    for rule in [*SHIPPED, FLOOR, OTHERWISE]:
        assert rule.says in page
    assert "Nobody decides on their own post" in page
    assert "The rules that come with Countersign" in page


def test_every_condition_has_words_for_its_values():
    assert set(fixed_choices()) | VALUES_OF == set(CONDITIONS)


def test_a_lawyer_writes_a_rule_another_issues_it_and_posts_go_by_it(
    client, lea, quinn, nora, write, rex
):
    client.force_login(lea)
    client.post(reverse("routes:start"))
    draft = RouteRules.objects.draft()
    typed = {
        "seen": draft.digest,
        "says": "Legal  reads what goes out for us.",
        "who": "skill:legal",
        "how_many": "any",
        "votes": "2",
        "lane": ["amber", "red"],
    }
    answer = client.post(reverse("routes:new_rule"), typed, follow=True)
    page = unescape(answer.content.decode())
    assert "Kept in the draft. Nothing is in force yet." in page
    assert "One reviewer with the skill “legal”" in page
    assert "The lane is Amber or Red" in page.replace("Amber, or", "Amber or")
    assert "Issue these rules" not in page
    client.post(reverse("routes:ask"), {"seen": RouteRules.objects.draft().digest})
    assert Notice.objects.get(event="routes_for_issue").person == quinn

    client.force_login(quinn)
    assert "Legal reads what goes out for us." in page_of(client, "draft")
    client.post(reverse("routes:issue"), {"seen": RouteRules.objects.draft().digest})
    assert "Rules 1, drafted by Lea, issued by Quinn" in page_of(client, "rules")
    assert "Legal reads what goes out for us." in page_of(client, "former", 1)
    post = write()
    assert [stage.of for stage in post.way.stages] == ["desk", SKILL]


def test_a_rule_comes_back_into_its_form_as_it_was_written(client, lea, nora, unit, draft):
    client.force_login(lea)
    typed = {
        "seen": draft.digest,
        "says": "Everybody at the desk.",
        "who": "registration",
        "registered_as": "Series 24",
        "how_many": "some",
        "votes": "3",
        "again": "on",
        "unit": [str(unit.pk)],
        "trust": ["watched"],
    }
    client.post(reverse("routes:new_rule"), typed)
    table = RouteRules.objects.draft().table
    form = RuleForm(table=table, rule=routes.rules_in(table)[1])
    shown = {name: form[name].value() for name in typed if name != "seen"}
    assert shown == {
        **{name: value for name, value in typed.items() if name != "seen"},
        "votes": 3,
        "again": True,
    }
    assert form.shows_all
    page = page_of(client, "rule", 1)
    assert page.count(" checked") == 4  # as many as this, again, the unit and the record
    assert 'value="Everybody at the desk."' in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"says": ""}, "Say why; the author and the reviewers read it."),
        ({"who": "skill:finance"}, "Select a valid choice"),
        ({"how_many": "some", "votes": ""}, "Say how many: 1 to 9."),
        ({"how_many": "some", "votes": "99"}, "less than or equal to 9"),
        ({"registered_as": "Series 24"}, "Choose registered reviewers above"),
        ({"lane": ["purple"]}, "Select a valid choice"),
        ({"says": SHIPPED[0].says, "needs_principal": ["no"]}, "is the same as rule 1"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_and_nothing_is_kept(client, lea, draft, typed, says):
    client.force_login(lea)
    fields = {"seen": draft.digest, "says": "Why.", "who": "desk", "how_many": "any", "votes": ""}
    answer = client.post(reverse("routes:new_rule"), fields | typed)
    assert answer.status_code == 200
    assert says in unescape(answer.content.decode())
    assert RouteRules.objects.draft().digest == draft.digest


def test_a_draft_that_changed_meanwhile_is_a_conflict(client, lea, draft):
    client.force_login(lea)
    route_drafting.keep_rule(draft, Rule("New.", votes=2), actor=lea, seen=draft.digest)
    answer = client.post(reverse("routes:remove", args=[0]), {"seen": draft.digest})
    assert answer.status_code == 409
    assert "Nothing was saved" in unescape(answer.content.decode())


@pytest.mark.parametrize("name", ["rule", "move", "remove"])
def test_a_rule_that_is_not_there_is_not_found(client, lea, draft, name):
    client.force_login(lea)
    path = reverse(f"routes:{name}", args=[7])
    assert client.post(path, {"seen": draft.digest}).status_code == 404


def test_what_stands_against_issuing_is_on_the_draft_s_page(client, lea, quinn, draft):
    rule = Rule("Legal reads it.", of=SKILL, named="legal")
    route_drafting.keep_rule(draft, rule, actor=lea, seen=draft.digest)
    client.force_login(quinn)
    says = "Rule 2: It asks for one reviewer with the skill “legal”, and no reviewers have it."
    assert says in page_of(client, "draft")
    digest = RouteRules.objects.draft().digest
    answer = client.post(reverse("routes:issue"), {"seen": digest})
    assert says in unescape(answer.content.decode())
    assert not RouteRules.objects.in_force().exists()


def trial(unit, channel, **extra):
    return {
        "unit": unit.pk,
        "channel": [channel.pk],
        "lane": "amber",
        "relation": "employee",
        "is_trained": "yes",
        "trust": "known",
    } | extra


def test_i07_a_dry_run_shows_route_and_owner_and_stores_nothing(
    client, ada, lea, quinn, unit, channel, nora, draft
):
    rule = Rule("Legal reads gains.", {"topic": ("financial_promise",)}, SKILL, "legal")
    draft = route_drafting.keep_rule(draft, rule, actor=lea, seen=draft.digest)
    route_drafting.issue(draft, actor=quinn, seen=draft.digest)
    client.force_login(ada)
    entries = Entry.objects.count()
    page = page_of(client, "rules", **trial(unit, channel))
    assert "Rex would be asked first" in page
    assert "Nora would be asked first" not in page
    page = page_of(client, "rules", **trial(unit, channel, topic=["financial_promise"]))
    assert page.index("Rex would be asked first") < page.index("Nora would be asked first")
    assert "Nothing of it was stored." in page
    assert not Submission.objects.exists()
    assert Entry.objects.count() == entries


def test_a_dry_run_of_a_broker_dealer_s_advert_asks_for_a_principal(client, ada, unit, channel):
    """FINRA 2210(b)(1)."""
    unit.profile = "broker-dealer"
    unit.save()
    client.force_login(ada)
    page = page_of(client, "rules", **trial(unit, channel, content_class="static"))
    assert "One registered reviewer of the desk" in page
    assert "Nobody could be asked now" in page


def test_the_draft_is_tried_before_it_is_issued(client, lea, unit, channel, nora, draft):
    rule = Rule("Legal reads it.", of=SKILL, named="legal")
    route_drafting.keep_rule(draft, rule, actor=lea, seen=draft.digest)
    client.force_login(lea)
    assert "Nora would be asked first" in page_of(client, "draft", **trial(unit, channel))
    assert "Nora would be asked first" not in page_of(client, "rules", **trial(unit, channel))


def test_a_dry_run_without_a_channel_says_what_is_missing(client, ada, unit, channel):
    client.force_login(ada)
    page = page_of(client, "rules", **trial(unit, channel) | {"channel": []})
    assert "Choose at least one place where it would go out." in page


def two_stages(lea, quinn, draft):
    rule = Rule("Legal reads it.", of=SKILL, named="legal")
    draft = route_drafting.keep_rule(draft, rule, actor=lea, seen=draft.digest)
    route_drafting.issue(draft, actor=quinn, seen=draft.digest)


@pytest.mark.parametrize("who", ["ada", "rex"])
def test_a_post_s_page_shows_its_stages_who_agreed_and_who_holds_it(
    client, request, lea, quinn, draft, nora, write, rex, who
):
    two_stages(lea, quinn, draft)
    post = write()
    client.force_login(rex)
    form = {"verdict": "clear", "seen": post.revision.digest}
    answer = client.post(reverse("approvals:review", args=[post.pk]), form, follow=True)
    says = "You agreed. Now Nora has it: one reviewer with the skill “legal” must agree."
    assert says in unescape(answer.content.decode())
    client.force_login(request.getfixturevalue(who))
    page = client.get(reverse("approvals:submission", args=[post.pk])).content.decode()
    page = unescape(page)
    assert "Rex agreed on" in page
    assert "Nora has it now" in page
    assert "Legal reads it." in page
    assert "✓ It replays to the same answer." in page
    assert page.index("Rex agreed on") < page.index("Nora has it now")


def test_a_reviewer_who_is_not_asked_now_is_told_on_the_page_and_not_in_the_queue(
    client, lea, quinn, draft, nora, write, rex
):
    two_stages(lea, quinn, draft)
    post = write()
    actions.decide(post, actor=rex, verdict="clear", seen=post.revision.digest)
    client.force_login(rex)
    page = unescape(client.get(reverse("approvals:review", args=[post.pk])).content.decode())
    assert "You have agreed to this post already." in page
    assert post.revision.text not in client.get(reverse("approvals:queue")).content.decode()
    client.force_login(nora)
    assert post.revision.text in client.get(reverse("approvals:queue")).content.decode()
    form = {"verdict": "clear", "seen": post.revision.digest}
    client.post(reverse("approvals:review", args=[post.pk]), form)
    post.refresh_from_db()
    assert post.state == State.CLEARED
    assert client.get(reverse("approvals:submission", args=[post.pk])).status_code == 200


def test_agreeing_by_the_word_of_the_record_is_no_verdict_of_a_form(client, submission, rex):
    client.force_login(rex)
    path = reverse("approvals:review", args=[submission.pk])
    assert (
        client.post(path, {"verdict": "agree", "seen": submission.revision.digest}).status_code
        == 200
    )
    submission.refresh_from_db()
    assert (submission.state, submission.stage) == (State.IN_REVIEW, 0)
    assert not submission.revision.reviews.exists()


def test_pages_cost_the_same_however_many_rules_and_people(
    client, lea, quinn, draft, unit, channel, write
):
    client.force_login(lea)
    paths = [reverse("routes:rules"), reverse("routes:draft"), reverse("routes:rule", args=[0])]
    post = write()
    paths.append(
        f"{reverse('routes:rules')}?lane=amber&unit={unit.pk}&channel={channel.pk}"
        "&relation=employee&is_trained=yes&trust=known"
    )
    before = [queries_of(client, path) for path in paths]
    for number in range(9):
        person = hire(f"Rev{number}", unit, Role.REVIEWER, skills=["legal", f"skill {number}"])
        assign_perm("approvals.review_channel", person, channel)
        Channel.objects.create(name=f"Channel {number}", network="x")
        rule = Rule(f"Why {number}.", {"unit": (str(unit.pk), str(number + 100))})
        draft = route_drafting.keep_rule(draft, rule, actor=lea, seen=draft.digest)
    assert [queries_of(client, path) for path in paths] == before
    client.force_login(post.author)
    page = reverse("approvals:submission", args=[post.pk])
    before = queries_of(client, page)
    route_drafting.issue(draft, actor=quinn, seen=draft.digest)
    actions.reroute(post)
    assert queries_of(client, page) == before
