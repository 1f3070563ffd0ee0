from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    url = forms.CharField(
        label=_("Address of the hub"),
        help_text=_("For example https://hub.example. Their administrator receives your request and answers it."),
        max_length=255,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "spellcheck": "false"}),
        error_messages={"required": _("Type the address of the hub that you want as a partner.")},
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the journal of your hub; the other hub does not see it. At most 500 characters."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
