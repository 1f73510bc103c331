"""The numbers of the pages of August 2020, read as they are shown, and the same counted straight from the rows."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page

from tests.stack.running import Stack

DRAWN = 12
"""Most bars a picture draws; its table has all."""
NO_COMPLAINTS = ("greet", "thank", "affirm", "deny", "inform", "out_of_scope", "nlu_fallback")
COMPLAINTS = """
    SELECT {by} AS key, count(*) AS n FROM turns
    WHERE (created_at AT TIME ZONE 'Asia/Jakarta')::date BETWEEN %s AND %s
      AND COALESCE(corrected_intent, intent) <> ALL(%s) GROUP BY 1
"""
KEYS = {"intent": "COALESCE(corrected_intent, intent)", "platform": "COALESCE(platform, '-')"}
FILTERS = {"intent": "keluhan", "platform": "platform"}
"""What each is called in an address."""
WHO_COMPLAINED = """
    SELECT count(DISTINCT t.conversation_id) AS conversations,
           count(DISTINCT COALESCE(i.participant_id, i.id::text)) AS people
    FROM incidents x JOIN turns t ON t.created_at >= x.started_at AND (x.ended_at IS NULL OR t.created_at <= x.ended_at)
    JOIN conversations c ON c.id = t.conversation_id JOIN identities i ON i.id = c.identity_id
    WHERE x.id = %s AND x.intents ? COALESCE(t.corrected_intent, t.intent)
"""
SENT = """
    SELECT count(*) AS n FROM outbox o JOIN messages m ON m.id = o.message_id
    WHERE m.kind = 'broadcast' AND o.status IN ('sent', 'delivered', 'read')
"""
TWICE = """
    SELECT COALESCE(i.participant_id, i.id::text) AS person FROM messages m
    JOIN conversations c ON c.id = m.conversation_id JOIN identities i ON i.id = c.identity_id
    WHERE m.kind = 'broadcast' AND m.direction = 'out' GROUP BY 1 HAVING count(*) > 1
"""


def whole(said: str | None) -> int:
    """A number as a page writes it."""
    return int((said or "").replace(".", ""))


def complaints(stack: Stack, by: str, first: str, last: str) -> dict[str, int]:
    """The complaints of these days by one thing, from the rows."""
    rows = stack.rows(COMPLAINTS.format(by=KEYS[by]), first, last, list(NO_COMPLAINTS))
    return {str(row["key"]): int(str(row["n"])) for row in rows}


def check_trends(stack: Stack, page: Page, first: str, last: str) -> None:
    """The total, every bar that is drawn and every line of its table say what the rows say."""
    for by in KEYS:
        counted = complaints(stack, by, first, last)
        assert total(page) == sum(counted.values())
        figure = page.locator(f".figur-{by}")
        assert lines(figure, FILTERS[by]) == counted
        bars = drawn(figure, FILTERS[by])
        assert bars == {key: counted[key] for key in bars}
        assert len(bars) == min(len(counted), DRAWN)


def total(page: Page) -> int:
    """The large number at the head of the page."""
    return whole(page.locator(".ubin a[data-jumlah]").first.get_attribute("data-jumlah"))


def lines(figure: Locator, name: str) -> dict[str, int]:
    """What the table of a figure says, by the key its lines filter by; what is gone has no rows to open."""
    links = figure.locator("tbody td:nth-child(2) a").all()
    return {key_of(it, name): whole(it.text_content()) for it in links}


def drawn(figure: Locator, name: str) -> dict[str, int]:
    """What the picture of a figure says, bar by bar."""
    bars = [it for it in figure.locator("svg a").all() if it.get_attribute("href")]
    return {key_of(it, name): whole(_number(it)) for it in bars}


def key_of(link: Locator, name: str) -> str:
    """What the rows behind a number are filtered by."""
    return parse_qs(urlsplit(link.get_attribute("href") or "").query)[name][0]


def _number(bar: Locator) -> str:
    said = bar.locator("text.angka").evaluate("it => it.firstChild.textContent")
    return str(said).strip()


def check_incident(stack: Stack, page: Page, incident: str) -> Mapping[str, object]:
    """The people and conversations an incident's page names are those who complained since, from the rows."""
    said = page.locator("#bagian-terdampak .angka-pratinjau").inner_text()
    people, conversations = map(whole, re.findall(r"[\d.]+", said))
    complained = stack.rows(WHO_COMPLAINED, incident)[0]
    assert {"people": people, "conversations": conversations} == complained
    belong = stack.rows("SELECT count(*) AS n FROM incident_people WHERE incident_id = %s", incident)[0]["n"]
    assert belong == conversations
    return complained


def books(page: Page) -> dict[str, int]:
    """The books of a broadcast, as its page shows them."""
    found = {it.locator("span").inner_text(): it.locator("strong").inner_text() for it in page.locator(".buku a").all()}
    return {name: whole(number) for name, number in found.items()}


def check_broadcast(stack: Stack, page: Page, incident: str) -> None:
    """Everybody of the incident is in the books, who was sent a message is in the outbox, and nobody had two."""
    meant = stack.rows("SELECT count(DISTINCT person_key) AS n FROM incident_people WHERE incident_id = %s", incident)
    handed = stack.rows("SELECT count(*) AS n FROM broadcast_people WHERE state = 'to_agents'")
    sent = stack.rows(SENT)
    assert books(page) == {
        "Terkirim": sent[0]["n"],
        "Gagal": 0,
        "Tidak diketahui": 0,
        "Dilewati": handed[0]["n"],
        "Menunggu": 0,
        "Semua penerima": meant[0]["n"],
    }
    assert stack.rows(TWICE) == []
