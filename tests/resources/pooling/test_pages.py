"""Pages of pooled actions, through HTTP: what each one is offered, what each one may do, and that nothing is lost."""

import pytest

from tests.make import a_member, a_pooled_action, a_territory, an_editor

pytestmark = pytest.mark.django_db


def page_of(client, action, *, who=None, status=200):
    if who is not None:
        client.force_login(who)
    answer = client.get(action.get_absolute_url())
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.parametrize(
    "status", ["idea", "call", "setting_up", "deliberating", "active", "paused", "finished", "abandoned"]
)
def test_the_page_stands_at_every_status_for_everyone(client, status):
    action = a_pooled_action(status)
    assert 'id="stands"' in page_of(client, action)
    for who in (an_editor(), an_editor(a_member(a_territory("com-21231")))):
        page_of(client, action, who=who)
