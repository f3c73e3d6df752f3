"""What people may say on the pages of the organization."""

import zoneinfo
from functools import cache

from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from holidays.registry import COUNTRIES

from . import calendars
from .hosts import host_of
from .models import Company, Person, Unit, check_time_zone
from .roles import Role

MOST_NAMES = 100
YEARS_AHEAD = 3  # for closing days
ROLE_HELP = {
    Role.DRAFTER: "writes clauses and policies",
    Role.APPROVER: "approves clauses and editions, signs standing approvals",
    Role.REVIEWER: "decides on posts",
    Role.MANAGER: "sees who in their team is due",
    Role.RECORDS_OFFICER: "reads and exports the records, recalls clearances",
    Role.ADMINISTRATOR: "manages people, units, channels and the company",
}


@cache
def countries() -> list[tuple[str, str]]:
    """Countries by name, with the codes by which their public holidays are known."""
    names = {entry[1].lower(): name for name, entry in COUNTRIES.items()}
    return sorted(((code, _title(name)) for code, name in names.items()), key=lambda pair: pair[1])


def _title(name: str) -> str:
    words = name.split("_")
    return " ".join(
        w if w in {"and", "of", "the"} and i else w.title() for i, w in enumerate(words)
    )


@cache
def zones() -> list[str]:
    """Time zones that people know, for suggestions: those named for a place, and UTC."""
    places = (name for name in zoneinfo.available_timezones() if "/" in name)
    odd = ("Etc/", "SystemV/", "US/", "posix/", "right/", "Brazil/", "Canada/", "Chile/", "Mexico/")
    return ["UTC", *sorted(name for name in places if not name.startswith(odd))]


class NamesField(forms.CharField):
    """Names, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})
    most = MOST_NAMES

    def __init__(self, **options: object) -> None:
        super().__init__(**{"required": False, "max_length": 5000, **options})

    def prepare_value(self, value: object) -> object:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: str) -> list[str]:
        lines = (" ".join(line.split()) for line in super().clean(value).splitlines())
        names = list(dict.fromkeys(filter(None, lines)))
        if len(names) > self.most:
            raise ValidationError(f"{len(names)} are too many at once. Keep it to {self.most}.")
        return names


class SkillsField(NamesField):
    """Skills, one a line; written in small letters, so that one skill has one spelling."""

    most, longest = 20, 60

    def clean(self, value: str) -> list[str]:
        skills = list(dict.fromkeys(name.lower() for name in super().clean(value)))
        for skill in skills:
            if len(skill) > self.longest:
                raise ValidationError(f"“{skill[:40]}…” is long for a skill. Use a word or two.")
        return skills


class HostsField(NamesField):
    """Web hosts, one a line; an address is cut down to its host."""

    def __init__(self, *, most: int = MOST_NAMES, **options: object) -> None:
        super().__init__(**options)
        self.most = most

    def clean(self, value: str) -> list[str]:
        return list(dict.fromkeys(map(self._host, super().clean(value))))

    @staticmethod
    def _host(line: str) -> str:
        try:
            return host_of(line)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class ZoneField(forms.CharField):
    """A time zone by its name; the page suggests names from the list `zones`."""

    widget = forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"})
    default_validators = [check_time_zone]

    def __init__(self, **options: object) -> None:
        defaults = {"label": "Time zone", "max_length": 64, "help_text": "Such as Europe/London."}
        super().__init__(**defaults | options)


class EmailField(forms.EmailField):
    def __init__(self, **options: object) -> None:
        hints = {"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        widget = forms.EmailInput(attrs=hints | options.pop("attrs", {}))
        defaults = {"label": "E-mail address", "max_length": 254, "widget": widget}
        super().__init__(**defaults | options)

    def clean(self, value: str) -> str:
        return super().clean(value).lower()


class SignInForm(forms.Form):
    email = EmailField(attrs={"autocomplete": "username", "autofocus": True})
    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class ForgottenForm(forms.Form):
    email = EmailField(attrs={"autofocus": True})


class NewPasswordForm(SetPasswordForm):
    """A new password, twice. Raises what the password rules say, on the field."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, second.label = "New password", "The same password again"
        first.help_text = (
            "At least 12 characters, not a common password, and not your name. "
            "Three or four unrelated words work well."
        )
        second.help_text = ""

    def validate_password_for_user(self, user: Person, *_: object) -> None:
        """Say what is wrong with a password beside where it was typed first."""
        super().validate_password_for_user(user, "new_password1")


class ChangePasswordForm(NewPasswordForm):
    old_password = forms.CharField(
        label="Your password now",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old_password", "new_password1", "new_password2"]

    def clean_old_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["old_password"]):
            raise ValidationError("This is not your password now.")
        return self.cleaned_data["old_password"]


