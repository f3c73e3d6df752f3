"""How a post climbs while nobody decides (invariant 8), in the working time of its author's unit (invariant 10)."""

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from guardian.shortcuts import assign_perm
from hypothesis import given
from hypothesis import strategies as st

from approvals import actions, duties, ladder, moving
from approvals.models import Channel, Clearance, HandOver, Submission
from approvals.states import State
from ledger.models import Entry
from organization.absences import set_absence
from organization.actions import deactivate
from organization.calendars import Calendar
from organization.models import Notice
from organization.roles import Role
from tests.conftest import hire
from tests.organization.test_calendars import calendars_anywhere, moments

db = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)  # 10:00 in New York
A_MINUTE = dt.timedelta(minutes=1)
# An amber post is promised in 120 working minutes.
HALF, UP, LONG_UP = (MONDAY + minutes * A_MINUTE for minutes in (60, 120, 180))


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def desk(channel, unit, rex, petra):
    """Rex, Petra, Mia and Dan sit at it. Routing prefers Mia, then Dan, by their keys; Dan is its deputy and reports
    to Mia."""
    mia = hire("Mia", unit, Role.REVIEWER, id=UUID(int=1))
    dan = hire("Dan", unit, Role.REVIEWER, manager=mia, id=UUID(int=2))
    for person in (petra, dan, mia):
        assign_perm("approvals.review_channel", person, channel)
    channel.deputy = dan
    channel.save()
    return {"rex": rex, "petra": petra, "dan": dan, "mia": mia}


@pytest.fixture
def post(desk, write, rex):
    """A post that waits for Rex."""
    submission = write()
    Submission.objects.filter(pk=submission.pk).update(owner=rex)
    submission.refresh_from_db()
    return submission


@pytest.fixture
def sweep(time_machine):
    """Move the machine's clock there and run the clock's job twice, as a repeated task would."""

    def sweep(at):
        time_machine.move_to(at, tick=False)
        duties.keep_moving()
        entries, notices = Entry.objects.count(), Notice.objects.count()
        duties.keep_moving()
        assert (Entry.objects.count(), Notice.objects.count()) == (entries, notices)

    return sweep


def steps_of(submission):
    subject = f"approvals.submission:{submission.pk.hex}"
    types = Entry.objects.about(subject).order_by("pk").values_list("type", flat=True)
    return [type_.partition(".")[2] for type_ in types]


def now_with(submission):
    submission.refresh_from_db()
    assert submission.state == State.IN_REVIEW
    assert not Clearance.objects.exists()
    return submission.owner and submission.owner.name


@db
@pytest.mark.parametrize(
    ("moments_", "owners", "steps"),
    [
        ([HALF - A_MINUTE], ["Rex"], ["submit"]),
        ([HALF], ["Mia"], ["submit", "hand_over"]),
        ([HALF, UP], ["Mia", "Dan"], ["submit", "hand_over", "escalate"]),
        (
            [HALF, UP - A_MINUTE, UP, LONG_UP],
            ["Mia", "Mia", "Dan", "Petra"],
            ["submit", "hand_over", "escalate", "escalate"],
        ),
        ([UP], ["Dan"], ["submit", "escalate"]),
        ([UP, LONG_UP], ["Dan", "Mia"], ["submit", "escalate", "escalate"]),
        ([LONG_UP], ["Mia"], ["submit", "escalate"]),
    ],
    ids=[
        "not before half of the time",
        "to another reviewer at half",
        "to the deputy at the end",
        "to whoever is left, where the manager had it",
        "after a stop straight to the deputy",
        "from the deputy to the manager",
        "after a long stop to one more, not to three",
    ],
)
def test_i08_time_asks_somebody_else_step_by_step(moments_, owners, steps, post, sweep):
    seen = []
    for at in moments_:
        sweep(at)
        seen.append(now_with(post))
    assert seen == owners
    assert steps_of(post) == steps
    assert post.due_at == UP  # what was promised is never moved


@db
def test_the_new_owner_and_the_old_one_are_told_and_the_author_sees_it(
    post, sweep, rex, desk, client
):
    sweep(HALF)
    assert desk["mia"].notices.get(event="handed_to_you").context["because"].startswith("Half of")
    assert rex.notices.get(event="handed_on").context["to"] == "Mia"
    client.force_login(post.author)
    page = client.get(f"/posts/{post.pk}/").content.decode()
    assert "Mia looks at it" in page
    assert "Mia has it now" in page
    assert "Half of the promised time was up." in page


