"""One rule of routes, in a form without a line of code; and a made-up post to try the rules on."""

from collections.abc import Mapping
from typing import Any

from django import forms

from clause_library.checks.in_words import CATEGORY_WORDS
from organization.forms import countries
from organization.models import Person, Unit
from organization.roles import Role

from . import desks
from .models import Channel, ContentClass, Lane, Network
from .route_rules import CONDITIONS, DESK, NO, REGISTRATION, SKILL, TRUST, YES, YES_OR_NO, Rule
from .routes import LONGEST_NAME, LONGEST_SENTENCE, MOST_VOTES, Facts

ANY, SOME, EVERYBODY = "any", "some", "everybody"
VALUES_OF = {"unit", "channel", "country"}  # those that differ from company to company
OFTEN = ["lane", "topic", "channel", "is_official", "unit"]  # the others are folded away
LANES = [
    (Lane.RED.value, "Red"),
    (Lane.AMBER.value, "Amber"),
    (Lane.GREEN.value, "Green, without a standing approval"),
]


def fixed_choices() -> dict[str, list[tuple[str, str]]]:
    """The values of conditions that are the same in each company."""
    return {
        "lane": LANES,
        "topic": list(CATEGORY_WORDS.items()),
        "network": list(Network.choices),
        "is_official": list(YES_OR_NO.items()),
        "content_class": list(ContentClass.choices),
        "profile": list(Unit.Profile.choices),
        "relation": list(Person.Relation.choices),
        "is_trained": list(YES_OR_NO.items()),
        "trust": list(TRUST.items()),
        "needs_principal": list(YES_OR_NO.items()),
    }


