"""What a drafter writes about one check, and tries it on."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml
from django import forms
from django.core.validators import RegexValidator

from .checks import CheckedClause, CheckError, compile_checks, refuse_excess
from .checks.bounds import LARGEST_CHECK, LARGEST_CLAUSE, LONGEST_MESSAGE, LONGEST_NAME
from .checks.in_words import (
    CATEGORY_WORDS,
    NETWORKS,
    RELATION_WORDS,
    SEVERITY_WORDS,
    excuses_in_words,
)
from .checks.kinds import KINDS
from .checks.kinds.params import SHARED, Param, Shape
from .checks.patterns import Matcher
from .checks.screener import shared_words
from .checks.written import Slot, TwiceError, check_of, fields_of, slots_of
from .plain_yaml import PlainYamlError, read_yaml

MOST_PROBLEMS = 3
PATTERNS = {Shape.PATTERNS, Shape.PAIRS, Shape.PHRASES}
AS_CODE = {"spellcheck": "false", "autocapitalize": "none", "class": "code"}
HOWS = [
    ("replace", "in the place of what was found"),
    ("before", "in front of it"),
    ("after", "behind it"),
]


class DataField(forms.CharField):
    """Plain data, in YAML as in the library's files."""

    widget = forms.Textarea
    shape: type = dict
    says = "Write “key: value”, one a line."

    def prepare_value(self, value):
        if not isinstance(value, dict | list):
            return value
        return yaml.safe_dump(value, allow_unicode=True, sort_keys=False) if value else ""

    def clean(self, value):
        text = super().clean(value)
        try:
            data = read_yaml(text) if text.strip() else self.shape()
        except PlainYamlError as error:
            raise forms.ValidationError(f"Line {error.line}: {error.says}") from error
        if not isinstance(data, self.shape):
            raise forms.ValidationError(self.says)
        return data


class ChecksField(DataField):
    """All checks of a clause."""

    shape = list
    says = "Write a list of checks, each starting with “- name:”."

    def clean(self, value):
        checks = super().clean(value)
        if not all(isinstance(one, dict) for one in checks):
            raise forms.ValidationError(self.says)
        return checks