@db
def test_i10_time_does_not_run_when_the_unit_is_closed(post, sweep, time_machine, write):
    time_machine.move_to(dt.datetime(2026, 11, 25, 21, 30, tzinfo=dt.UTC), tick=False)
    late = write("Half an hour before Thanksgiving.")
    sweep(dt.datetime(2026, 11, 27, 14, 29, tzinfo=dt.UTC))
    assert (late.rung, steps_of(late)) == (0, ["submit"])
    sweep(dt.datetime(2026, 11, 27, 14, 30, tzinfo=dt.UTC))  # 9:30 on the day after it
    assert steps_of(late) == ["submit", "hand_over"]


@db
def test_i03_it_never_goes_to_the_author_nor_to_who_reports_to_them(
    channel, unit, write, rex, sweep
):
    """Ron, the deputy, reports to the author; so does nobody else get it, and the administrators are told once."""
    author = hire("Bo", unit, Role.REVIEWER)
    ron = hire("Ron", unit, Role.REVIEWER, manager=author)
    for person in (author, ron):
        assign_perm("approvals.review_channel", person, channel)
    channel.deputy = ron
    channel.save()
    rex.manager = author
    rex.save()
    root = hire("Root", unit, Role.ADMINISTRATOR)
    post = write(author=author)
    assert post.owner is None  # Rex reports to the author as well
    for minutes in range(0, 600, 60):
        sweep(MONDAY + minutes * A_MINUTE)
        assert now_with(post) is None
    assert [notice.event for notice in root.notices.all()] == ["nobody_able"]
    assert not author.notices.exists()
    assert steps_of(post) == ["submit"]


@db
def test_a_post_without_an_owner_gets_one_as_soon_as_somebody_is_there(
    write, rex, sweep, channel, petra
):
    set_absence(rex, actor=rex, ends_at=MONDAY + dt.timedelta(days=1))
    post = write()
    assert post.owner is None
    sweep(MONDAY)
    assign_perm("approvals.review_channel", petra, channel)
    sweep(MONDAY + 6 * A_MINUTE)
    assert now_with(post) == "Petra"
    assert post.next_rung_at > MONDAY + 35 * A_MINUTE  # she has time for it
    assert HandOver.objects.get().because == HandOver.Because.FOUND


@db
def test_a_lone_reviewer_keeps_it_and_the_administrators_are_told_once_when_time_is_up(
    submission, sweep, rex, amin
):
    sweep(HALF)
    assert not amin.notices.exists()
    for at in (UP, UP + 6 * A_MINUTE, LONG_UP, LONG_UP + dt.timedelta(days=3)):
        sweep(at)
    assert now_with(submission) == "Rex"
    assert amin.notices.get().event == "nobody_able"


@db
def test_a_manager_who_may_not_decide_is_told_without_a_word_of_the_post(
    post,
    desk,
    sweep,
    max,  # noqa: A002  his name
):
    desk["dan"].manager = max
    desk["dan"].save()
    for at in (UP, LONG_UP):
        sweep(at)
    notice = max.notices.get()
    assert (notice.event, notice.context) == (
        "overdue_in_team",
        {"reviewer": "Dan", "author": "Ada"},
    )
    assert now_with(post) == "Mia"


@db
def test_nobody_gets_the_same_revision_twice_from_the_clock(post, sweep):
    owners = [now_with(post)]
    for hours in range(1, 60):
        sweep(MONDAY + hours * 60 * A_MINUTE)
        owners.append(now_with(post))
    changes = [one for one, before in zip(owners[1:], owners, strict=False) if one != before]
    assert len(changes) == len(set(changes)) == 3


@db
def test_a_changed_post_begins_anew(post, sweep, ada, channel, time_machine):
    sweep(HALF)
    changed = actions.revise(
        post, actor=ada, seen=post.revision.digest, text="Another text.", channels=[channel]
    )
    assert changed.due_at == HALF + 120 * A_MINUTE
    assert (changed.rung, changed.next_rung_at) == (0, HALF + 60 * A_MINUTE)


@given(jumps=st.lists(st.integers(-4000, 4000), min_size=1, max_size=6))
def test_i08_a_clock_that_jumps_never_clears_and_never_doubles(jumps):
    """Each jump lasts a while and is swept twice; the ladder is the same function, with the row's own fields."""
    calendar = calendar_of_new_york()
    due_at, rung = calendar.add(MONDAY, 120), ladder.Rung.FIRST
    next_at, taken = ladder.first_look(calendar, 120, MONDAY), []
    for jump in jumps:
        at = MONDAY + jump * A_MINUTE
        for _ in range(2):
            if next_at <= at:
                rung = ladder.rung_at(calendar, 120, due_at, rung, at)
                next_at = ladder.next_look(calendar, 120, due_at, rung, at)
                taken.append((at, rung))
    assert [rung for _, rung in taken] == sorted(rung for _, rung in taken)
    assert len({at for at, _ in taken}) == len(taken)


