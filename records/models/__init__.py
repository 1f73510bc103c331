"""The tables of the help desk, one file a noun."""

from records.models.alarm import Alarm, Process, Reading, Trouble
from records.models.base import Base
from records.models.channel_news import ChannelNews
from records.models.conversation import ChannelIdentity, Conversation, Lane, Message
from records.models.delivery import Flood, Inbound, Outbound, Turn
from records.models.epoch import Epoch
from records.models.identity import LookupCount, OneTimeLink
from records.models.media import Media
from records.models.presence import Presence
from records.models.privacy import DataRequest, RetentionRun, request_numbers
from records.models.pulled import PulledEntry
from records.models.receipt import Receipt
from records.models.source_failure import SourceFailure
from records.models.staff import AuditEntry, Staff, StaffSession
from records.models.ticket import HandOver, Incident, Ticket, ticket_numbers

__all__ = [
    "Alarm",
    "AuditEntry",
    "Base",
    "ChannelIdentity",
    "ChannelNews",
    "Conversation",
    "DataRequest",
    "Epoch",
    "Flood",
    "HandOver",
    "Inbound",
    "Incident",
    "Lane",
    "LookupCount",
    "Media",
    "Message",
    "OneTimeLink",
    "Outbound",
    "Presence",
    "Process",
    "PulledEntry",
    "Reading",
    "Receipt",
    "RetentionRun",
    "SourceFailure",
    "Staff",
    "StaffSession",
    "Ticket",
    "Trouble",
    "Turn",
    "request_numbers",
    "ticket_numbers",
]
