"""Where the points of charts go."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from approvals import charts

DAY = dt.date(2026, 3, 2)


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_longer_times_stand_further_out_and_none_leaves_the_chart(one, other):
    short, long = sorted((one, other))
    assert charts.NAMES <= charts.x_of(short) <= charts.x_of(long) <= charts.WIDTH - charts.RIGHT
    assert charts.TOP <= charts.time_y(long) <= charts.time_y(short)
    assert charts.time_y(short) <= charts.HEIGHT - charts.BOTTOM


def test_a_lane_with_too_few_posts_has_a_row_and_no_bar():
    amber, red = charts.bars([("Amber", 60.0, 600.0, 7200.0), ("Red", None, None, 3600.0)])
    assert amber.half < amber.most < amber.promise
    assert (red.half, red.most) == (None, None)
    assert red.y - amber.y == charts.ROW
    assert charts.height_of([amber, red]) == charts.TOP + 2 * charts.ROW + charts.BOTTOM


def test_a_week_without_a_time_is_a_gap():
    days = [
        (DAY + dt.timedelta(weeks=number), time) for number, time in enumerate((60.0, None, 9.0))
    ]
    drawn = charts.times_by_day(days)
    assert [point.y is None for point in drawn] == [False, True, False]
    assert [point.month for point in drawn] == [day for day, _ in days]


def test_a_queue_is_drawn_in_steps_from_nothing_to_the_most():
    drawn = [tuple(map(float, one.split(","))) for one in charts.steps([0, 4, 2], 4).split()]
    assert len(drawn) == 6
    assert drawn[0][1] == charts.HEIGHT - charts.BOTTOM
    assert drawn[2][1] == charts.TOP
    assert drawn[-1][0] == charts.WIDTH - charts.RIGHT
    assert charts.steps([0.0], 0)