class FirstAdministratorForm(NewPasswordForm):
    """The account that sets up everything else."""

    name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = EmailField(label="Your e-mail address", help_text="You sign in with it.")
    unit_name = forms.CharField(
        label="Your business unit",
        max_length=120,
        help_text="Such as Head office or Marketing. You add the others on the next page.",
    )
    unit_zone = ZoneField(label="Time zone of the unit", initial="UTC")
    field_order = ["name", "email", "unit_name", "unit_zone", "new_password1", "new_password2"]

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(None, *args, **options)
        self.fields["new_password1"].label = "Password"

    def clean(self) -> dict:
        said = self.cleaned_data
        self.user = Person(name=said.get("name") or "-", email=said.get("email", ""))
        return super().clean()


class CompanyForm(forms.ModelForm):
    brands = NamesField(
        label="Brands and products",
        help_text="One a line. Posts that name one are posts about us.",
    )
    rivals = NamesField(help_text="One a line. A post that names one gets a second look.")
    hosts = HostsField(
        label="Our web addresses",
        help_text="One a line, such as acme.example. Links to them are never held up.",
    )

    class Meta:
        model = Company
        fields = ["name", "brands", "rivals", "hosts"]
        labels = {"name": "Name of the company"}
        help_texts = {"name": "As people say it. It stands in policies and on backing records."}


class UnitForm(forms.ModelForm):
    country = forms.ChoiceField(
        choices=countries,
        initial="us",
        help_text="For its public holidays: no answer is due on one.",
    )
    time_zone = ZoneField(initial="UTC")

    class Meta:
        model = Unit
        fields = ["name", "profile", "country", "time_zone"]
        labels = {"name": "Name of the unit", "profile": "Rules that hold for its people"}
        error_messages = {"name": {"unique": "There is a unit with this name already."}}


class AnotherUnitForm(UnitForm):
    """A unit that need not be filled in: without a name it is none."""

    def has_changed(self) -> bool:
        return "name" in self.changed_data


class UnitsFormSet(BaseFormSet):
    """Units to add while setting up; a form without a name is left out."""

    def clean(self) -> None:
        names = [
            form.cleaned_data.get("name", "").casefold() for form in self.forms if form.is_valid()
        ]
        if len(names := [name for name in names if name]) > len(set(names)):
            raise ValidationError("Two of the units have the same name.")

    def units(self) -> list[dict]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]


MoreUnits = formset_factory(AnotherUnitForm, formset=UnitsFormSet, extra=3, max_num=20)


class PersonForm(forms.ModelForm):
    """What an administrator says of a person. A manager is named by e-mail address: it works at any size."""

    manager = EmailField(
        label="Manager's e-mail address",
        required=False,
        attrs={"autocomplete": "off"},
        help_text="The manager sees whether they have acknowledged a policy.",
    )
    roles = forms.MultipleChoiceField(
        required=False,
        choices=[(role.value, f"{role.label}: {ROLE_HELP[role]}") for role in Role],
        widget=forms.CheckboxSelectMultiple,
        help_text="Everybody may read policies and put posts forward; roles add to that.",
    )

    skills = SkillsField(
        help_text="Such as legal or investor relations; one a line. Routes ask reviewers for them.",
    )

    class Meta:
        model = Person
        fields = ["name", "job_title", "unit", "relation", "registration", "skills"]
        labels = {"relation": "Works here as", "job_title": "Job title"}
        help_texts = {"registration": "If they have one, such as FINRA principal, CRD 000000."}

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].empty_label = "Choose a unit"

    field_order = [
        "name",
        "email",
        "job_title",
        "unit",
        "manager",
        "relation",
        "registration",
        "skills",
        "roles",
    ]

    def clean_manager(self) -> Person | None:
        email = self.cleaned_data["manager"]
        if not email:
            return None
        manager = Person.objects.active().filter(email=email).first()
        if manager is None:
            raise ValidationError(f"Nobody here has the address {email}. Invite them first.")
        if manager.pk == self.instance.pk:
            raise ValidationError("Nobody is their own manager.")
        return manager

    def clean_roles(self) -> set[Role]:
        return {Role(value) for value in self.cleaned_data["roles"]}


class InviteForm(PersonForm):
    email = EmailField(attrs={"autocomplete": "off"}, help_text="The invitation goes there.")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if Person.objects.filter(email__iexact=email).exists():
            raise ValidationError(
                "Somebody with this address is here already. Find them under People."
            )
        return email


