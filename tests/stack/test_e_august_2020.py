"""20 to 31 August 2020 once more: complaints rise, an incident is suspected, opened, told by the bot, ended, told of.

The system is one of its own. Staff only press what the pages offer them; what participants read is what the simulators
of Telegram and WhatsApp received. Three of the cast are among the crowd: Siti and Budi, whose own data is in order when
it is over, and Rina, whose code is still missing.
"""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from helpdesk.rehearsing.august import (
    CAST,
    ENDED,
    FIRST_MINUTES,
    KNOWN_AT,
    LATER,
    once_it_is_known,
    stranger,
)
from tests.stack.august import eve_of_the_outage, heard, heard_by, live, rehearsed, until
from tests.stack.august_desk import (
    CLOSING,
    TITLE,
    TOLD,
    approved,
    desk,
    ended,
    opened,
    pictures,
    public_page,
    recovery,
)
from tests.stack.august_numbers import check_broadcast, check_incident, check_trends
from tests.stack.running import Stack
from tests.stack.seats import seated
from tests.stack.test_4_phone_to_desk import FLAGS, browser, pytestmark

__all__ = ["FLAGS", "browser", "pytestmark"]

RECOVERED = "gangguannya sudah ditutup"
IN_ORDER = "data Kakak sudah kami cek ulang dan tidak ada yang tertahan"
FIRST_DAY, LAST_DAY = "2020-08-18", "2020-08-31"
FIXED = (("siti", "telegram"), ("budi", "whatsapp"))
STUCK = ("rina", "whatsapp")
CASE = """
    SELECT t.status, t.incident_id, t.evidence FROM tickets t JOIN conversations c ON c.id = t.conversation_id
    WHERE c.channel = 'whatsapp' AND c.external_id = %s
"""
SUSPECTED = "SELECT * FROM suspicions WHERE kind = 'complaints' AND intent IS NOT NULL ORDER BY found_at, id"
NOTES = """
    SELECT m.text FROM messages m JOIN conversations c ON c.id = m.conversation_id
    WHERE c.channel = 'whatsapp' AND c.external_id = %s AND m.direction = 'note' AND m.author = 'system'
"""


@pytest.fixture(scope="module")
def august() -> Iterator[Stack]:
    with eve_of_the_outage() as stack:
        yield stack


def test_an_outage_is_noticed_explained_and_ended_and_everybody_is_told_once(august: Stack, browser: Browser) -> None:
    rudi = seated(august, browser, "rudi")
    said = rehearsed(august, KNOWN_AT)
    assert f"{FIRST_MINUTES} messages written and answered" in said
    found = until(lambda: august.rows(SUSPECTED))[0]
    assert found["intent"] == "package_not_found"
    assert re.findall(r"/dugaan/(\S+)", said)[0] in {str(it["id"]) for it in august.rows("SELECT id FROM suspicions")}

    incident = opened(august, rudi)
    crowd = FIRST_MINUTES
    expect(rudi.locator("#bagian-terdampak")).to_contain_text(f"{crowd} orang")
    check_incident(august, rudi, incident)
    pictures(rudi, "incident-open")
    public_page(august, browser, "status-during", TOLD, "Terganggu")

    live(august, once_it_is_known())
    assert any(TOLD in text for text in heard(august, crowd)), heard(august, crowd)
    assert "/tren?dari=2020-08-18&sampai=2020-08-31" in rehearsed(august)
    crowd += 1 + sum(LATER.values())
    everybody = crowd + sum(map(len, CAST.values()))
    until(lambda: touched(august, incident) == everybody)

    assert august.now() >= ENDED
    rudi.goto(desk(august, f"/insiden/{incident}"))
    check_incident(august, rudi, incident)
    ended(rudi)
    public_page(august, browser, "status-after", CLOSING, "Pulih")
    before = {number: heard(august, number) for number in range(crowd)}
    before_cast = {one: heard_by(august, *one) for one in (*FIXED, STUCK)}
    evidence_before = case_of_rina(august)["evidence"]
    broadcast = recovery(rudi, everybody)
    approved(august, browser, broadcast)
    until(lambda: august.rows("SELECT 1 FROM broadcasts WHERE status = 'done'"), seconds=600)

    for number in range(crowd):
        more = heard(august, number)[len(before[number]) :]
        assert Counter(RECOVERED in text for text in more) == {True: 1}, (stranger(number), more)
    for one in FIXED:
        more = heard_by(august, *one)[len(before_cast[one]) :]
        assert [IN_ORDER in text for text in more if RECOVERED in text] == [True], (one, more)
    told_rina = heard_by(august, *STUCK)[len(before_cast[STUCK]) :]
    assert not [text for text in told_rina if RECOVERED in text or "pulih" in text.lower()]
    goes_to_agents(august, incident, evidence_before)
    rudi.goto(broadcast)
    check_broadcast(august, rudi, incident)
    rudi.goto(desk(august, f"/insiden/{incident}"))
    expect(rudi.locator("#bagian-terdampak a[href$='yang=belum-beres'] strong")).to_have_text("1")

    rudi.goto(desk(august, f"/tren?dari={FIRST_DAY}&sampai={LAST_DAY}"))
    tells_the_story(rudi, incident)
    check_trends(august, rudi, FIRST_DAY, LAST_DAY)
    pictures(rudi, "trends-august", tall=(2370, 2035))


def touched(stack: Stack, incident: str) -> object:
    return stack.rows("SELECT count(*) AS n FROM incident_people WHERE incident_id = %s", incident)[0]["n"]


def case_of_rina(stack: Stack) -> dict[str, object]:
    return stack.rows(CASE, stack.person("rina")["whatsapp"]["user_id"])[0]


def goes_to_agents(stack: Stack, incident: str, before: object) -> None:
    """Rina's case belongs to the incident, is open, and holds what was found when everybody was looked at again."""
    case = case_of_rina(stack)
    assert (case["status"], case["incident_id"]) == ("open", incident)
    earlier, evidence = before, case["evidence"]
    assert isinstance(earlier, list)
    assert isinstance(evidence, list)
    anew = [it for it in evidence[len(earlier) :] if it["verdict"] != "yes"]
    assert any("kode" in it["summary"].lower() for it in anew), evidence
    notes = [str(it["text"]) for it in stack.rows(NOTES, stack.person("rina")["whatsapp"]["user_id"])]
    assert sum(TITLE in it for it in notes) == 1, notes


def tells_the_story(page: Page, incident: str) -> None:
    """The fortnight's page says what rose, that it surely did, on which day most came, and what happened then."""
    expect(page.locator(".pokok")).to_contain_text("naik jelas")
    first = page.get_by_role("region", name="Paling naik").get_by_role("listitem").first
    expect(first).to_contain_text("Paket kursus tidak ditemukan")
    expect(first).to_contain_text("▲ naik jelas")
    expect(page.locator(".figur-intent .berita")).to_contain_text("Paket kursus tidak ditemukan naik jelas")
    expect(page.locator(".figur-day .berita")).to_contain_text(TITLE)
    expect(page.locator(f".penanda a[href='/insiden/{incident}']")).to_have_text(TITLE)
