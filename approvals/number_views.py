"""Pages of numbers: how fast posts are cleared, whether promises are kept, and what would come."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organization.models import Person

from . import charts, figures, forecasting, foreseeing, pace
from .figures import LANES, Figures, Period
from .forecasting import LOST_AFTER, Asked
from .models import Forecast, Lane
from .number_forms import PeriodForm, WhatIfForm
from .sheets import as_csv

WAITED_FOR = ("amber", "red", "green")  # in which a person may look
LANE_NAMES = {"green": "Green", "amber": "Amber", "red": "Red"}


def _only_who_may_see(person: Person) -> None:
    if not figures.may_see(person):
        raise Http404


def _asked_for(request: HttpRequest) -> tuple[PeriodForm, Figures]:
    """The period on the address, of the units that this reader may see."""
    _only_who_may_see(request.user)
    units = figures.units_for(request.user)
    chosen = PeriodForm(request.GET, units=units).chosen()
    if not figures.sees_all(request.user):
        chosen["unit"] = request.user.unit
    form = PeriodForm(initial=chosen, units=units)
    return form, Figures(Period(chosen["days"], timezone.localdate(), chosen["unit"]))


@login_required
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """How fast posts were cleared in a period, whether promises were kept, and who waits for whom now."""
    form, counted = _asked_for(request)
    period, now = counted.period, timezone.now()
    amber = [(day, lanes[Lane.AMBER].at(50)) for day, lanes in counted.trend]
    drawn = charts.times_by_day(amber)
    return render(
        request,
        "pages/approvals/numbers.html",
        {
            "form": form,
            "period": period,
            "sees_all": figures.sees_all(request.user),
            "totals": counted.totals,
            "kept": counted.kept,
            "lanes": [(lane, _of_lane(counted, lane)) for lane in LANES],
            "bars": charts.bars([_bar(counted, lane) for lane in WAITED_FOR]),
            "units": list(_by_unit(counted, figures.units_for(request.user))),
            "stages": [(number, counted.stage_of(number)) for number in counted.stage_numbers],
            "trend": counted.trend,
            "drawn": drawn,
            "lines": charts.lines(drawn),
            "owners": figures.owners(period.unit, now),
            "oldest": figures.oldest(period.unit, request.user, now),
            "sees_checks": request.user.has_perm("approvals.decide"),
            "charts": charts,
            "told": pace.told,
            "now": now,
        },
    )


def _of_lane(counted: Figures, lane: str) -> list[tuple[str, figures.Times]]:
    return [
        ("First touch", counted.touches_of(lane)),
        ("Answer", counted.answers_of(lane)),
        ("Cleared", counted.clearings_of(lane)),
    ]


def _bar(counted: Figures, lane: str) -> tuple:
    waits = counted.answers_of(lane).business
    promised = {"amber": pace.AN_HOUR * 2, "red": pace.AN_HOUR}.get(lane)
    return LANE_NAMES[lane], waits.at(50), waits.at(95), promised


def _by_unit(counted: Figures, units) -> Iterator[tuple[str, str, figures.Times]]:
    names = dict(units.values_list("pk", "name"))
    rows = [(names.get(unit, ""), lane, times) for (unit, lane), times in counted.answers.items()]
    yield from sorted(rows, key=lambda row: (row[0], LANES.index(row[1])))


@login_required
@require_safe
def as_sheet(request: HttpRequest) -> HttpResponse:
    """The same numbers as a table; times in seconds, empty where there are too few to say."""
    _, counted = _asked_for(request)
    response = HttpResponse(
        as_csv(_sheet(request.user, counted)), content_type="text/csv; charset=utf-8"
    )
    name = f"numbers-{counted.period.first}-{counted.period.today}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _sheet(reader: Person, counted: Figures) -> Iterator[tuple]:
    yield (
        "what", "unit", "lane", "stage", "count",
        "half_wall", "95_wall", "half_business", "95_business",
    )  # fmt: skip
    for lane in LANES:
        for what, times in _of_lane(counted, lane):
            yield (what, "", lane, "", *_cells(times))
    for unit, lane, times in _by_unit(counted, figures.units_for(reader)):
        yield ("Answer", unit, lane, "", *_cells(times))
    for number in counted.stage_numbers:
        yield ("Answer of a stage", "", "", number + 1, *_cells(counted.stage_of(number)))
    totals = counted.totals
    for what in ("cleared", "green", "answered", "lapsed", "touches", "upheld", "overruled"):
        yield (what.capitalize(), "", "", "", getattr(totals, what), "", "", "", "")


def _cells(times: figures.Times) -> tuple:
    spreads = (times.wall, times.business)
    return (len(times), *(spread.at(percent) for spread in spreads for percent in (50, 95)))


@login_required
def forecast(request: HttpRequest) -> HttpResponse:
    """How long posts would wait in the next weeks, as it is now and what if."""
    if not figures.sees_all(request.user):
        raise Http404
    form = WhatIfForm(request.POST or None)
    if form.is_valid():
        foreseeing.ask_for_forecast(form.asked(), actor=request.user)
        return redirect("numbers:forecast")
    last = Forecast.objects.select_related("asked_by").defer("inputs").first()
    return render(
        request,
        "pages/approvals/forecast.html",
        {
            "form": form,
            "forecast": last,
            "is_lost": last is not None
            and not last.finished_at
            and last.asked_at < timezone.now() - LOST_AFTER,
            "shown": _shown(last) if last and last.result else None,
            "charts": charts,
            "told": pace.told,
        },
    )


def _shown(last: Forecast) -> dict:
    """What the page says of a finished forecast."""
    asked, result = Asked.of_data(last.asked), last.result
    queues = [_on_readers_clock(result[name]) for name in ("queue_now", "queue_then")]
    most = max(1.0, *queues[0], *queues[1])
    return {
        "asked": asked,
        "lanes": [
            (lane, result["now"].get(lane), result["then"].get(lane))
            for lane in WAITED_FOR
            if lane in {*result["now"], *result["then"]}
        ],
        "queues": [charts.steps(queue, most) for queue in queues],
        "most": most,
        "by_day": [
            tuple(max(queue[day * 24 : day * 24 + 24]) for queue in queues) for day in range(7)
        ],
        "green": [_share_green(result, Asked()), _share_green(result, asked)],
        "error": forecasting.error_of(result),
        "error_half": forecasting.error_of(result, 50),
        "error_most": forecasting.error_of(result, 95),
    }


def _on_readers_clock(queue: list[float]) -> list[float]:
    """Hours of the week as the reader's clock shows them now; they are kept by UTC."""
    ahead = round(timezone.localtime().utcoffset().total_seconds() / 3_600)
    return [queue[(hour - ahead) % len(queue)] for hour in range(len(queue))]


def _share_green(result: dict, asked: Asked) -> int | None:
    """Of a hundred posts, how many need nobody, if it were so."""
    waiting = sum(lane["a_week"] for lane in result["now"].values())
    amber = result["now"].get(Lane.AMBER, {"a_week": 0})["a_week"]
    green = result["green_a_week"] + amber * asked.to_green / 100
    whole = result["green_a_week"] + waiting
    return round(100 * green / whole) if whole else None
