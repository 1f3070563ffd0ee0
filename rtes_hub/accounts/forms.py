"""What people fill in about themselves and about the hub."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from rtes_hub.accounts.actions import MAX_TOKEN_DAYS
from rtes_hub.accounts.models import ApiToken, Identity, User, normal_email


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        return normal_email(super().clean_login())


class _NormalEmail:
    """The address as it is stored, so that a look-alike in other letters never receives what is another's."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        self.cleaned_data["email"] = normal_email(self.cleaned_data["email"])
        return super().clean_email()  # type: ignore[misc]


class CodeRequestForm(_NormalEmail, allauth_forms.RequestLoginCodeForm):
    pass


class PasswordResetForm(_NormalEmail, allauth_forms.ResetPasswordForm):
    pass


class SelfForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["full_name", "language"]
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "name"})}


class FirstRunForm(forms.Form):
    hub_name = forms.CharField(
        label=_("Name of the hub"), max_length=100, help_text=_("Shown on every page. You can change it later.")
    )
    full_name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        help_text=_("At least 12 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if password := data.get("password"):
            try:
                validate_password(password, User(email=data.get("email", ""), full_name=data.get("full_name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class TokenForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[("read", _("read what I can read")), ("write", _("write in my name"))],
        initial=["read"],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(label=_("Days it lasts"), min_value=1, max_value=MAX_TOKEN_DAYS, initial=90)

    class Meta:
        model = ApiToken
        fields = ["name"]
        help_texts = {"name": _("The program that will use it, so that you know later which one to revoke.")}


class IdentityForm(forms.ModelForm):
    class Meta:
        model = Identity
        fields = ["name", "entity", "contact", "moderation_rules", "is_demo", "notice"]
        help_texts = {
            "entity": _("The collectivité, association or public body responsible for this hub."),
            "contact": _("Where people and partner hubs write to you."),
            "moderation_rules": _("Shown to partner hubs when you ask to share with them."),
        }
