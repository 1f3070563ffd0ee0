"""What is filled in in the forums. Limits and rules are kept by the actions: one answer for the site and the API."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forums.desk.actions import MAX_DESCRIPTION, MAX_TITLE
from forums.models import Forum
from forums.problems import Invalid
from forums.writing import MAX_SOURCE, MAX_WHY
from forums.writing import MAX_TITLE as MAX_THREAD_TITLE
from rtes_hub.themes import THEMES


class Told(forms.Form):
    """A form that shows what an action refused, beside the field it is about."""

    def say(self, invalid: Invalid) -> None:
        for field, texts in invalid.errors.items():
            for text in texts:
                self.add_error(field if field in self.fields else None, text)


def _text(rows: int) -> forms.Textarea:
    marks = {"rows": rows, "data-markdown": "", "data-mentions": "", "data-limit": MAX_SOURCE}
    return forms.Textarea(marks)


def _title() -> forms.TextInput:
    return forms.TextInput({"data-limit": MAX_THREAD_TITLE, "autocomplete": "off"})


class MessageForm(Told):
    """An answer; with `asks_consent`, the agreement that is asked once."""

    source = forms.CharField(label=_("Your message"), required=False, strip=False, widget=_text(8))
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)
    consent = forms.BooleanField(label=_("I agree"), required=False)

    def __init__(self, *args: Any, asks_consent: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_consent:
            del self.fields["consent"]

    def clean_consent(self) -> bool:
        if not self.cleaned_data["consent"]:
            raise forms.ValidationError(_("Tick this box to agree, or leave without writing."))
        return True


class ThreadForm(MessageForm):
    field_order = ["sort", "title", "source", "about", "about_title", "consent"]

    sort = forms.ChoiceField(
        label=_("What are you writing?"),
        choices=[
            ("question", _("A question: you will say which answer helped")),
            ("talk", _("A discussion: news, an idea, an offer of help")),
        ],
        initial="question",
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        help_text=_("In one sentence. For instance: which clause for a school catering contract?"),
        widget=_title(),
    )
    about = forms.CharField(required=False, max_length=2048, widget=forms.HiddenInput)
    about_title = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)


class EditForm(Told):
    """Of an answer; `with_title`, of the first message of a discussion."""

    title = forms.CharField(label=_("Title"), required=False, widget=_title())
    source = forms.CharField(label=_("Your message"), required=False, strip=False, widget=_text(12))

    def __init__(self, *args: Any, with_title: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_title:
            del self.fields["title"]


class ReasonForm(Told):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        help_text=_("Its author will read it."),
        widget=forms.Textarea({"rows": 3, "data-limit": MAX_WHY}),
    )


class ForumForm(Told):
    title = forms.CharField(label=_("Title"), required=False, widget=forms.TextInput({"data-limit": MAX_TITLE}))
    description = forms.CharField(
        label=_("What it is for"),
        required=False,
        help_text=_("Whom it is for and what one may ask there, in a few sentences."),
        widget=forms.Textarea({"rows": 4, "data-limit": MAX_DESCRIPTION}),
    )
    theme = forms.ChoiceField(
        label=_("Theme"),
        required=False,
        choices=[("", _("None: a group of its own")), *((theme.slug, theme.label) for theme in THEMES.values())],
    )


class OpenForumForm(ForumForm):
    access = forms.ChoiceField(
        label=_("Who reads and writes"),
        help_text=_("This cannot be changed later."),
        choices=Forum.Access.choices,
        initial=Forum.Access.OPEN,
        widget=forms.RadioSelect,
    )
