"""Every settings class of the project, and the environment name of every field."""

import importlib
from collections.abc import Iterator
from pathlib import Path

from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

ROOT = Path(__file__).resolve().parents[2]


def classes() -> list[type[BaseSettings]]:
    """Return the settings classes of all rooms."""
    modules = [importlib.import_module(f"{path.parent.name}.settings") for path in sorted(ROOT.glob("*/settings.py"))]
    found = {
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, BaseSettings) and thing.__module__ == module.__name__
    }
    return sorted(found, key=lambda thing: (thing.__module__, thing.__name__))


def names() -> set[str]:
    """Return the environment names of all fields."""
    return {name for settings in classes() for name in _names(settings)}


def _names(settings: type[BaseSettings]) -> Iterator[str]:
    prefix = settings.model_config.get("env_prefix", "")
    for name, field in settings.model_fields.items():
        yield from _aliases(field) or [f"{prefix}{name}".upper()]


def _aliases(field: FieldInfo) -> list[str]:
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return [str(alias.choices[0]).upper()]
    return [alias.upper()] if isinstance(alias, str) else []
