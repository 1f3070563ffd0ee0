"""What is filled in about members and about who acts for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rtes_hub.territories.models import Member, Role


class MemberForm(forms.ModelForm):
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Member
        fields = ["summary", "website"]
        help_texts = {"summary": _("Who you are and what you do, in a few sentences. Shown to everyone.")}


class AppointForm(forms.Form):
    """A person, and in which capacity they act."""

    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("The person receives a mail that explains how to sign in.")
    )
    full_name = forms.CharField(label=_("Name"), max_length=150, required=False)
    elected = forms.TypedChoiceField(
        label=_("This person is"),
        choices=[("no", _("a member of staff")), ("yes", _("an elected representative"))],
        coerce=lambda value: value == "yes",
        initial="no",
        widget=forms.RadioSelect,
    )
    function = forms.CharField(
        label=_("Function"), max_length=150, help_text=_("For instance: vice-president, project officer.")
    )
    about = forms.CharField(
        label=_("Delegation or department"),
        max_length=150,
        required=False,
        help_text=_("For instance: social and solidarity economy."),
    )
    role = forms.ChoiceField(
        label=_("What this person may do"),
        choices=[
            (Role.READER, _("read what is kept for members")),
            (Role.CONTRIBUTOR, _("read and write drafts")),
            (Role.EDITOR, _("read, write and publish")),
        ],
        initial=Role.CONTRIBUTOR,
    )
    starts_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("The last day of the mandate or contract. Access ends with it; what was written stays."),
    )

    def post(self) -> dict[str, Any]:
        """The keyword arguments of `actions.appoint`."""
        data = dict(self.cleaned_data)
        about = data.pop("about")
        data["delegation" if data["elected"] else "service"] = about
        return {name: value for name, value in data.items() if name not in ("email", "full_name")}
