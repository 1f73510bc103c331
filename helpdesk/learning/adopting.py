"""A candidate becomes the model in use, signed like any other; and the way back to the one before it."""

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

from helpdesk import swap
from helpdesk.model import signature
from helpdesk.settings import ROOT, SystemSettings

MODELS = ROOT / "models"


class NotAdopted(Exception):
    """The model in use stays; the message says why."""


def take(settings: SystemSettings, candidate: Path, note: dict[str, Any], models: Path = MODELS) -> str | None:
    """Put a candidate among the models, signed, and take it into use; returns who answers now, None when nothing runs.

    Raises NotAdopted, and then it stands among the models no more.
    """
    if not candidate.is_file():
        raise NotAdopted(f"{candidate} is not there any more: helpdesk learning try makes it anew.")
    place = models / candidate.name
    was_there = place.exists()
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    shutil.copyfile(candidate, beside)
    beside.replace(place)
    trained = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    place.with_name(place.name + ".json").write_text(
        json.dumps({"trained": trained, **note}, ensure_ascii=False, indent=1)
    )
    signed = signature("sign", [place])
    try:
        if signed.returncode:
            raise NotAdopted(signed.stderr.strip())
        return swap.into_use(settings, place)
    except (swap.NotSwapped, NotAdopted) as problem:
        if not was_there:
            forget(place)
        raise NotAdopted(str(problem)) from problem


def give_back(settings: SystemSettings, former: str, candidate: str, models: Path = MODELS) -> str | None:
    """Take the former model into use again and the candidate from among the models; raises NotAdopted."""
    place = models / former
    if not place.is_file():
        raise NotAdopted(f"{former} is not kept any more. To train without the examples: helpdesk nlu train")
    # the newest model is the one that is started with
    os.utime(place)
    try:
        in_use = swap.into_use(settings, place)
    except swap.NotSwapped as problem:
        raise NotAdopted(str(problem)) from problem
    if candidate != former:
        forget(models / candidate)
    return in_use


def forget(model: Path) -> None:
    """Remove a model with what stands beside it."""
    model.unlink(missing_ok=True)
    for ending in (".json", ".sig"):
        model.with_name(model.name + ending).unlink(missing_ok=True)
