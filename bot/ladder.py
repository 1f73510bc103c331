"""The bot's ladder of patience (records/ladder.py), from one action up to the lease of a conversation.

action < what the actions of a turn take < Rasa's lock < the bot's wait for Rasa < the notice that a message is kept
< the lease of a conversation; a send < the lease of a send; the answer to a webhook within three seconds.
"""

from datetime import timedelta

from bot.claiming import HELD
from bot.rounds.kept import WAITED
from bot.settings import BotSettings
from records.ladder import ACTIONS_IN_A_TURN, Rung, Step, climb

PROVIDERS_WAIT = timedelta(seconds=3)
"""What Meta's sources agree on; Telegram waits for a minute."""


def steps(settings: BotSettings) -> list[Step]:
    """Return every pair that must be in order."""
    action = settings.actions_deadline
    actions = Rung("ACTIONS_DEADLINE", ACTIONS_IN_A_TURN * action, f"{ACTIONS_IN_A_TURN} aksi satu giliran")
    lock = Rung("RASA_LOCK_LIFE", settings.rasa_lock_life, "kunci Rasa")
    wait = Rung("RASA_TIMEOUT", settings.rasa_timeout, "bot menunggu Rasa")
    kept = Rung("bot/rounds/kept.py", WAITED, "kabar bahwa pesan disimpan")
    lease = Rung("LANE_LEASE", settings.lane_lease, "pegangan percakapan")
    send = Rung("BOT_SEND_TIMEOUT", settings.bot_send_timeout, "satu kiriman")
    held = Rung("bot/claiming.py", HELD, "pegangan kiriman")
    webhook = Rung("BOT_WEBHOOK_DEADLINE", settings.bot_webhook_deadline, "jawaban webhook")
    provider = Rung("batas penyedia", PROVIDERS_WAIT, "WhatsApp menunggu")
    return [
        Step(actions, lock),
        Step(lock, wait),
        Step(wait, kept),
        Step(kept, lease),
        Step(send, held),
        Step(webhook, provider, equal=True),
    ]


def check(settings: BotSettings) -> None:
    """Raise WrongOrder unless the whole ladder holds."""
    climb(steps(settings))
