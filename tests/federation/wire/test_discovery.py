import xml.etree.ElementTree as ElementTree

from federation.wire import names, read, write

HUB = "https://hub.example"
ACTOR = f"{HUB}/ap/actors/1"
INSTANCE = f"{HUB}/ap/actors/0"


def test_a_handle_leads_to_its_actor():
    jrd = write.webfinger(handle="terre-et-mer", uri=ACTOR, url=f"{HUB}/c/terre-et-mer/", aliases=[ACTOR])
    assert jrd["subject"] == "acct:terre-et-mer@hub.example"
    assert jrd["aliases"] == [f"{HUB}/c/terre-et-mer/", ACTOR]
    assert read.link(jrd, "self", type=names.ACTIVITY_JSON) == ACTOR
    assert read.link(jrd, "self", type="text/html") == ""
    assert read.link(jrd, "none") == ""


def test_a_handle_carries_the_port_of_its_hub():
    assert write.webfinger(handle="x", uri="http://127.0.0.1:8001/a")["subject"] == "acct:x@127.0.0.1:8001"


def test_a_server_leads_to_its_instance():
    jrd = write.webfinger_server(HUB, instance=INSTANCE)
    assert jrd["subject"] == f"{HUB}/"
    assert read.link(jrd, f"{names.AS2}#Service", type=names.LD_JSON) == ""
    assert read.link(jrd, f"{names.AS2}#Service", type=names.ACTIVITY_JSON) == INSTANCE


def test_nodeinfo_leads_to_both_versions_and_the_instance():
    links = write.nodeinfo_discovery(HUB, instance=INSTANCE)
    assert read.link(links, f"{names.AS2}#Application") == INSTANCE
    for version in ("2.0", "2.1"):
        assert read.link(links, f"http://nodeinfo.diaspora.software/ns/schema/{version}") == f"{HUB}/nodeinfo/{version}"


def test_nodeinfo_tells_what_its_schema_allows():
    told = {
        version: write.nodeinfo(
            version,
            name="Hub",
            description="Un hub.",
            software_version="0.1.0",
            users={"total": 3},
            posts=2,
            comments=0,
            repository="https://forge.example/hub",
        )
        for version in ("2.0", "2.1")
    }
    assert write.nodeinfo_type("2.1").endswith('profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"')
    assert set(told["2.0"]["software"]) == {"name", "version"}
    assert set(told["2.1"]["software"]) == {"name", "version", "repository"}
    assert told["2.1"]["metadata"]["federation"] == {"enabled": True, "mode": "allowlist"}
    assert set(told["2.1"]) == {
        *("version", "software", "protocols", "services", "openRegistrations", "usage", "metadata"),
    }


def test_host_meta_says_the_same_in_both_forms():
    template = write.host_meta(HUB)["links"][0]["template"]
    assert template == f"{HUB}/.well-known/webfinger?resource={{uri}}"
    link = ElementTree.fromstring(write.host_meta_xml(HUB))[0]
    assert (link.attrib["rel"], link.attrib["template"]) == ("lrdd", template)


def test_a_collection_without_a_first_page_hides_its_items():
    assert "first" not in write.collection(f"{ACTOR}/followers", total=3)
    assert read.collection(write.collection(f"{ACTOR}/followers", total=3)).total == 3


def test_a_page_has_one_context():
    item = {"@context": names.AS2, "id": f"{HUB}/o/1", "type": "Create"}
    page = write.page(f"{ACTOR}/outbox?page=1", part_of=f"{ACTOR}/outbox", items=[item, f"{HUB}/o/2"], next=f"{HUB}/n")
    assert page["orderedItems"] == [{"id": f"{HUB}/o/1", "type": "Create"}, f"{HUB}/o/2"]
    assert read.collection(page).next == f"{HUB}/n"
