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


def _message(rows: int) -> forms.CharField:
    marks = {
        "rows": rows,
        "data-markdown": "",
        "data-preview": "/discussions/apercu/",
        "data-mentions": "",
        "data-limit": MAX_SOURCE,
    }
    return forms.CharField(
        label=_("Your message"),
        strip=False,
        error_messages={"required": _("Write your message.")},
        widget=forms.Textarea(marks),
    )


def _title(help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=_("Title"),
        help_text=help_text,
        error_messages={"required": _("Give it a title: it is what others see first.")},
        widget=forms.TextInput({"data-limit": MAX_THREAD_TITLE, "autocomplete": "off"}),
    )


class MessageForm(Told):
    """An answer; with `asks_consent`, the agreement that is asked once."""

    source = _message(8)
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)
    consent = forms.BooleanField(
        label=_("I agree"),
        error_messages={"required": _("Tick this box to agree, or leave without writing.")},
    )

    def __init__(self, *args: Any, asks_consent: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_consent:
            del self.fields["consent"]


class ThreadForm(MessageForm):
    field_order = ["sort", "title", "source", "about", "consent"]

    sort = forms.ChoiceField(
        label=_("What are you writing?"),
        choices=[
            ("question", _("A question: you will say which answer helped")),
            ("talk", _("A discussion: news, an idea, an offer of help")),
        ],
        initial="question",
        widget=forms.RadioSelect,
    )
    title = _title(_("In one sentence. For instance: which clause for a school catering contract?"))
    about = forms.CharField(required=False, max_length=2048, widget=forms.HiddenInput)


class EditForm(Told):
    """Of an answer; `with_title`, of the first message of a discussion."""

    title = _title()
    source = _message(12)

    def __init__(self, *args: Any, with_title: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_title:
            del self.fields["title"]


class ReasonForm(Told):
    reason = forms.CharField(
        label=_("Reason"),
        error_messages={"required": _("Say why: its author and whoever reported it are told.")},
        help_text=_("Its author will read it."),
        widget=forms.Textarea({"rows": 3, "data-limit": MAX_WHY}),
    )

    def __init__(self, *args: Any, is_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_needed:
            del self.fields["reason"]


class BarForm(Told):
    days = forms.TypedChoiceField(
        label=_("For how long"),
        choices=[(7, _("a week")), (30, _("a month")), (365, _("a year"))],
        coerce=int,
        initial=7,
    )
    reason = forms.CharField(
        label=_("Reason"),
        error_messages={"required": _("Say why: the person is told.")},
        help_text=_("The person will read it."),
        widget=forms.Textarea({"rows": 3, "data-limit": MAX_WHY}),
    )


class ForumForm(Told):
    title = forms.CharField(label=_("Title"), widget=forms.TextInput({"data-limit": MAX_TITLE}))
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
