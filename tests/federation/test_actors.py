"""Our actors: opaque ids, names that may change, keys that may not."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from federation import actors, api, keyring, secrets
from federation.models import Activity, Actor, Delivery, FormerHandle, PrivateKey
from federation.wire import keys, read, strict_json
from tests.federation.peers import a_follower, a_peer

pytestmark = pytest.mark.django_db


def dijon(**facts):
    return api.open_actor(**{"type": "Organization", "handle": "dijon", "name": "Dijon métropole"} | facts)


def test_a_hub_has_two_actors_of_its_own():
    actors.prepare()
    actors.prepare()
    found = {actor.uri: (actor.type, actor.handle) for actor in Actor.objects.all()}
    assert found == {
        "http://127.0.0.1:8000/ap/actor": ("Application", "127.0.0.1-8000"),
        "http://127.0.0.1:8000/ap/moderation": ("Service", "moderation"),
    }
    assert PrivateKey.objects.count() == 4


def test_opening_an_actor_twice_is_once():
    uri = dijon()
    assert dijon(name="Autre nom") == uri
    assert uri.startswith("http://127.0.0.1:8000/ap/orgs/")
    assert "dijon" not in uri
    author = api.author(uri)
    assert (author.name, author.handle, author.local) == ("Dijon métropole", "dijon@127.0.0.1:8000", True)
    assert author.hub == "http://127.0.0.1:8000"


def test_nobody_is_known_at_an_unknown_address():
    assert api.author("https://nobody.example/a") is None


def test_its_document_reads_back_as_it_is():
    page = "http://127.0.0.1:8000/collectivites/dijon/"
    uri = dijon(summary="<p>Une métropole.</p>", url=page, facts={"territory": "x"})
    doc = read.actor(actors.document(Actor.objects.get(uri=uri)))
    assert (doc.uri, doc.type, doc.handle, doc.name) == (uri, "Organization", "dijon", "Dijon métropole")
    assert doc.inbox == f"{uri}/inbox"
    assert doc.shared_inbox == "http://127.0.0.1:8000/ap/inbox"
    assert [key.id for key in doc.keys] == [f"{uri}#main-key", f"{uri}#ed25519-key"]
    assert doc.facts == {"territory": "x"}


def test_a_change_is_told_to_followers_and_no_change_is_not():
    uri = dijon()
    actor = Actor.objects.get(uri=uri)
    follower = a_follower(actor)
    api.change_actor(uri, name="Dijon métropole", handle="Dijon")
    assert not Activity.objects.exists()
    api.change_actor(uri, name="Dijon", facts={"territory": "y"})
    said = strict_json.loads(bytes(Activity.objects.get().body))
    assert (said["type"], said["object"]["name"]) == ("Update", "Dijon")
    assert Delivery.objects.get().inbox == follower.shared_inbox


def test_a_name_given_up_stays_its_own():
    uri = dijon()
    api.change_actor(uri, handle="dijon-metropole")
    assert FormerHandle.objects.get().handle == "dijon"
    with pytest.raises(actors.HandleTaken):
        dijon()
    other = api.open_actor(type="Organization", handle="beaune", name="Beaune")
    for taken in ("dijon", "dijon-metropole"):
        with pytest.raises(actors.HandleTaken):
            api.change_actor(other, handle=taken)
    api.change_actor(uri, handle="dijon")
    assert [former.handle for former in FormerHandle.objects.all()] == ["dijon-metropole"]


def test_an_actor_is_closed_once_and_may_come_back():
    uri = dijon()
    a_follower(Actor.objects.get(uri=uri))
    api.close_actor(uri)
    api.close_actor(uri)
    assert [activity.type for activity in Activity.objects.all()] == ["Delete"]
    assert dijon() == uri
    assert Actor.objects.get(uri=uri).gone_at is None


# Keys -------------------------------------------------------------------------------------------------------------


def test_private_keys_are_made_once_at_first_need_and_sealed():
    actor = Actor.objects.get(uri=dijon())
    assert not PrivateKey.objects.exists()
    first = keyring.public_keys(actor)
    assert keyring.public_keys(Actor.objects.get(pk=actor.pk)) == first
    for key in PrivateKey.objects.all():
        assert b"PRIVATE KEY" not in bytes(key.sealed)
        assert keys.algorithm(keys.load_private(secrets.unseal(key.sealed))) == key.algorithm


def test_a_stolen_database_opens_nothing(settings):
    sealed = secrets.seal(b"secret")
    settings.SECRET_KEY = "another"
    with pytest.raises(secrets.CannotUnseal):
        secrets.unseal(sealed)


def test_lost_keys_are_not_made_again():
    actor = actors.instance()
    keyring.public_keys(actor)
    PrivateKey.objects.all().delete()
    with pytest.raises(keyring.KeysLost):
        keyring.public_keys(Actor.objects.get(pk=actor.pk))
    with pytest.raises(keyring.KeysLost):
        keyring.sign(Actor.objects.get(pk=actor.pk), "GET", "https://hub.example/", None, "cavage")
    assert not PrivateKey.objects.exists()


def check():
    call_command("check", databases=["default"])


def test_a_sound_hub_starts():
    actors.prepare()
    check()


def test_a_hub_that_lost_its_keys_does_not_start():
    actors.prepare()
    PrivateKey.objects.all().delete()
    with pytest.raises(SystemCheckError, match="its private key is lost"):
        check()


def test_a_hub_with_another_secret_does_not_start(settings):
    actors.prepare()
    settings.SECRET_KEY = "another"
    with pytest.raises(SystemCheckError, match="cannot be opened"):
        check()


def test_a_hub_that_moved_does_not_start(settings):
    actors.prepare()
    settings.RTES = replace(settings.RTES, base_url="https://elsewhere.example")
    with pytest.raises(SystemCheckError, match=r"has lived at http://127\.0\.0\.1:8000"):
        check()


# Others -----------------------------------------------------------------------------------------------------------


def test_what_an_actor_says_of_itself_is_made_safe():
    peer = a_peer()
    uri = "https://partner.example/ap/orgs/1"
    document = actors.document(Actor.objects.get(uri=dijon())) | {
        "id": uri,
        "inbox": f"{uri}/inbox",
        "name": "Région \u202efeinte\n",
        "summary": "<p onclick='x()'>Bonjour<script>x()</script></p>",
        "url": "javascript:alert(1)",
        "publicKey": [],
        "assertionMethod": [],
    }
    kept = actors.keep(read.actor(document), peer)
    assert kept.name == "Région feinte"
    assert "script" not in kept.summary
    assert "onclick" not in kept.summary
    assert kept.url == ""
    assert api.author(uri).local is False
