"""The rules: each looks at what was seen and names what is not as it must be, about which scope, and how far.

A rule knows neither when it was true before nor who is told; it is found or it is not. `severe` means that people wait
or may lose something now.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.settings import AlarmSettings
from bot.watch.seen import Seen
from records import troubles
from records.clock import wib

REPLY, BROADCAST = 0, 2
SEVERE, WARNING = "severe", "warning"
DAYS_SEVERE = 14
LONG_ASKED_SECONDS = 300
DISK = "disk "
DESK_ROUNDS, STAFF_GROUP = "desk_rounds", "staff_group"
STOPPED_SECONDS = 60
UNKNOWN_END = date.min
"""The end of a version nobody here knows: an operator has to look it up."""
TEMPLATES = "message_template_status_update"


@dataclass(frozen=True)
class Found:
    """One thing that is not as it must be."""

    name: str
    scope: str
    severity: str
    value: float
    threshold: float
    detail: str = ""


type Rule = Callable[[Seen, AlarmSettings], Iterator[Found]]


def inbox_waiting(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """Somebody has waited too long for an answer."""
    most, age = limits.alarm_inbox_age.total_seconds(), seen.figures.inbox_oldest_seconds
    if age >= most:
        yield Found("inbox_waiting", "", SEVERE, age, most, f"{seen.figures.inbox_pending} pesan menunggu")


def outbox_waiting(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """A reply or notice is not sent."""
    most = limits.alarm_outbox_age.total_seconds()
    for channel in sorted({it.channel for it in seen.figures.outbox}):
        waiting = [it for it in seen.figures.outbox if it.channel == channel and it.priority < BROADCAST]
        age = max((it.oldest_seconds for it in waiting), default=0.0)
        if age >= most:
            said = f"{sum(it.count for it in waiting)} pesan menunggu dikirim"
            yield Found("outbox_waiting", channel, SEVERE, age, most, said)


def sends_unknown(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """Too many messages of which nobody knows whether they arrived."""
    if seen.figures.outbox_unknown >= limits.alarm_unknown:
        yield Found("sends_unknown", "", WARNING, seen.figures.outbox_unknown, limits.alarm_unknown)


def sends_refused(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """A channel refuses more than the usual few."""
    for (channel, status), count in sorted(seen.figures.troubled.items()):
        if status == "refused" and count >= limits.alarm_refused:
            yield Found("sends_refused", channel, WARNING, count, limits.alarm_refused)


def events_parked(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """Events wait for an operator."""
    if seen.figures.inbox_parked >= limits.alarm_parked:
        yield Found("events_parked", "", WARNING, seen.figures.inbox_parked, limits.alarm_parked)


def webhook_forged(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """Somebody knocks who cannot prove to be the provider, or our secret is not the provider's any more."""
    yield from _counted(seen, troubles.FORGED, limits.alarm_forged, WARNING)


