"""Journey 8 in a real browser, on one hub: join a purchasing group before its deadline, up to the deliberation."""

from datetime import timedelta

from django.utils import timezone

from resources.pooling.models import Share
from tests.browser.looking import assert_welcoming, fr, sign_in
from tests.make import a_member, a_pooled_action, an_editor


def press(page, words: str) -> None:
    page.locator("main").get_by_role("button", name=fr(words), exact=True).last.click()


def follow(page, words: str) -> None:
    page.locator("main").get_by_role("link", name=fr(words), exact=True).first.click()


def says_interest(phone, action):
    phone.goto("/ressources/?kind=pooled-action")
    assert_welcoming(phone)
    phone.goto(action.get_absolute_url())
    follow(phone, "Say that we are interested")
    phone.locator("[name=technical_lead]").fill("Direction des achats")
    assert_welcoming(phone)
    press(phone, "Say that we are interested")


def admits_and_budgets(desktop):
    desktop.goto("/mon-espace/")
    desktop.locator("a.badge[href$='#lead']").click()
    assert_welcoming(desktop)
    desktop.locator("#lead").get_by_role("button", name=fr("Admit")).first.click()
    follow(desktop, "Set the budget")
    desktop.locator("[name=rows-0-label]").fill("Assistance juridique")
    desktop.locator("[name=rows-0-amount]").fill("1 000,01")
    assert_welcoming(desktop)
    press(desktop, "Save")


def declares_needs(phone, action):
    phone.goto(action.get_absolute_url())
    follow(phone, "Declare our needs")
    phone.locator("[name=rows-0-item]").fill("Papier")
    phone.locator("[name=rows-0-quantity]").fill("1 200")
    phone.locator("button[name=add_row]").click()
    phone.locator("[name=rows-1-item]").fill("Colle")
    phone.locator("[name=rows-1-quantity]").fill("3,5")
    assert_welcoming(phone)
    press(phone, "Save")
    assert_welcoming(phone)


def shares_the_cost(desktop):
    follow(desktop, "Share the cost")
    desktop.locator("[name=population]").fill("40")
    desktop.locator("[name=flat]").fill("60")
    press(desktop, "Try this key")
    assert not Share.objects.exists()
    assert_welcoming(desktop)
    press(desktop, "Apply this key")
    assert desktop.locator("#shares tfoot").inner_text().replace("\u202f", "\xa0").endswith("1\xa0000,01\xa0€")


def test_a_director_of_purchasing_joins_on_a_phone_and_the_lead_shares_the_cost(phone, desktop):
    soon = timezone.localdate() + timedelta(days=20)
    action, dijon = a_pooled_action("setting_up", join_by=soon.isoformat()), a_member("com-21231")
    sign_in(phone, an_editor(dijon).email)
    sign_in(desktop, an_editor().email)
    says_interest(phone, action)
    admits_and_budgets(desktop)
    declares_needs(phone, action)
    shares_the_cost(desktop)
    phone.goto(action.get_absolute_url())
    follow(phone, "Schedule the deliberation")
    phone.locator("[name=on]").fill(soon.isoformat())
    press(phone, "Schedule the deliberation")
    assert_welcoming(phone)
    assert action.participations.get(member=dijon).state == "planned"
