"""WhatsApp Cloud API: signed webhooks in, messages out.

signature.py  what proves a call to be Meta's          bodies.py    everything we send, as request bodies
unpacking.py  a webhook taken apart                    titles.py    titles that fit and stay apart
reading.py    what a message is                        errors.py    what each error code means for the outbox
receipts.py   what became of a message we sent         sending.py   the sending half
news.py       what Meta tells of our own account       versions.py  when each version of the Graph API ends

Parsed by our own code, because libraries drop all but the first message of a batch.
"""

from bot.channels.whatsapp.bodies import body_of
from bot.channels.whatsapp.news import parse_news
from bot.channels.whatsapp.reading import CHANNEL, parse
from bot.channels.whatsapp.receipts import parse_status
from bot.channels.whatsapp.sending import WhatsAppChannel
from bot.channels.whatsapp.signature import challenge, genuine
from bot.channels.whatsapp.unpacking import unpack

__all__ = [
    "CHANNEL",
    "WhatsAppChannel",
    "body_of",
    "challenge",
    "genuine",
    "parse",
    "parse_news",
    "parse_status",
    "unpack",
]