def webhook_not_stored(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """Providers are told to come again."""
    yield from _counted(seen, troubles.NOT_STORED, limits.alarm_not_stored, SEVERE)


def channel_stopped(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """A channel refuses us altogether (token), until a send succeeds again."""
    yield from _not_since(seen, troubles.STOPPED, troubles.SENT, "token ditolak")
    telegram = seen.readings.get("telegram_webhook")
    if telegram and telegram.value.get("problem") == "token":
        yield Found("channel_stopped", "telegram", SEVERE, 1, 1, "token ditolak")


def rasa_away(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """The model cannot be asked; messages are kept and answered later."""
    yield from _not_since(seen, troubles.RASA_AWAY, troubles.RASA_ANSWERED, "pesan disimpan dan dijawab nanti")


def telegram_webhook(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """Telegram holds back updates, or says that our webhook fails, or leads elsewhere."""
    reading = seen.readings.get("telegram_webhook")
    if reading is None or reading.seconds_ago > LONG_ASKED_SECONDS:
        return
    pending, problem = int(reading.value.get("pending", 0)), reading.value.get("problem")
    said = {
        "away": "Telegram tidak bisa ditanya",
        "elsewhere": "webhook terdaftar di alamat lain",
        "failing": str(reading.value.get("last_error", "")),
    }.get(str(problem))
    if said is not None or pending >= limits.alarm_pending_updates:
        yield Found("telegram_webhook", "telegram", SEVERE, pending, limits.alarm_pending_updates, said or "")


def api_version_ends(seen: Seen, limits: AlarmSettings, ends: date | None) -> Iterator[Found]:
    """The version of Meta's API that is pinned ends soon."""
    yield from _ends(seen, "api_version_ends", ends, limits)


def token_ends(seen: Seen, limits: AlarmSettings, ends: date | None) -> Iterator[Found]:
    """The WhatsApp token ends soon."""
    yield from _ends(seen, "token_ends", ends, limits)


def template_paused(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """A template cannot be sent: outside the 24-hour window nobody is reached with it."""
    for it in seen.news:
        if it.topic == TEMPLATES:
            yield Found("template_paused", it.subject, WARNING, 1, 1, it.words)


def account_troubled(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """A provider finds our number's quality wanting, or restricts it."""
    for it in seen.news:
        if it.topic != TEMPLATES:
            yield Found("account_troubled", f"{it.channel} {it.topic} {it.subject}".strip(), SEVERE, 1, 1, it.words)


def process_dead(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """A process ended without goodbye or stands still; others have taken over what it held."""
    most = limits.alarm_silent.total_seconds()
    for it in seen.dead:
        yield Found("process_dead", it.name, WARNING, it.silent_seconds, most, it.part)


def media_infected(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """The scanner found something in files of the last 24 hours; they were refused."""
    if seen.infected:
        yield Found("media_infected", "", WARNING, seen.infected, 1)


def disk_low(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """The disk of a machine the bot runs on is nearly full."""
    for name, reading in sorted(seen.readings.items()):
        free = float(reading.value.get("free", 0))
        if name.startswith(DISK) and reading.seconds_ago < LONG_ASKED_SECONDS and free < limits.alarm_disk_free:
            said = f"{free / 1e9:.1f} GB tersisa"
            yield Found("disk_low", name.removeprefix(DISK), SEVERE, free, limits.alarm_disk_free, said)


def desk_round_failed(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """Something the desk does by itself fails, until it succeeds again."""
    yield from _not_since(seen, troubles.DESK_ROUND_FAILED, troubles.DESK_ROUND_DONE, "dicoba lagi terus")


def desk_rounds_stopped(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """No desk goes round any more, and none has said goodbye."""
    reading = seen.readings.get(DESK_ROUNDS)
    if reading and reading.seconds_ago >= STOPPED_SECONDS:
        yield Found("desk_rounds_stopped", "", SEVERE, reading.seconds_ago, STOPPED_SECONDS)


def outage_suspected(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """More complaints, failing checks or failing sends than are usual, and nobody has decided what it is."""
    for it in seen.suspicions:
        said = f"{it.observed:.0f} sejak {wib(it.began_at):%H.%M}, biasanya {it.expected:.0f}"
        yield Found("outage_suspected", it.scope, WARNING, it.observed, round(it.expected, 1), said)


def staff_group(seen: Seen, limits: AlarmSettings) -> Iterator[Found]:
    """The staff group cannot be told anything; the desk's own pages go on."""
    reading = seen.readings.get(STAFF_GROUP)
    if reading and reading.value.get("problem") and reading.seconds_ago < LONG_ASKED_SECONDS:
        yield Found("staff_group", "telegram", WARNING, 1, 1, str(reading.value.get("said", "")))


RULES: tuple[Rule, ...] = (
    inbox_waiting,
    outbox_waiting,
    sends_unknown,
    sends_refused,
    events_parked,
    webhook_forged,
    webhook_not_stored,
    channel_stopped,
    rasa_away,
    telegram_webhook,
    template_paused,
    account_troubled,
    process_dead,
    media_infected,
    disk_low,
    desk_round_failed,
    desk_rounds_stopped,
    outage_suspected,
    staff_group,
)


def found(seen: Seen, limits: AlarmSettings, *, version_ends: date | None, token_until: date | None) -> list[Found]:
    """Return everything that is not as it must be, once for each name and scope."""
    all_of_them = [it for rule in RULES for it in rule(seen, limits)]
    all_of_them += [*api_version_ends(seen, limits, version_ends), *token_ends(seen, limits, token_until)]
    return list({(it.name, it.scope): it for it in all_of_them}.values())


def _counted(seen: Seen, name: str, most: int, severity: str) -> Iterator[Found]:
    for (noticed, scope), it in sorted(seen.troubles.items()):
        if noticed == name and it.lately >= most:
            yield Found(name, scope, severity, it.lately, most, f"{it.lately} kali dalam lima menit")


def _not_since(seen: Seen, wrong: str, right: str, said: str) -> Iterator[Found]:
    """Something went wrong and has not gone right since."""
    for (noticed, scope), it in sorted(seen.troubles.items()):
        well = seen.troubles.get((right, scope))
        if noticed == wrong and (well is None or well.seconds_ago > it.seconds_ago):
            yield Found(wrong, scope, SEVERE, it.lately, 1, said)


def _ends(seen: Seen, name: str, ends: date | None, limits: AlarmSettings) -> Iterator[Found]:
    left = (ends - seen.today).days if ends else None
    if ends is None or left is None or left > limits.alarm_expiry_days:
        return
    severity = SEVERE if left <= DAYS_SEVERE else WARNING
    said = "tanggal akhirnya tidak diketahui" if ends == UNKNOWN_END else f"berakhir {ends.isoformat()}"
    yield Found(name, "whatsapp", severity, left, limits.alarm_expiry_days, said)
