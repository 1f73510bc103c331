"""What Meta tells of our own account: templates, the number, limits, restrictions. Anything else is only kept.

Of each topic and subject the latest news holds: an approval ends a pause, a green quality ends a red one. Whoever
raises alarms reads the table `channel_news` through records/channel_news.py.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import orjson

from bot.channels.whatsapp.reading import CHANNEL
from bot.events import News, Unreadable

type Json = dict[str, Any]
type Told = tuple[str, str, bool, str]
"""Subject, event, whether it is trouble, and what it means."""

TEMPLATES_GONE = {
    "PAUSED": "dijeda Meta karena sering dilaporkan penerima",
    "DISABLED": "dinonaktifkan Meta",
    "REJECTED": "ditolak Meta",
    "PENDING_DELETION": "sedang dihapus",
    "DELETED": "sudah dihapus",
    "FLAGGED": "ditandai Meta: kualitasnya rendah dan bisa segera dijeda",
    "IN_APPEAL": "sedang banding, belum bisa dipakai",
    "LIMIT_EXCEEDED": "melewati batas jumlah templat",
}
BAD_QUALITY = ("RED", "LOW")
NUMBER_TROUBLE = ("DOWNGRADE", "FLAGGED", "RESTRICTED")
ACCOUNT_TROUBLE = {
    "ACCOUNT_RESTRICTION": "akun dibatasi Meta",
    "ACCOUNT_VIOLATION": "Meta mencatat pelanggaran kebijakan",
    "DISABLED_UPDATE": "akun dinonaktifkan Meta",
    "ACCOUNT_DELETED": "akun dihapus",
    "PARTNER_REMOVED": "akses ke akun dicabut",
    "PARTNER_APP_UNINSTALLED": "aplikasi dilepas dari akun",
}
ALERTS = ("CRITICAL", "WARNING")


def parse_news(raw: bytes) -> News:
    """Return the news of one unpacked change; raises Unreadable."""
    try:
        body = orjson.loads(raw)
        topic, value = str(body.get("field") or ""), body["value"]
        read = READERS.get(topic)
        subject, event, trouble, words = read(value) if read else ("", str(value.get("event") or ""), False, "")
        return News(
            channel=CHANNEL,
            external_id=f"news:{hashlib.sha256(raw).hexdigest()}",
            topic=topic,
            subject=subject.replace("\0", "")[:200],
            event=event.replace("\0", "")[:100],
            raw=raw,
            words=words.replace("\0", "")[:500],
            trouble=trouble,
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as problem:
        raise Unreadable(f"kabar WhatsApp yang rusak: {type(problem).__name__}") from problem


def template_subject(name: str, language: str) -> str:
    """Return what news of a template are about."""
    return f"{name} ({language})"


def _template(value: Json) -> Told:
    event = str(value["event"])
    subject = template_subject(value["message_template_name"], value["message_template_language"])
    gone = TEMPLATES_GONE.get(event)
    reason = value.get("reason")
    why = f" ({reason})" if gone and reason and reason != "NONE" else ""
    return subject, event, gone is not None, f"Templat {subject} {gone or f'berstatus {event}'}{why}."


def _template_quality(value: Json) -> Told:
    score = str(value["new_quality_score"])
    subject = template_subject(value["message_template_name"], value["message_template_language"])
    return subject, score, score in BAD_QUALITY, f"Kualitas templat {subject}: {score}."


def _number(value: Json) -> Told:
    event, limit = str(value["event"]), value.get("current_limit") or value.get("max_daily_conversations_per_business")
    words = f"Nomor WhatsApp: {event}" + (f", batas kirim sekarang {limit}." if limit else ".")
    return "", event, event in NUMBER_TROUBLE, words


def _account(value: Json) -> Told:
    event = str(value["event"])
    banned = str((value.get("ban_info") or {}).get("waba_ban_state") or "")
    trouble = ACCOUNT_TROUBLE.get(event)
    if event == "DISABLED_UPDATE" and "REINSTATE" in banned:
        trouble = None
    kinds = [str(one.get("restriction_type")) for one in value.get("restriction_info") or []]
    kinds += [str((value.get("violation_info") or {}).get("violation_type") or "")]
    more = ", ".join(part for part in (*kinds, banned) if part)
    words = f"Akun WhatsApp: {trouble or event}" + (f" ({more})." if more else ".")
    return "", event, trouble is not None, words


def _review(value: Json) -> Told:
    decision = str(value["decision"])
    return "review", decision, decision == "REJECTED", f"Peninjauan akun WhatsApp: {decision}."


def _alert(value: Json) -> Told:
    info = value.get("alert_info") or value
    severity, kind = str(info.get("alert_severity") or ""), str(info.get("alert_type") or "")
    trouble = severity in ALERTS and str(info.get("alert_status") or "ACTIVE") in ("ACTIVE", "NONE")
    return kind, severity, trouble, f"Peringatan Meta ({severity}): {info.get('alert_description') or kind}."


def _capability(value: Json) -> Told:
    limit = next((value[name] for name in LIMITS if name in value), None)
    return "limit", str(limit), False, f"Batas percakapan yang boleh kita mulai per hari: {limit}."


def _name(value: Json) -> Told:
    decision = str(value["decision"])
    return "name", decision, decision == "REJECTED", f"Nama tampilan WhatsApp: {decision}."


def _security(value: Json) -> Told:
    event = str(value["event"])
    return "security", event, True, f"Keamanan nomor WhatsApp: {event}. Pastikan ini dilakukan petugas yang berwenang."


def _errors(value: Json) -> Told:
    first = value["errors"][0]
    code = str(first.get("code"))
    details = (first.get("error_data") or {}).get("details") or first.get("message") or first.get("title")
    return f"error {code}", code, True, f"Meta melaporkan kesalahan {code}: {details}."


LIMITS = ("max_daily_conversations_per_business", "max_daily_conversation_per_phone")
READERS: dict[str, Callable[[Json], Told]] = {
    "message_template_status_update": _template,
    "message_template_quality_update": _template_quality,
    "phone_number_quality_update": _number,
    "phone_number_name_update": _name,
    "account_update": _account,
    "account_review_update": _review,
    "account_alerts": _alert,
    "business_capability_update": _capability,
    "security": _security,
    "errors": _errors,
}
