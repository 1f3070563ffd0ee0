"""People and collectivités from the console."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rtes_hub.accounts.models import User
from rtes_hub.accounts.tokens import TokenAuthentication
from rtes_hub.territories import rules
from rtes_hub.territories.models import Member
from tests.make import a_contributor, a_coordinator, a_reader, a_territory, a_user, an_administrator, an_editor

pytestmark = pytest.mark.django_db


def member(*words):
    out = StringIO()
    call_command("member", *words, stdout=out)
    return out.getvalue()


def add(email="ada@example.org", *more, role="editor", territory="epci-242100410"):
    where = ["--territory", territory] if territory else []
    return member("add", email, "--role", role, *where, *more)


@pytest.mark.parametrize("role", ["reader", "contributor", "editor"])
def test_a_person_is_added_with_a_role(role):
    a_territory()
    assert role in add(role=role)
    assert rules.role(User.objects.get(), Member.objects.get()) == role


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_a_role_in_the_whole_hub_also_makes_an_editor_where_a_territory_is_given(role):
    a_territory()
    add(role=role)
    user = User.objects.get()
    assert (user.hub_role, rules.role(user, Member.objects.get())) == (role, "editor")


def test_a_role_in_the_whole_hub_needs_no_territory():
    add(role="administrator", territory="")
    assert User.objects.get().is_administrator
    assert not Member.objects.exists()


def test_adding_twice_does_no_harm():
    a_territory()
    add(), add()
    assert User.objects.get().staffroles.count() == 1


def test_the_token_stands_alone_on_the_last_line():
    a_territory()
    token = add("ada@example.org", "--token").splitlines()[-1]
    user, row = TokenAuthentication().authenticate_credentials(token.encode())
    assert (user.email, row.scopes) == ("ada@example.org", ["read", "write"])


def test_name_function_and_password_are_kept():
    a_territory()
    add(
        "ada@example.org", "--name", "Ada Martin", "--function", "Maire", "--elected", "--password", "une-longue-phrase"
    )
    user = User.objects.get()
    assert (user.full_name, user.mandates.get().function) == ("Ada Martin", "Maire")
    assert user.check_password("une-longue-phrase")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"territory": "epci-0"}, "not in the official table"),
        ({"role": "mayor"}, "it may be reader, contributor, editor, coordinator, administrator"),
        ({"territory": ""}, "needs --territory"),
        ({"email": "not an address"}, "is not an e-mail address"),
    ],
)
def test_a_mistake_gets_one_sentence_and_changes_nothing(wrong, sentence):
    a_territory()
    with pytest.raises(CommandError, match=sentence):
        add(**wrong)
    assert not User.objects.exists()
    assert not Member.objects.exists()


def test_an_empty_table_is_named_as_the_cause():
    with pytest.raises(CommandError, match="load_territories"):
        add()


@pytest.mark.parametrize(
    ("maker", "role", "allowed"),
    [
        (an_administrator, "administrator", True),
        (a_coordinator, "editor", True),
        (a_coordinator, "administrator", False),
        (an_editor, "reader", False),
        (a_contributor, "reader", False),
        (a_reader, "reader", False),
        (a_user, "reader", False),
    ],
)
def test_acting_as_somebody_gives_their_rights_and_no_more(maker, role, allowed):
    a_territory()
    by = maker()
    if allowed:
        add("ada@example.org", "--by", by.email, role=role)
    else:
        with pytest.raises(CommandError, match="does not have the right"):
            add("ada@example.org", "--by", by.email, role=role)
    assert User.objects.filter(email="ada@example.org").exists() is allowed


def test_the_list_says_who_acts_for_whom():
    a_territory()
    add(), add("chef@example.org", role="administrator", territory="")
    said = member("list")
    for words in ("Dijon Métropole", "ada@example.org  editor", "chef@example.org  administrator"):
        assert words in said


def test_an_account_is_deactivated_from_the_console():
    user = a_user()
    member("deactivate", user.email)
    user.refresh_from_db()
    assert not user.is_active
    a_territory()
    with pytest.raises(CommandError, match=r"deactivated|désactivé"):
        add(user.email)
    with pytest.raises(CommandError, match="Nobody"):
        member("deactivate", "inconnu@example.org")
