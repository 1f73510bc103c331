"""The people of a run: each says one identifiable thing after the other, m-<person>-<n>, as fast as a person would.

What they say is drawn from the seed; when it is said depends on the hour. On Telegram and WhatsApp they act through
the simulator, which keeps the truth. The web chat is spoken through its own doors, so there the truth is kept here:
what was acknowledged, and what could be fetched.
"""

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from helpdesk.chaos.evidence import TAKEN, TELEGRAM, WEB, WHATSAPP, Said
from helpdesk.chaos.ground import Ground
from records.event_ids import stored_id

SAYINGS = (
    "halo",
    "makasih ya min",
    "platform buat beli pelatihan apa aja ya min",
    "cara pakai kode redeem gimana",
    "insentif cair berapa lama",
    "kok saya belum bisa beli pelatihan ya",
    "paket kursus tidak ditemukan di tokopedia",
    "pembayaran saya gagal terus di bukalapak",
    "saya mau bicara dengan petugas",
    "sertifikat saya belum keluar",
    "qwerty asdf",
)
THINGS = ("photo", "sticker", "voice", "location", "document")
NAMED = ("siti", "budi", "dewi", "rina", "agus", "maya")
"""Those the programme knows: their answers hold what nobody else may read."""
BETWEEN = (4.0, 16.0)
"""Seconds between two things a person does."""
PATIENCE = 15.0
COOKIE = "helpdesk_visitor"


@dataclass
class Person:
    """Somebody with a phone."""

    key: str
    channel: str
    who: str | dict[str, Any]
    """As the simulator's control API takes it."""
    chat: str
    dice: random.Random
    group: dict[str, Any] | None = None
    number: int = 0

    def words(self) -> str:
        """Return the next thing they say."""
        self.number += 1
        return f"{self.dice.choice(SAYINGS)} (m-{self.key}-{self.number})"


@dataclass
class WebChat:
    """What a browser knows of its chat."""

    visitor: str
    said: list[Said] = field(default_factory=list)
    seen: dict[int, dict[str, Any]] = field(default_factory=dict)
    """By position."""
    twice: list[int] = field(default_factory=list)
    """Positions that were told with different words."""
    open: bool = True


