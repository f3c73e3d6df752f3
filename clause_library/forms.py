"""What a drafter writes about a clause, and an approver answers."""

from django import forms

from .models import ClauseVersion


class LinesField(forms.CharField):
    """A list, one item a line."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class VersionForm(forms.ModelForm):
    do = LinesField(label="Do, one example a line", max_length=2000)
    dont = LinesField(label="Don't, one example a line", max_length=2000)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    class Meta:
        model = ClauseVersion
        fields = [
            "title",
            "short",
            "body",
            "why",
            "do",
            "dont",
            "significance",
            "change_note",
        ]
        labels = {
            "short": "In one sentence",
            "body": "The clause",
            "why": "Why it exists",
            "significance": "What kind of change this is",
            "change_note": "What you changed, in a sentence",
        }
        widgets = {
            "body": forms.Textarea(attrs={"rows": 12}),
            "why": forms.Textarea(attrs={"rows": 3}),
            "significance": forms.RadioSelect,
        }

    def written(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class StepForm(forms.Form):
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    note = forms.CharField(
        label="What should change",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
