"""How the exchange goes, read on a telephone by whoever is called."""

from django.urls import reverse
from playwright.sync_api import Page, expect

from federation.models import Peer
from tests.browser.looking import assert_welcoming, sign_in
from tests.federation.peers import a_peer
from tests.make import an_administrator


def test_a_partner_in_difficulty_is_paused_on_a_telephone(phone: Page):
    a_peer("https://a.example", agreement="accepted", name="Réseau des Hauts", last_error="503: busy", failures=3)
    a_peer("https://b.example", agreement="accepted", name="Région voisine")
    who = an_administrator()
    sign_in(phone, who.email)
    phone.goto(reverse("exchange"))
    assert_welcoming(phone)
    first = phone.locator("main article").first
    expect(first).to_contain_text("Réseau des Hauts")
    first.locator("form button").last.click()
    expect(phone.locator("main article").first).to_contain_text("En pause")
    assert Peer.objects.get(name="Réseau des Hauts").watched.paused_at
    assert_welcoming(phone)