class Crowd:
    """Everybody who talks."""

    def __init__(self, ground: Ground, seed: int, tell: Callable[[str], None]) -> None:
        self._ground, self._tell = ground, tell
        self._dice = random.Random(f"{seed}:people")  # noqa: S311 - replayable on purpose
        self._http = httpx.AsyncClient(timeout=PATIENCE, trust_env=False)
        self.people: list[Person] = []
        self.web: dict[str, WebChat] = {}
        self.said = 0
        self._quiet = asyncio.Event()

    async def gather(self, telegram: int, whatsapp: int, web: int) -> None:
        """Bring everybody together."""
        known = {one["key"]: one for one in (await self._ground.simulator.get("/control/people")).json()}
        for key in NAMED:
            self._join(f"{key}-t", TELEGRAM, key, str(known[key]["telegram"]["id"]))
            self._join(f"{key}-w", WHATSAPP, key, known[key]["whatsapp"]["user_id"])
        for number in range(telegram):
            account = {"id": 771_000_000 + number, "first_name": f"Warga {number}"}
            self._join(f"t{number}", TELEGRAM, account, str(account["id"]))
        for number in range(whatsapp):
            who = {"user_id": f"ID.77{number:04d}", "profile_name": f"Warga {number}"}
            self._join(f"w{number}", WHATSAPP, who | {"wa_id": f"62855000{number:04d}"}, who["user_id"])
        for number in range(web):
            visitor = f"web{self._dice.getrandbits(96):024x}"
            self.web[visitor] = WebChat(visitor)
            self._join(f"v{number}", WEB, visitor, visitor)
        group = {"id": -100_771, "type": "group", "title": "Warga"}
        asker = {"id": 771_000_000, "first_name": "Warga 0"}
        self.people.append(Person("g0", TELEGRAM, asker, str(group["id"]), self._own_dice("g0"), group=group))

    def _join(self, key: str, channel: str, who: str | dict[str, Any], chat: str) -> None:
        self.people.append(Person(key, channel, who, chat, self._own_dice(key)))

    def _own_dice(self, key: str) -> random.Random:
        return random.Random(f"{self._dice.getrandbits(64)}:{key}")  # noqa: S311 - replayable on purpose

    async def talk(self) -> None:
        """Talk until told to be quiet; then let the browsers read on until cancelled."""
        readers = [asyncio.create_task(self._read(chat)) for chat in self.web.values()]
        try:
            await asyncio.gather(*(self._live(person) for person in self.people))
            await asyncio.gather(*readers)
        finally:
            for reader in readers:
                reader.cancel()

    def hush(self) -> None:
        """Have nobody begin anything new."""
        self._quiet.set()

    async def close(self) -> None:
        """Let the browsers look one last time, and close them."""
        for chat in self.web.values():
            with suppress(httpx.HTTPError, KeyError, ValueError):
                await self._look(chat)
        await self._http.aclose()

    async def _live(self, person: Person) -> None:
        while not self._quiet.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), person.dice.uniform(*BETWEEN))
                return
            with suppress(httpx.HTTPError):
                await self._act(person)

    async def _act(self, person: Person) -> None:
        what = person.dice.choices(("text", "burst", "press", "thing", "edit"), weights=(60, 8, 16, 9, 7))[0]
        if person.channel == WEB:
            await self._post(self.web[person.chat], person.words(), person)
            return
        if what == "press":
            await self._send([{"do": "press", "title": await self._title(person)}], person)
        elif what == "thing":
            await self._send([{"do": person.dice.choice(THINGS), "text": person.words()}], person)
        elif what == "edit" and person.channel == TELEGRAM and not person.group:
            await self._send([{"do": "edit", "text": person.words()}], person)
        else:
            await self._send([{"text": person.words()} for _ in range(3 if what == "burst" else 1)], person)

    async def _send(self, acts: list[dict[str, Any]], person: Person) -> None:
        whole = {"channel": person.channel, "as": person.who} | ({"group": person.group} if person.group else {})
        answer = await self._ground.simulator.post("/control/send", json=[whole | act for act in acts])
        if answer.is_success:
            self.said += len(acts)

    async def _title(self, person: Person) -> str:
        """Return a button of the last message that has any; a title nobody has is refused and nothing is said."""
        answer = await self._ground.simulator.get(f"/control/chats/{person.channel}/{person.chat}")
        titled = [item["buttons"] for item in answer.json()["items"] if item["who"] == "bot" and item["buttons"]]
        return str(person.dice.choice(titled[-1])["title"]) if titled else "-"

    async def _post(self, chat: WebChat, text: str, person: Person) -> None:
        """Post until it is taken, with one id: what the page does."""
        client_id, body = f"m-{person.key}-{person.number}", {"text": text}
        key = stored_id(WEB, f"{chat.visitor}:{client_id}")
        self.said += 1
        for _ in range(200):
            with suppress(httpx.HTTPError):
                answer = await self._http.post(
                    f"{self._ground.bot}/webchat/messages",
                    json=body | {"id": client_id},
                    headers={"Cookie": f"{COOKIE}={chat.visitor}"},
                )
                if answer.status_code == httpx.codes.ACCEPTED:
                    now = self._ground.now()
                    chat.said.append(Said(WEB, chat.visitor, key, person.number, now, TAKEN, now))
                    return
            await asyncio.sleep(1)
        self._tell(f"the web chat of {person.key} did not take {client_id} in 200 tries")

    async def _read(self, chat: WebChat) -> None:
        while True:
            with suppress(httpx.HTTPError, KeyError, ValueError):
                await self._look(chat)
            await asyncio.sleep(2)

    async def _look(self, chat: WebChat) -> None:
        while True:
            after = max(chat.seen, default=0)
            answer = await self._http.get(
                f"{self._ground.bot}/webchat/messages",
                params={"after": after},
                headers={"Cookie": f"{COOKIE}={chat.visitor}"},
            )
            answer.raise_for_status()
            if answer.status_code != httpx.codes.NO_CONTENT:
                for message in answer.json()["messages"]:
                    self._note(chat, message)
            if max(chat.seen, default=0) == after:
                return

    def _note(self, chat: WebChat, message: dict[str, Any]) -> None:
        known = chat.seen.get(message["position"])
        if known and known["text"] != message["text"]:
            chat.twice.append(message["position"])
        chat.seen.setdefault(message["position"], message | {"seen_at": self._ground.now(), "seen": time.monotonic()})
