"""Which parts run more than once, and on which ports.

The first of each keeps its usual name and port; the others are called bot-2, rasa-2 … Several bots share the port that
providers know (the kernel shares the connections out) and have one of their own each, where each is asked how it is.
"""

from collections.abc import Iterator
from itertools import count

from helpdesk.settings import SystemSettings


def own_ports(settings: SystemSettings) -> dict[str, int]:
    """Return the port of its own of every bot, Rasa and action server."""
    following = count(settings.helpdesk_more_ports)
    first_bot = settings.bot_port if settings.helpdesk_bots == 1 else next(following)
    ports: dict[str, int] = {}
    for kind, first, many in (
        ("bot", first_bot, settings.helpdesk_bots),
        ("rasa", settings.rasa_port, settings.helpdesk_rasas),
        ("actions", settings.actions_port, settings.helpdesk_actions),
    ):
        ports |= {name: first if name == kind else next(following) for name in names(kind, many)}
    return ports


def more_ports(settings: SystemSettings) -> dict[str, int]:
    """Return the ports that are needed beside the usual five."""
    usual = set(settings.ports.values())
    return {name: port for name, port in own_ports(settings).items() if port not in usual}


def names(kind: str, many: int) -> Iterator[str]:
    """Yield the names of `many` parts of a kind."""
    yield kind
    yield from (f"{kind}-{number}" for number in range(2, many + 1))


def kind_of(part: str) -> str:
    """Return what a part is, whichever of several it is."""
    return part.partition("-")[0]


def roles_of(part: str, settings: SystemSettings) -> dict[str, str]:
    """Return what one of several bots is to do, where that is said."""
    said = [roles.strip() for roles in settings.helpdesk_bot_roles.split(";") if roles.strip()]
    number = int(part.partition("-")[2] or 1)
    return {"BOT_ROLES": said[(number - 1) % len(said)]} if said else {}


def actions_of(settings: SystemSettings, rasa: str) -> int:
    """Return the port of the action server a Rasa asks: they are dealt out in turn."""
    number = int(rasa.partition("-")[2] or 1)
    servers = [port for name, port in own_ports(settings).items() if kind_of(name) == "actions"]
    return servers[(number - 1) % len(servers)]
