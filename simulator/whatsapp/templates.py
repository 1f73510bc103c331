"""Message templates: which are approved, in which language, with how many places; and what Meta says of the others."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from simulator.whatsapp.errors import MetaRefusal, invalid, missing

LONGEST_PARAMETER = 32768
SENT_AGAIN = "APPROVED"
REFUSALS = {
    "PAUSED": (132015, "Template is paused due to low quality."),
    "DISABLED": (132016, "Template has been paused too many times and is now permanently disabled."),
}


class TemplateEvent(BaseModel):
    """What Meta decides about a template."""

    model_config = ConfigDict(extra="forbid")

    name: str
    language: str = "id"
    event: str = Field("PAUSED", description="APPROVED, PAUSED, DISABLED, REJECTED, FLAGGED …")
    reason: str | None = None


class Templates:
    """Knows every template by name and language."""

    def __init__(self, known: str) -> None:
        self._places: dict[tuple[str, str], int] = {}
        self._status: dict[tuple[str, str], str] = {}
        for line in filter(None, (part.strip() for part in known.split(","))):
            name, language, places = line.split(":")
            self._places[name, language] = int(places)

    def decide(self, event: TemplateEvent) -> dict[str, Any]:
        """Change a template's status; gives the webhook's value."""
        self._status[event.name, event.language] = event.event
        return {
            "event": event.event,
            "message_template_id": abs(hash((event.name, event.language))) % 10**12,
            "message_template_name": event.name,
            "message_template_language": event.language,
            "reason": event.reason or "NONE",
        }

    def check(self, part: dict[str, Any]) -> list[str]:
        """Check a template message and give the values of its places."""
        name, language = part.get("name"), part.get("language")
        if not isinstance(name, str) or not name:
            raise missing("template.name")
        if not isinstance(language, dict) or not language.get("code"):
            raise missing("template.language")
        if language.get("policy", "deterministic") != "deterministic":
            raise invalid("template.language.policy must be deterministic")
        key = (name, str(language["code"]))
        if key not in self._places or self._status.get(key) in ("REJECTED", "DELETED"):
            raise MetaRefusal(132001, f"template name ({name}) does not exist in {key[1]}", 404)
        if refusal := REFUSALS.get(self._status.get(key, "")):
            raise MetaRefusal(*refusal)
        return self._values(part, self._places[key])

    def _values(self, part: dict[str, Any], places: int) -> list[str]:
        components = part.get("components") or []
        if not isinstance(components, list) or not all(isinstance(one, dict) for one in components):
            raise invalid("template.components must be an array of objects")
        if odd := [one.get("type") for one in components if one.get("type") not in ("header", "body", "button")]:
            raise invalid(f"template.components type {odd[0]!r} is not known")
        given = [value for one in components if one["type"] == "body" for value in one.get("parameters") or []]
        if len(given) != places:
            raise MetaRefusal(132000, f"body: number of localizable_params ({len(given)}) does not match ({places})")
        return [_value(parameter) for parameter in given]


def _value(parameter: Any) -> str:
    text = parameter.get("text") if isinstance(parameter, dict) and parameter.get("type") == "text" else None
    if not isinstance(text, str) or not 1 <= len(text) <= LONGEST_PARAMETER:
        raise invalid("template parameter must be a text")
    if "\n" in text or "\t" in text or "    " in text:
        raise MetaRefusal(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    return text