class PreferencesForm(forms.ModelForm):
    language = forms.ChoiceField(
        choices=settings.LANGUAGES, help_text="Also decides how dates are written."
    )
    time_zone = ZoneField(required=False)

    class Meta:
        model = Person
        fields = ["language", "time_zone", "mail_notices"]
        labels = {"mail_notices": "Send me notices by e-mail, too"}

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        unit = self.instance.unit
        self.fields[
            "time_zone"
        ].help_text = f"Leave it empty to follow {unit.name}: {unit.time_zone}."


class HoursField(forms.CharField):
    """The open hours of a weekday, such as 9:00-12:30, 13:30-17:00; empty: closed."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})

    def __init__(self, **options: object) -> None:
        super().__init__(**{"required": False, "max_length": 120, **options})

    def clean(self, value: str) -> calendars.Hours:
        try:
            return calendars.read_hours(super().clean(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class UnitPageForm(UnitForm):
    """A unit as its own page shows it: with the part of its country, and its hours."""

    subdivision = forms.CharField(
        label="State, province or region",
        required=False,
        max_length=40,
        help_text="Where it has public holidays of its own.",
    )

    class Meta(UnitForm.Meta):
        fields = ["name", "profile", "country", "subdivision", "time_zone"]

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.country_before = self.instance.country
        country = self.data.get("country", self.country_before)
        self.parts = dict(calendars.subdivisions(str(country)))
        if self.parts:
            choices = [("", "The whole country"), *self.parts.items()]
            self.fields["subdivision"].widget = forms.Select(choices=choices)
        else:
            self.fields["subdivision"].widget = forms.HiddenInput()
        known = calendars.from_data(self.instance.week) or calendars.usual_week(str(country))
        for number, name in enumerate(calendars.WEEKDAYS):
            self.fields[_day(number)] = HoursField(
                label=name, initial=calendars.write_hours(known[number])
            )

    def day_fields(self) -> list[forms.BoundField]:
        return [self[_day(number)] for number in range(len(calendars.WEEKDAYS))]

    def basic_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields]

    def clean(self) -> dict:
        """Hours as usual are kept as none, so that they follow the country; a new country has other parts."""
        cleaned = super().clean()
        part, country = cleaned.get("subdivision", ""), cleaned.get("country", "")
        if part and part not in self.parts:
            cleaned["subdivision"] = ""
            if country == self.country_before:
                self.add_error("subdivision", "Choose one from the list.")
        return cleaned

    def unit(self) -> dict:
        """What `actions.change_unit` takes; hours that were not sent at all stay as they are."""
        said = dict(self.cleaned_data)
        is_sent = any(bound.html_name in self.data for bound in self.day_fields())
        week = tuple(said.pop(_day(number)) for number in range(len(calendars.WEEKDAYS)))
        before = calendars.usual_week(self.country_before)
        is_usual = week in {before, calendars.usual_week(said["country"])}
        if not is_sent:
            return said
        return said | {"week": [] if is_usual else calendars.as_data(week)}


def _day(number: int) -> str:
    return f"hours_{number}"


class ClosureForm(forms.Form):
    """Days on which a unit, or every unit, is closed."""

    name = forms.CharField(
        label="What for", max_length=80, help_text="Such as Company day, or Between the years."
    )
    starts_on = forms.DateField(
        label="Closed on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label="Until and with",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Empty: that one day.",
    )
    in_every_unit = forms.BooleanField(label="In every unit", required=False)

    def clean(self) -> dict:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on") or cleaned.get("starts_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "The last day must not come before the first.")
        elif ends and ends < timezone.localdate():
            self.add_error("starts_on", "These days are over. Choose days to come.")
        elif starts and starts.year > timezone.localdate().year + YEARS_AHEAD:
            self.add_error("starts_on", f"At most {YEARS_AHEAD} years ahead.")
        return cleaned


class AbsenceForm(forms.Form):
    """From when until when somebody is away, and who decides for them."""

    starts_at = forms.DateTimeField(
        label="Away from",
        required=False,
        help_text="Empty: from now on.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    ends_at = forms.DateTimeField(
        label="Back on",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "Say when you are back; you can end it earlier."},
    )
    to = forms.ModelChoiceField(
        label="Who decides meanwhile",
        required=False,
        queryset=Person.objects.none(),
        empty_label="The next free reviewer, post by post",
        help_text="They get what waits for you and may decide on; never their own posts. "
        "Their decisions are marked as made for you.",
    )

    def __init__(self, of: Person, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        colleagues = Person.objects.holding(Role.REVIEWER).exclude(pk=of.pk)
        self.fields["to"].queryset = colleagues.select_related("unit")
        self.fields["to"].label_from_instance = lambda one: f"{one.name}, {one.unit.name}"
