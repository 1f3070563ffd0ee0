"""What is filled in about being told."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst

from rtes_hub.accounts.models import User
from rtes_hub.notices.models import Frequency, Topic


class FrequencyForm(forms.Form):
    """A choice of frequency for each topic that may concern the person."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User, now: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(now))
        for topic in Topic:
            if topic == Topic.MODERATION and not user.is_coordinator:
                continue
            self.fields[topic.value] = forms.ChoiceField(label=capfirst(topic.label), choices=Frequency.choices)


class WatchForm(forms.Form):
    """The button that follows or stops following, on any page. `act` is the button pressed."""

    target = forms.RegexField(r"^[a-z-]{1,20}:.", max_length=2100)
    label = forms.CharField(max_length=300, required=False)
    act = forms.ChoiceField(choices=[(act, act) for act in ("follow", "stop", "silence", "unsilence")])
