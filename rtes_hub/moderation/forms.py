"""What is filled in to report and to decide. Limits are kept by the actions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rtes_hub.moderation.actions import GIVE_REASONS, SAY_WHICH, Invalid
from rtes_hub.moderation.models import MAX_REASON, Report


class Told(forms.Form):
    """A form that shows what an action refused, beside the field it is about."""

    def say(self, invalid: Invalid) -> None:
        for field, texts in invalid.errors.items():
            for text in texts:
                self.add_error(field, text)


def _lines() -> forms.Textarea:
    return forms.Textarea({"rows": 5, "data-limit": MAX_REASON})


class ReportForm(Told):
    about = forms.CharField(max_length=2100, widget=forms.HiddenInput)
    track = forms.ChoiceField(
        label=_("Why it should not stand"),
        choices=Report.Track.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), SAY_WHICH),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Your reasons"),
        help_text=_("What is wrong, and which passage. Only the coordinators of this hub read it."),
        error_messages={"required": GIVE_REASONS},
        widget=_lines(),
    )

    pass_on = forms.BooleanField(
        label=_("Tell the hub that it comes from too"),
        help_text=_("It is told your reasons, not your name."),
        required=False,
    )


class DecisionForm(Told):
    reason = forms.CharField(
        label=_("Reasons of the decision"),
        help_text=_(
            "Read by whoever reported it and, when it is removed, by its author. They do not learn who decided."
        ),
        error_messages={"required": GIVE_REASONS},
        widget=_lines(),
    )


class QueueForm(forms.Form):
    """How the list is narrowed."""

    state = forms.ChoiceField(
        label=_("State"), choices=[*Report.State.choices, ("all", _("all"))], required=False, initial=Report.State.OPEN
    )
    track = forms.ChoiceField(label=_("Why"), choices=[("", _("all")), *Report.Track.choices], required=False)