def calendar_of_new_york():
    return Calendar("us", ZoneInfo("America/New_York"))


@db
def test_i08_the_machines_clock_jumping_about_never_clears_and_never_doubles(post, sweep):
    day = dt.timedelta(days=1)
    for at in (
        HALF,
        MONDAY - day,
        HALF,
        UP,
        MONDAY - 400 * day,
        UP + 2 * day,
        MONDAY,
        UP + 2 * day,
    ):
        sweep(at)
    now_with(post)
    assert steps_of(post) == ["submit", "hand_over", "escalate", "escalate"]


@given(calendars_anywhere, moments, st.sampled_from([60, 120]), st.integers(0, 600))
def test_each_rung_comes_after_the_one_before_and_leaves_time_to_decide(
    calendar, start, promised, late
):
    due_at = calendar.add(start, promised)
    at = calendar.add(ladder.first_look(calendar, promised, start), late)
    rung, moment = ladder.Rung.FIRST, at
    for _ in range(4):
        higher = ladder.rung_at(calendar, promised, due_at, rung, moment)
        assert higher > rung or higher == ladder.Rung.MANAGER
        rung = higher
        after = ladder.next_look(calendar, promised, due_at, rung, moment)
        quarter = dt.timedelta(minutes=promised / 4)
        assert calendar.between(moment, after) >= quarter - dt.timedelta(microseconds=1)
        moment = after


@db
def test_a_post_from_before_there_was_a_clock_gets_one(post, sweep):
    Submission.objects.filter(pk=post.pk).update(next_rung_at=None)
    sweep(MONDAY)
    post.refresh_from_db()
    assert post.next_rung_at == HALF


@db
def test_by_hand_it_goes_to_somebody_who_has_not_had_it_and_has_time(post, rex, desk):
    after = actions.hand_over(post, actor=rex)
    assert after.owner == desk["mia"]
    assert (after.due_at, after.rung) == (UP, 0)
    assert HandOver.objects.get().because == HandOver.Because.BY_HAND
    assert not rex.notices.filter(event="handed_on").exists()  # he knows
    assert actions.hand_over(after, actor=desk["mia"]).owner == desk["dan"]


@db
def test_the_posts_of_somebody_who_leaves_are_handed_over_at_once(
    post, rex, amin, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        deactivate(rex, actor=amin)
    assert now_with(post) == "Mia"
    assert HandOver.objects.get().because == HandOver.Because.LEFT
    assert not rex.notices.filter(event="handed_on").exists()


@db
def test_w09_where_the_only_reviewer_leaves_nobody_owns_it_and_the_administrators_know(
    submission, rex, amin, sweep
):
    deactivate(rex, actor=amin)
    sweep(MONDAY)
    assert now_with(submission) is None
    assert amin.notices.get().event == "nobody_able"
    sweep(MONDAY + dt.timedelta(days=9))
    assert amin.notices.count() == 1


@db
def test_the_sweep_asks_a_few_queries_when_nothing_is_due(post, django_assert_num_queries):
    with django_assert_num_queries(2):
        duties.keep_moving()


@db
def test_a_decided_post_moves_no_more(post, rex):
    actions.decide(post, actor=rex, verdict="clear", seen=post.revision.digest)
    entries = Entry.objects.count()
    moving.keep_moving(post, at=LONG_UP)
    assert Entry.objects.count() == entries


@db
def test_the_due_time_follows_the_hours_of_the_authors_unit(unit, write):
    unit.week = [[["10:00", "10:30"]]] * 7
    unit.save()
    due_at = timezone.localtime(write().due_at, unit.zone)
    # half an hour each on Monday, Tuesday and Wednesday, none on Thanksgiving, the last on Friday
    assert (due_at.day, due_at.hour, due_at.minute) == (27, 10, 30)


@db
def test_only_the_deputy_of_a_desk_that_has_them_can_be_named(desk, channel, amin, client, ada):
    client.force_login(amin)
    form = {
        "name": channel.name,
        "network": "linkedin",
        "content_class": "interactive",
        "is_active": "on",
        "reviewers": [desk["rex"].pk],
        "deputy": desk["dan"].pk,
    }
    answer = client.post(f"/posts/channels/{channel.pk}/", form)
    assert "Dan does not sit at the desk" in answer.content.decode()
    client.post(f"/posts/channels/{channel.pk}/", form | {"deputy": desk["rex"].pk})
    assert Channel.objects.get(pk=channel.pk).deputy == desk["rex"]
