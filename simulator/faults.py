"""The fault switches: what goes wrong next, where, how often.

A fault on the `api` side spoils a call the bot makes; on the `webhook` side it spoils a delivery to the bot.
"""

from collections import Counter
from random import Random
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

type Target = Literal["telegram", "whatsapp", "programme"]
type Side = Literal["api", "webhook"]
type Kind = Literal["refuse", "delay", "limit", "error", "accept_then_reset", "late", "duplicate", "reorder"]

API_KINDS = ("refuse", "delay", "limit", "error", "accept_then_reset", "late")
WEBHOOK_KINDS = ("delay", "duplicate", "reorder")


class Fault(BaseModel):
    """One switch, as the control API takes and shows it."""

    model_config = ConfigDict(extra="forbid")

    id: int = 0
    target: Target
    side: Side = "api"
    kind: Kind
    method: str = Field("*", description="method or call it is about, e.g. sendMessage; * for all")
    chat: str = Field("*", description="chat or recipient it is about; * for all")
    count: int | None = Field(None, ge=1, description="how many times; none = until cleared")
    probability: float = Field(1.0, gt=0, le=1)
    seconds: float = Field(1.0, ge=0, le=3600, description="length of a delay")
    retry_after: int = Field(5, ge=0, le=3600)
    status: int = Field(500, ge=400, le=599, description="HTTP status of an error")
    code: int | str | None = Field(None, description="the channel's own error code")
    description: str = Field("", description="the channel's own error text; a page of HTML for a broken proxy")
    copies: int = Field(2, ge=2, le=100, description="how often a duplicated webhook is sent, all at once")
    window: int = Field(3, ge=2, le=50, description="how many webhooks a reorder shuffles")


class FaultBoard:
    """Holds the switches that are on and counts what they spoiled."""

    def __init__(self, random: Random | None = None) -> None:
        self.on: list[Fault] = []
        self.spoiled: Counter[str] = Counter()
        self._random = random or Random()  # noqa: S311 - chance, not a secret
        self._next = 1

    def switch_on(self, fault: Fault) -> Fault:
        """Switch one on; refuse a kind that does not fit its side."""
        if fault.kind not in (API_KINDS if fault.side == "api" else WEBHOOK_KINDS):
            raise ValueError(f"{fault.kind} does not exist on the {fault.side} side")
        placed = fault.model_copy(update={"id": self._next})
        self._next += 1
        self.on.append(placed)
        return placed

    def clear(self, fault_id: int | None = None) -> int:
        """Switch off one, or all; say how many were on."""
        kept = [fault for fault in self.on if fault_id is not None and fault.id != fault_id]
        cleared = len(self.on) - len(kept)
        self.on = kept
        return cleared

    def strike(self, target: Target, side: Side, kind: Kind, method: str, chat: str) -> Fault | None:
        """Give the fault of a kind that strikes this call, and count it down."""
        for fault in self.on:
            if fault.kind == kind and self._strikes(fault, target, side, method, chat):
                self._count(fault)
                return fault
        return None

    def _count(self, fault: Fault) -> None:
        self.spoiled[f"{fault.target}.{fault.side}.{fault.kind}"] += 1
        if fault.count is not None:
            fault.count -= 1
            if not fault.count:
                self.on.remove(fault)

    def _strikes(self, fault: Fault, target: Target, side: Side, method: str, chat: str) -> bool:
        fits = fault.target == target and fault.side == side
        fits = fits and fault.method.lower() in ("*", method.lower()) and fault.chat in ("*", chat)
        return fits and (fault.probability >= 1 or self._random.random() < fault.probability)
