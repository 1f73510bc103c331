"""The house put together: every part, what it needs first, and how it is known to be ready."""

import fcntl
import logging
import signal
import sys
from collections.abc import Mapping

from helpdesk import environment, keys, model, rehearsal_clock
from helpdesk.copies import kind_of, names, own_ports
from helpdesk.part import Kind, Part
from helpdesk.places import Places
from helpdesk.settings import ROOT, SystemSettings
from helpdesk.supervisor import Supervisor
from records.embedded import EmbeddedPostgres

SLOW_START = 180.0
HEALTH = {"simulator": "/control/health", "desk": "/sehat"}
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"

log = logging.getLogger("supervisor")


class NoModel(Exception):
    """There is no trained model to serve."""

    def __init__(self) -> None:
        super().__init__("There is no trained model yet. Way out: make train (or make up, which trains when needed).")


def parts(settings: SystemSettings, places: Places, made: Mapping[str, str]) -> list[Part]:
    """Return all parts of the system, in the order they are shown."""
    told = environment.whole(settings, places, made)
    embedded = settings.database_url is None
    ground = "rehearsal" if embedded or settings.rehearsed else "tables"
    return [
        *([_postgres(places, told)] if embedded else []),
        _chore(ground, places, told, after=("postgres",) if embedded else ()),
        _room("simulator", places, told, settings, after=(ground,)),
        *(_rasa(name, places, told, settings) for name in names("rasa", settings.helpdesk_rasas)),
        *(_room(name, places, told, settings, after=(ground,)) for name in names("actions", settings.helpdesk_actions)),
        *(
            _room(name, places, told, settings, after=(ground, "simulator"))
            for name in names("bot", settings.helpdesk_bots)
        ),
        _room("desk", places, told, settings, after=(ground,)),
    ]


def _postgres(places: Places, told: Mapping[str, str]) -> Part:
    server = EmbeddedPostgres(places.postgres)
    return Part(
        name="postgres",
        command=server.command(),
        env=environment.of("postgres", told, places),
        cwd=places.postgres,
        log=places.log("postgres"),
        health=server.url("postgres"),
        user=server.user,
        stop_with=signal.SIGINT,
        last=True,
    )


def _chore(name: str, places: Places, told: Mapping[str, str], after: tuple[str, ...]) -> Part:
    return Part(
        name=name,
        command=[sys.executable, "-m", f"helpdesk.{name}"],
        env=environment.of(name, told, places),
        cwd=ROOT,
        log=places.log(name),
        kind=Kind.CHORE,
        after=after,
        patience=600,
    )


def _room(name: str, places: Places, told: Mapping[str, str], settings: SystemSettings, after: tuple[str, ...]) -> Part:
    port = (settings.ports | own_ports(settings))[name]
    return Part(
        name=name,
        command=[sys.executable, "-m", kind_of(name)],
        env=environment.of(name, told, places) | environment.copied(name, settings),
        cwd=ROOT,
        log=places.log(name),
        after=after,
        health=f"http://127.0.0.1:{port}{HEALTH.get(name, '/health')}",
    )


def _rasa(name: str, places: Places, told: Mapping[str, str], settings: SystemSettings) -> Part:
    try:
        trained = model.trusted()
    except FileNotFoundError as none:
        raise NoModel from none
    if trained != model.newest():
        log.error("the newest model is not trusted and is left alone: helpdesk doctor says why")
    port = own_ports(settings)[name]
    lock = {"TICKET_LOCK_LIFETIME": model.lock_life(told)}
    return Part(
        name=name,
        command=model.serve(port, trained),
        env={**environment.of(name, told, places), **environment.copied(name, settings), **model.QUIET, **lock},
        cwd=ROOT,
        log=places.log(name),
        health=f"http://127.0.0.1:{port}/webhooks/turn/health",
        patience=SLOW_START,
    )


def main() -> int:
    """Keep the house of this state folder running, in the foreground: `python -m helpdesk.house`."""
    settings = SystemSettings.read()
    places = Places(settings.var)
    places.make()
    logging.basicConfig(stream=sys.stdout, level=logging.WARNING, format=LOG_FORMAT)
    log.setLevel(logging.INFO)
    with places.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            log.info("another supervisor keeps %s already", places.var)
            return 0
        if settings.database_url is None:
            EmbeddedPostgres(places.postgres).prepare()
        made = keys.keep(places.secrets)
        every = parts(settings, places, made)
        return Supervisor(
            every,
            places.state,
            beat=lambda: rehearsal_clock.beat(places.clock),
            longest_pause=settings.helpdesk_longest_pause.total_seconds(),
            again=lambda: parts(settings, places, made),
        ).run()


if __name__ == "__main__":
    sys.exit(main())
