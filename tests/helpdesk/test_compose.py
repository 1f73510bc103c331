"""docker-compose.yml and the Dockerfiles as files: what they name exists, and the walls stand."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import SENDS_END_SECONDS, TURNS_END_SECONDS
from bot.settings import ROLES
from helpdesk import model
from tests.helpdesk.settings_classes import names

ROOT = Path(__file__).resolve().parents[2]
UVICORN_SECONDS = 5
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILES = sorted((ROOT / "docker").glob("*.Dockerfile"))
SERVICE_KEYS = {
    "build", "image", "restart", "read_only", "tmpfs", "cap_drop", "security_opt", "volumes", "environment", "networks",
    "healthcheck", "command", "depends_on", "ports", "profiles", "user", "shm_size", "deploy", "stop_grace_period",
}  # fmt: skip
BOTS = ("receiver", "worker", "sender")
PUBLISHED = {"front": "8410", "desk": "8420", "simulator": "8430"}
NOT_OURS = {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"}
READ_BY_RASA = {"ACTIONS_URL", "RASA_TURN_TOKEN", "RASA_MODEL_KEY", "RASA_TELEMETRY_ENABLED"}


def test_the_services_of_the_architecture_are_there() -> None:
    assert {"postgres", "redis", "rasa", "actions", "front", *BOTS, "desk"} <= set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_known_keys_and_something_to_run(name: str) -> None:
    assert set(SERVICES[name]) <= SERVICE_KEYS
    assert "image" in SERVICES[name]
    assert set(SERVICES[name]["networks"]) <= set(COMPOSE["networks"])
    assert set(SERVICES[name].get("depends_on", {})) <= set(SERVICES)


@pytest.mark.parametrize("name", OURS)
def test_every_build_names_a_folder_and_a_dockerfile_that_exist(name: str) -> None:
    build = OURS[name]["build"]
    assert (ROOT / build["context"]).is_dir()
    assert (ROOT / build["dockerfile"]).is_file()


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_whatever_an_image_copies_exists(dockerfile: Path) -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile.read_text(), re.M)
    sources = [source for line in copied for source in line.split()]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_no_image_runs_as_root(dockerfile: Path) -> None:
    users = re.findall(r"^USER (\S+)$", dockerfile.read_text(), re.M)
    assert users
    assert users[-1] != "root"


def test_the_app_image_holds_every_room() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "scripts", "nlu", "benchmarks"}
    text = (ROOT / "docker" / "app.Dockerfile").read_text()
    assert {room for room in rooms if f"COPY {room} {room}\n" not in text} == set()


@pytest.mark.parametrize("name", [name for name, service in OURS.items() if "command" in service])
def test_every_command_is_a_module_that_exists(name: str) -> None:
    interpreter, flag, module = OURS[name]["command"][:3]
    assert (interpreter, flag) == ("python", "-m")
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert not spec.submodule_search_locations or importlib.util.find_spec(f"{module}.__main__")


@pytest.mark.parametrize("name", SERVICES)
def test_every_name_in_an_environment_is_a_setting(name: str) -> None:
    given = set(SERVICES[name].get("environment", {}))
    assert given - names() - NOT_OURS - (READ_BY_RASA if name == "rasa" else set()) == set()


def test_no_secret_stands_in_the_file() -> None:
    secrets = re.compile(r"TOKEN|SECRET|PASSWORD|_KEY|_CODE$")
    for service in SERVICES.values():
        written = {name: value for name, value in service.get("environment", {}).items() if secrets.search(name)}
        assert [name for name, value in written.items() if not str(value).startswith("${")] == []


def test_rasa_and_the_stores_have_no_way_out_and_no_published_port() -> None:
    inside = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
    for name in ("rasa", "postgres", "redis"):
        assert set(SERVICES[name]["networks"]) <= inside
        assert "ports" not in SERVICES[name]
    assert "ports" not in SERVICES["actions"]


def test_whatever_is_published_is_published_on_loopback() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", OURS)
def test_our_containers_write_nowhere_but_their_volumes_and_gain_no_rights(name: str) -> None:
    assert OURS[name]["read_only"] is True
    assert OURS[name]["cap_drop"] == ["ALL"]
    assert OURS[name]["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["postgres", "redis", "rasa", "actions", "front", *BOTS, "desk", "simulator"])
def test_every_service_that_stays_says_whether_it_is_well(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", ["actions", *BOTS, "desk"])
def test_nothing_runs_before_the_tables_are_there(name: str) -> None:
    assert SERVICES[name]["depends_on"]["tables"] == {"condition": "service_completed_successfully"}


def test_together_the_bots_do_everything_and_none_does_anothers_work() -> None:
    said = [role for name in BOTS for role in SERVICES[name]["environment"]["BOT_ROLES"].split(",")]
    assert sorted(said) == sorted(ROLES)


@pytest.mark.parametrize("name", [*BOTS, "rasa", "actions"])
def test_what_carries_messages_runs_more_than_once_and_may_run_more_often(name: str) -> None:
    assert SERVICES[name]["deploy"]["replicas"] >= 2
    # a published port or a name of its own would allow only one
    assert "ports" not in SERVICES[name]
    assert "container_name" not in SERVICES[name]


@pytest.mark.parametrize("name", BOTS)
def test_a_bot_is_given_the_time_to_finish_what_it_has_in_hand(name: str) -> None:
    seconds = int(SERVICES[name]["stop_grace_period"].removesuffix("s"))
    assert seconds > TURNS_END_SECONDS + SENDS_END_SECONDS + UVICORN_SECONDS


def test_only_front_desk_and_simulator_are_reached_from_outside() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {name: [f"127.0.0.1:{port}:{port}"] for name, port in PUBLISHED.items()}


def test_the_front_knows_the_receivers_alone_and_shows_no_figures() -> None:
    front = (ROOT / "docker" / "front.cfg").read_text()
    assert SERVICES["front"]["volumes"] == ["./docker/front.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro"]
    assert re.findall(r"server-template \S+ \d+ (\S+)", front) == ["receiver:8410"]
    assert "http-check expect status 200" in front
    assert "GET /ready" in front
    assert re.search(r"http-request deny .* path_beg /metrics", front)


def test_rasas_http_api_stays_closed_and_its_model_is_checked_before_it_is_loaded() -> None:
    dockerfile = (ROOT / "docker" / "rasa.Dockerfile").read_text()
    command = dockerfile[dockerfile.index("CMD") :]
    assert '"nlu/serve.py"' in command
    assert "--enable-api" not in dockerfile + "".join(model.serve(1, Path("m")))
    assert "python nlu/signature.py sign" in dockerfile
    # the key is there while the image is made and is no layer of it
    assert "--mount=type=secret,id=model_key" in dockerfile
    assert "ENV RASA_MODEL_KEY" not in dockerfile
    assert SERVICES["rasa"]["build"]["secrets"] == ["model_key"]
    assert COMPOSE["secrets"]["model_key"] == {"environment": "RASA_MODEL_KEY"}


def test_rasa_tells_nobody_anything_about_its_use() -> None:
    assert SERVICES["rasa"]["environment"]["RASA_TELEMETRY_ENABLED"] == "false"
    assert model.QUIET["RASA_TELEMETRY_ENABLED"] == "false"
    assert "RASA_TELEMETRY_ENABLED=false" in (ROOT / "docker" / "rasa.Dockerfile").read_text()
