"""Forms of the numbers: which period, and what if."""

import datetime as dt
from typing import Any

from django import forms

from organization.models import Unit

from .figures import PERIODS, USUAL_PERIOD
from .forecasting import Asked

MOST_REVIEWERS = 50
FEWEST_MORE, MOST_MORE = -90, 400  # percent


class PeriodForm(forms.Form):
    """The last so many days, of one unit or all that the reader may see. What is not on the list is as if not said."""

    use_required_attribute = False

    days = forms.TypedChoiceField(
        label="Period",
        choices=[(days, f"the last {days} days") for days in PERIODS],
        coerce=int,
        initial=USUAL_PERIOD,
    )
    unit = forms.ModelChoiceField(
        label="Unit", queryset=Unit.objects.none(), empty_label="all units"
    )

    def __init__(self, *args, units, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {"days": USUAL_PERIOD, "unit": None} | self.cleaned_data


class WhatIfForm(forms.Form):
    """What would be otherwise. An empty form asks how it goes on as it is."""

    reviewers = forms.IntegerField(
        label="Reviewers", required=False, min_value=1, max_value=MOST_REVIEWERS
    )
    opens = forms.TimeField(
        label="At work from",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    closes = forms.TimeField(
        label="Until",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    every_day = forms.BooleanField(label="On weekends and holidays too", required=False)
    to_green = forms.IntegerField(
        label="Of 100 amber posts, now green",
        help_text="As if a rule were changed, or a standing approval signed.",
        required=False,
        min_value=0,
        max_value=100,
    )
    more_posts = forms.IntegerField(
        label="More posts, in percent",
        help_text="Below nothing for fewer.",
        required=False,
        min_value=FEWEST_MORE,
        max_value=MOST_MORE,
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if (opens is None) != (closes is None) and not {"opens", "closes"} & set(self.errors):
            self.add_error("closes" if opens else "opens", "Say both, from when and until when.")
        elif opens and closes and closes <= opens:
            self.add_error("closes", "That is not after the time from which they are at work.")
        return cleaned

    def asked(self) -> Asked:
        said = self.cleaned_data
        return Asked(
            reviewers=said["reviewers"],
            opens=_words(said["opens"]),
            closes=_words(said["closes"]),
            every_day=said["every_day"],
            to_green=said["to_green"] or 0,
            more_posts=said["more_posts"] or 0,
        )


def _words(time: dt.time | None) -> str:
    return f"{time:%H:%M}" if time else ""
