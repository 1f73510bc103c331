"""The tables of the help desk, one file a noun."""

from records.models.alarm import Alarm, Process, Reading, Trouble
from records.models.answering import CannedReply, Recheck, ReplyDraft, ReplySource
from records.models.base import Base
from records.models.broadcast import Broadcast, BroadcastPerson, broadcast_numbers
from records.models.case_work import NoteVersion, StaffNotice, StaffPresence, Tag
from records.models.channel_news import ChannelNews
from records.models.conversation import ChannelIdentity, Conversation, Lane, Message
from records.models.delivery import Flood, Inbound, Outbound, Turn
from records.models.epoch import Epoch
from records.models.identity import LookupCount, OneTimeLink
from records.models.incident import Incident, IncidentEvent, IncidentFollowUp, IncidentPerson
from records.models.learning import (
    LearningDraft,
    LearningExample,
    LearningProgress,
    LearningTrial,
    LearningTrialExample,
)
from records.models.look_permit import LookPermit
from records.models.media import Media
from records.models.presence import Presence
from records.models.privacy import DataRequest, RetentionRun, request_numbers
from records.models.promise import Assignment, CalendarDay, CalendarYear, PromiseRule, Rating
from records.models.pulled import PulledEntry
from records.models.queue import BulkAct, BulkItem, DefaultView, ResolvedCount, SavedView
from records.models.receipt import Receipt
from records.models.report import WeeklyReport
from records.models.search import SearchMessage, SearchPerson, SearchTicket
from records.models.service_figures import (
    AgentAct,
    AgentDay,
    AnswerCount,
    AnswerFact,
    AnswerNews,
    AnswerSeconds,
    CaseFact,
    CaseMonth,
    CaseNews,
    CaseSpell,
    CaseTime,
    FigureProgress,
)
from records.models.sign_in import RecoveryCode, SecondFactor, SignInAttempt
from records.models.source_failure import SourceFailure
from records.models.staff import AuditEntry, Staff, StaffSession, Team, TeamMember
from records.models.staff_group import GroupPost, GroupTopic, GroupUpdate, GroupWord, StaffGroup, StaffLink
from records.models.suspicion import Suspicion
from records.models.ticket import HandOver, Ticket, ticket_numbers
from records.models.topic import Topic, TopicRun, TopicTurn
from records.models.trend import (
    TrendDay,
    TrendFact,
    TrendHour,
    TrendKept,
    TrendKey,
    TrendMonth,
    TrendNews,
    TrendState,
)

__all__ = [
    "AgentAct",
    "AgentDay",
    "Alarm",
    "AnswerCount",
    "AnswerFact",
    "AnswerNews",
    "AnswerSeconds",
    "Assignment",
    "AuditEntry",
    "Base",
    "Broadcast",
    "BroadcastPerson",
    "BulkAct",
    "BulkItem",
    "CalendarDay",
    "CalendarYear",
    "CannedReply",
    "CaseFact",
    "CaseMonth",
    "CaseNews",
    "CaseSpell",
    "CaseTime",
    "ChannelIdentity",
    "ChannelNews",
    "Conversation",
    "DataRequest",
    "DefaultView",
    "Epoch",
    "FigureProgress",
    "Flood",
    "GroupPost",
    "GroupTopic",
    "GroupUpdate",
    "GroupWord",
    "HandOver",
    "Inbound",
    "Incident",
    "IncidentEvent",
    "IncidentFollowUp",
    "IncidentPerson",
    "Lane",
    "LearningDraft",
    "LearningExample",
    "LearningProgress",
    "LearningTrial",
    "LearningTrialExample",
    "LookPermit",
    "LookupCount",
    "Media",
    "Message",
    "NoteVersion",
    "OneTimeLink",
    "Outbound",
    "Presence",
    "Process",
    "PromiseRule",
    "PulledEntry",
    "Rating",
    "Reading",
    "Receipt",
    "Recheck",
    "RecoveryCode",
    "ReplyDraft",
    "ReplySource",
    "ResolvedCount",
    "RetentionRun",
    "SavedView",
    "SearchMessage",
    "SearchPerson",
    "SearchTicket",
    "SecondFactor",
    "SignInAttempt",
    "SourceFailure",
    "Staff",
    "StaffGroup",
    "StaffLink",
    "StaffNotice",
    "StaffPresence",
    "StaffSession",
    "Suspicion",
    "Tag",
    "Team",
    "TeamMember",
    "Ticket",
    "Topic",
    "TopicRun",
    "TopicTurn",
    "TrendDay",
    "TrendFact",
    "TrendHour",
    "TrendKept",
    "TrendKey",
    "TrendMonth",
    "TrendNews",
    "TrendState",
    "Trouble",
    "Turn",
    "WeeklyReport",
    "broadcast_numbers",
    "request_numbers",
    "ticket_numbers",
]