def choices(names: Mapping[str, Mapping[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """All of them; those of units, channels and countries as they are, and as the rules name them."""
    units = list(Unit.objects.values_list("pk", "name", "country"))
    every = dict(countries())
    own = {
        "unit": {str(key): name for key, name, _ in units},
        "channel": {str(one.pk): one.name for one in Channel.objects.in_use()},
        "country": {code: every.get(code, code) for _, _, code in units},
    }
    merged = {kind: dict(names.get(kind, {})) | those for kind, those in own.items()}
    return fixed_choices() | {kind: list(those.items()) for kind, those in merged.items()}


def conditions_in_words(rule: Rule, names: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Each as people read it: "The lane is Red or Amber"."""
    fixed = fixed_choices()
    return [
        f"{CONDITIONS[name]}{':' if name.startswith(('is_', 'trust', 'needs_')) else ''} "
        + " or ".join(
            (dict(fixed.get(name, [])) | dict(names.get(name, {}))).get(one, one) for one in values
        )
        for name in CONDITIONS
        if (values := rule.when.get(name))
    ]


class RuleForm(forms.Form):
    """When a rule holds, whom it asks, how many, and why."""

    says = forms.CharField(
        label="Why, in one sentence",
        help_text="Authors and reviewers read it, such as: Legal reads every promise about money.",
        max_length=LONGEST_SENTENCE,
        error_messages={"required": "Say why; the author and the reviewers read it."},
    )
    who = forms.ChoiceField(label="Who is asked")
    registered_as = forms.CharField(
        label="Only if the registration says",
        help_text="Such as Series 24. Leave it empty for any registration.",
        max_length=LONGEST_NAME,
        required=False,
    )
    how_many = forms.ChoiceField(
        label="How many of them must agree",
        choices=[(ANY, "Any one"), (SOME, "As many as I say below"), (EVERYBODY, "All of them")],
        widget=forms.RadioSelect,
        initial=ANY,
    )
    votes = forms.IntegerField(
        label="How many", min_value=1, max_value=MOST_VOTES, required=False, initial=2
    )
    again = forms.BooleanField(
        label="Somebody who agreed in another stage may agree in this one, too", required=False
    )

    def __init__(self, *args, table: Mapping[str, Any], rule: Rule | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        of = choices(table["names"])
        for name, says in CONDITIONS.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=says, choices=of[name], required=False, widget=forms.CheckboxSelectMultiple
            )
        skill = rule.named if rule and rule.of == SKILL else None
        self.fields["who"].choices = [
            (DESK, "Reviewers of the desk of its channels"),
            (REGISTRATION, "Registered reviewers of that desk, such as principals"),
            *((f"{SKILL}:{one}", f"Reviewers with the skill “{one}”") for one in _skills(skill)),
        ]
        if rule:
            self.initial |= _initial(rule)

    def often(self) -> list[forms.BoundField]:
        return [self[name] for name in OFTEN]

    def seldom(self) -> list[forms.BoundField]:
        return [self[name] for name in CONDITIONS if name not in OFTEN]

    @property
    def shows_all(self) -> bool:
        return any(bound.value() or bound.errors for bound in self.seldom())

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("how_many") == SOME and not cleaned.get("votes") and not self.errors:
            self.add_error("votes", f"Say how many: 1 to {MOST_VOTES}.")
        if cleaned.get("registered_as") and cleaned.get("who") != REGISTRATION:
            self.add_error("registered_as", "Choose registered reviewers above, or leave it empty.")
        return cleaned

    def rule(self) -> Rule:
        """What the form says."""
        cleaned = self.cleaned_data
        of, _, skill = cleaned["who"].partition(":")
        return Rule(
            says=" ".join(cleaned["says"].split()),
            when={name: tuple(cleaned[name]) for name in CONDITIONS if cleaned[name]},
            of=of,
            named=skill or " ".join(cleaned["registered_as"].split()),
            votes=cleaned["votes"] if cleaned["how_many"] == SOME else 1,
            everybody=cleaned["how_many"] == EVERYBODY,
            again=cleaned["again"],
        )


def _skills(also: str | None) -> list[str]:
    """Of those who may review, so that no rule asks for what nobody has; and the one that a rule names."""
    held = Person.objects.holding(Role.REVIEWER).exclude(skills=[]).values_list("skills", flat=True)
    return sorted({skill for skills in held for skill in skills} | ({also} if also else set()))


def _initial(rule: Rule) -> dict[str, Any]:
    how_many = EVERYBODY if rule.everybody else SOME if rule.votes > 1 else ANY
    return {
        "says": rule.says,
        "who": f"{SKILL}:{rule.named}" if rule.of == SKILL else rule.of,
        "registered_as": rule.named if rule.of == REGISTRATION else "",
        "how_many": how_many,
        "votes": rule.votes if how_many == SOME else 2,
        "again": rule.again,
        **{name: list(values) for name, values in rule.when.items()},
    }


class TrialForm(forms.Form):
    """A made-up post. Nothing of it is stored."""

    unit = forms.ModelChoiceField(
        label="Its author works in", queryset=Unit.objects.all(), empty_label=None
    )
    channel = forms.ModelMultipleChoiceField(
        label="It goes out on",
        queryset=Channel.objects.in_use(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one place where it would go out."},
    )
    lane = forms.ChoiceField(label="Its lane", choices=LANES, initial=Lane.AMBER)
    topic = forms.MultipleChoiceField(
        label="It was noticed for",
        choices=list(CATEGORY_WORDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    content_class = forms.ChoiceField(
        label="What it is",
        choices=[("", "As its channels have it"), *ContentClass.choices],
        required=False,
    )
    relation = forms.ChoiceField(label="Its author is", choices=Person.Relation)
    is_trained = forms.ChoiceField(label="The author has been trained", choices=YES_OR_NO)
    trust = forms.ChoiceField(label="The author's record", choices=TRUST)

    def facts(self) -> Facts:
        """What a post like this would be, for the rules."""
        cleaned = self.cleaned_data
        unit, channels = cleaned["unit"], list(cleaned["channel"])
        content_class = cleaned["content_class"] or ContentClass.strictest_of(channels)
        needs = desks.needs_principal(unit, channels, content_class)
        return Facts(
            lane=cleaned["lane"],
            topic=tuple(sorted(cleaned["topic"])),
            channel=tuple(sorted(str(channel.pk) for channel in channels)),
            network=tuple(sorted({channel.network for channel in channels})),
            is_official=YES if any(channel.is_official for channel in channels) else NO,
            content_class=content_class,
            unit=str(unit.pk),
            profile=unit.profile,
            country=unit.country,
            relation=cleaned["relation"],
            is_trained=cleaned["is_trained"],
            trust=cleaned["trust"],
            needs_principal=YES if needs else NO,
        )