class ChecksForm(forms.Form):
    """All checks of a draft as data."""

    checks = ChecksField(
        label="Checks, as data (YAML)",
        required=False,
        max_length=LARGEST_CLAUSE,
        widget=forms.Textarea(attrs=AS_CODE | {"rows": 30}),
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: object, clause: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clause = clause

    def clean_checks(self) -> list[dict]:
        checks = self.cleaned_data["checks"]
        try:
            refuse_excess(checks)
            compile_checks([CheckedClause(self._clause, 0, checks)])
        except CheckError as error:
            raise forms.ValidationError(str(error)) from error
        return checks


class CheckForm(forms.Form):
    """One check. ``before`` is what it was; its kind gives the fields. ``others``: names of the clause's others."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(
        label="Name",
        max_length=LONGEST_NAME,
        validators=[
            RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*$", "Use small letters, digits and hyphens.")
        ],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        help_text="Small letters, digits and hyphens, such as no-guarantees. Its record goes by it.",
    )
    kind = forms.ChoiceField(
        label="Kind", choices=[(name, kind.title) for name, kind in KINDS.items()]
    )
    message = forms.CharField(
        label="What the author reads",
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why, and what to do instead, in one or two plain sentences.",
    )
    severity = forms.ChoiceField(
        label="What happens then",
        choices=[(name, f"{title}. {says}") for name, (title, says) in SEVERITY_WORDS.items()],
        widget=forms.RadioSelect(attrs={"class": "long"}),
    )
    category = forms.ChoiceField(
        label="Category",
        choices=sorted(CATEGORY_WORDS.items(), key=lambda one: one[1]),
        help_text="What the finding counts as in records and figures.",
    )
    must_match = forms.CharField(
        label="Posts that it must catch",
        required=False,
        max_length=LARGEST_CHECK,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line, at least one. They run each time you save.",
    )
    must_pass = forms.CharField(
        label="Posts that it must let pass",
        required=False,
        max_length=LARGEST_CHECK,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line, at least one: what looks alike and is fine.",
    )
    relation = forms.MultipleChoiceField(
        label=SHARED["relation"].title,
        choices=list(RELATION_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    channels = forms.MultipleChoiceField(
        label="Networks",
        required=False,
        choices=list(NETWORKS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: on all of them.",
    )
    jurisdictions = forms.CharField(
        label="Where it holds",
        required=False,
        max_length=200,
        validators=[
            RegexValidator(
                r"^(?:any|[a-z]{2}(?:-[a-z0-9]{1,3})?)(?:[, ]+(?:any|[a-z]{2}(?:-[a-z0-9]{1,3})?))*$",
                "Write codes of countries, such as us, gb, us-ca.",
                flags=2,
            )
        ],
        widget=forms.TextInput(attrs={"autocapitalize": "none"}),
        help_text="Codes of countries, such as us, gb. Empty: everywhere.",
    )
    pierces = forms.BooleanField(
        label=f"{SHARED['pierces'].title}: {SHARED['pierces'].says}", required=False
    )
    rest = DataField(
        label="The rest, as data (YAML)",
        required=False,
        max_length=LARGEST_CHECK,
        widget=forms.Textarea(attrs=AS_CODE | {"rows": 6}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        before: Mapping[str, Any],
        clause: str,
        others: Iterable[str] = (),
        seen: str = "",
    ) -> None:
        values, rest = fields_of(before)
        super().__init__(data, initial=_flat(values) | {"rest": rest, "seen": seen})
        self._before, self._clause, self._others = before, clause, frozenset(others)
        self.kind_name = before["kind"]
        if data is not None and data.get("kind") in KINDS:
            self.kind_name = data["kind"]
        self._slots = {slot.name: slot for slot in slots_of(self.kind_name)}
        self._foreign = {
            slot.name: slot
            for slot in slots_of(before["kind"])
            if slot.name not in self._slots and data is not None and data.get(slot.name)
        }
        for slot in (*self._slots.values(), *self._foreign.values()):
            if slot.param is not None:
                self.fields |= _fields_for(slot, slot.param)
        self.fields["rest"].help_text = self._rest_help()

    def _rest_help(self) -> str:
        takes = {**KINDS[self.kind_name].takes, "words": SHARED["words"]}
        as_data = [
            f"{key}: {param.says}" for key, param in takes.items() if param.shape == Shape.DATA
        ]
        return "Under “params”: " + " ".join(as_data)

    @property
    def about(self) -> str:
        return KINDS[self.kind_name].about

    def usual(self) -> Iterator[forms.BoundField]:
        """The fields of this kind that most checks have."""
        return (self[name] for name, param in self._params() if not param.is_rare)

    def rare(self) -> Iterator[forms.BoundField]:
        return (self[name] for name, param in self._params() if param.is_rare)

    def has_rare(self) -> bool:
        """Whether one of them says something, or is wrong."""
        return any(bound.value() or bound.errors for bound in self.rare())

    def _params(self) -> Iterator[tuple[str, Param]]:
        for slot in (*self._slots.values(), *self._foreign.values()):
            if slot.param is not None:
                yield slot.name, slot.param
                if slot.param.shape == Shape.FIX:
                    yield f"{slot.name}_how", slot.param

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if name in self._others:
            raise forms.ValidationError("Another check of this clause has that name.")
        return name

    def clean(self) -> dict[str, Any]:
        """Build the check and see that it can run; what is wrong stands at its field."""
        data = super().clean()
        for name in self._foreign:
            title = KINDS[self.kind_name].title
            self.add_error(name, f"“{title}” does not take this. Clear it, or choose another kind.")
        if not self.errors:
            self._build(_folded(data))
        if not self.errors:
            self._refuse_patterns()
        if not self.errors:
            self._refuse_rest()
        return data

    def _build(self, values: dict[str, Any]) -> None:
        try:
            self.check = check_of(values, values["rest"], self._before)
        except TwiceError as error:
            self.add_error(error.slot.name, str(error))

    def _refuse_patterns(self) -> None:
        """Each pattern alone, so that what is wrong stands beside it."""
        params = self.check.get("params") or {}
        own = params.get("words") if isinstance(params.get("words"), dict) else {}
        words = {**shared_words()["words"], **own}
        for name, slot in self._slots.items():
            if slot.param is not None and slot.param.shape in PATTERNS:
                found = params.get(slot.path[-1], [])
                for says in _problems(found, slot.param.shape, words)[:MOST_PROBLEMS]:
                    self.add_error(name, says)

    def _refuse_rest(self) -> None:
        try:
            refuse_excess([self.check])
            compile_checks([CheckedClause(self._clause, 0, [self.check])])
        except CheckError as error:
            says = str(error).removeprefix(f"Clause {self._clause}, ")
            self.add_error(None, says[:1].upper() + says[1:])


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Values of fields as a form's initial: a fix has two fields."""
    flat = dict(values)
    for name, value in values.items():
        if isinstance(value, tuple):
            flat[f"{name}_how"], flat[name] = value
    return flat


def _folded(data: dict[str, Any]) -> dict[str, Any]:
    folded = dict(data)
    for name, text in data.items():
        if (how := data.get(f"{name}_how")) is not None:
            folded[name] = (how, text)
    folded["message"] = folded["message"].replace("\r\n", "\n")
    return folded


def _fields_for(slot: Slot, param: Param) -> dict[str, forms.Field]:
    said = {"label": param.title, "help_text": param.says, "required": False}
    match param.shape:
        case Shape.FIX:
            how = forms.ChoiceField(
                label="Where that wording goes",
                choices=HOWS,
                required=False,
                help_text="Seen from what was found.",
            )
            text = forms.CharField(**said, max_length=LONGEST_MESSAGE, strip=False)
            return {f"{slot.name}_how": how, slot.name: text}
        case Shape.TEXT:
            return {slot.name: forms.CharField(**said, max_length=LONGEST_MESSAGE)}
        case Shape.YES:
            return {slot.name: forms.BooleanField(**said)}
        case Shape.OPTIONS | Shape.EXCUSES:
            return {
                slot.name: forms.MultipleChoiceField(
                    **said, choices=_choices(param), widget=_ticks(param)
                )
            }
    rows = {Shape.PHRASES: 5, Shape.PAIRS: 5}.get(param.shape, 3)
    attrs = {"rows": rows} | ({} if param.shape == Shape.PHRASES else AS_CODE)
    field = forms.CharField(**said, max_length=LARGEST_CHECK, widget=forms.Textarea(attrs=attrs))
    field.help_text += " One a line."
    return {slot.name: field}


def _ticks(param: Param) -> forms.Widget:
    """Excuses come with a sentence, so each has a line of its own."""
    return forms.CheckboxSelectMultiple(
        attrs={"class": "long"} if param.shape == Shape.EXCUSES else None
    )


def _choices(param: Param) -> list[tuple[str, str]]:
    if param.shape == Shape.EXCUSES:
        return [
            (name, f"{title[:1].upper()}{title[1:]}. {about}")
            for name, (title, about) in excuses_in_words().items()
        ]
    return [(name, title[:1].upper() + title[1:]) for name, title in (param.options or {}).items()]


def _problems(found: list[Any], shape: Shape, words: Mapping[str, Any]) -> list[str]:
    problems = []
    matcher = Matcher()
    for one in found:
        for pattern in [one] if isinstance(one, str) else one:
            try:
                matcher.phrases([pattern]) if shape == Shape.PHRASES else matcher.pattern(
                    pattern, words
                )
            except CheckError as error:
                problems.append(f"{str(error)[:1].upper()}{str(error)[1:]}.")
    return problems


class TryForm(forms.Form):
    """A post to try a version's checks on. Nothing of it is stored."""

    text = forms.CharField(
        label="A post", max_length=10_000, strip=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    relation = forms.ChoiceField(
        label="Written by", choices=[(key, says) for key, says in RELATION_WORDS.items()]
    )
    channel = forms.ChoiceField(
        label="For", required=False, choices=[("", "no network in particular"), *NETWORKS.items()]
    )
