"""`helpdesk learning export | try | adopt | status`: from what reviewers accepted to the model in use."""

import asyncio
import json
import subprocess
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from sqlalchemy.exc import OperationalError

from desk.learning import exporting, listing
from desk.learning.fates import figures_said
from desk.learning.known_lines import bare, lines_apart
from helpdesk import model
from helpdesk.learning import adopting, trials, verdict, workplace
from helpdesk.learning.opened import opened
from helpdesk.settings import ROOT, SystemSettings
from records.models import LearningDraft

app = typer.Typer(no_args_is_help=True, help="From what reviewers accepted to the model in use.")
GONE = "No model is in use yet: make up"


@app.command()
def export(
    folder: Annotated[Path | None, typer.Argument(help="Where to; var/learning/export unless named.")] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="The training folder (nlu/training): the next training learns from it."),
    ] = None,
) -> None:
    """Write accepted examples as training text, those kept apart as judging lines, and articles to be filled in."""
    settings = SystemSettings.read()
    out = folder or settings.var / "learning" / "export"
    examples, kept_back, asked = _run(_read(settings))
    training = into or out / "training"
    judging = (training.parent / "heldout" if into else out) / exporting.JUDGING
    files = workplace.write_training(training, examples)
    judging.parent.mkdir(parents=True, exist_ok=True)
    judging.write_text(exporting.judging_lines(examples), encoding="utf-8")
    (out / "articles").mkdir(parents=True, exist_ok=True)
    articles = [out / "articles" / f"{exporting.article_name(one)}.md" for one in asked]
    for one, path in zip(asked, articles, strict=True):
        path.write_text(exporting.article(one), encoding="utf-8")
    for path in [*files, judging, *articles]:
        typer.echo(str(path))
    _kept_back(kept_back)
    typer.echo(
        f"{len(examples)} examples, {sum(one.held_out for one in examples)} of them kept apart; {len(asked)} articles."
    )


@app.command(name="try")
def try_() -> None:
    """Train a candidate with the accepted examples, apart from the model in use, and compare the two."""
    settings = SystemSettings.read()
    try:
        former = model.trusted()
    except (FileNotFoundError, model.NotTrusted) as missing:
        typer.echo(f"{GONE}\n{missing}", err=True)
        raise typer.Exit(1) from missing
    examples, kept_back, _ = _run(_read(settings))
    _kept_back(kept_back)
    judging = {bare(line.text) for line in lines_apart()}
    examples = [one for one in examples if bare(one.text) not in judging]
    if not any(not one.held_out for one in examples):
        typer.echo("Nothing was accepted yet that could be taught: the page Belajar.", err=True)
        raise typer.Exit(1)
    number = _run(_begin(settings, examples, former.name))
    folder = settings.var / "learning" / f"trial-{number}"
    typer.echo(f"Trial {number}: {sum(not one.held_out for one in examples)} examples taught, "
               f"{sum(one.held_out for one in examples)} kept apart, beside {former.name}")  # fmt: skip
    try:
        listed = workplace.prepare(folder, examples)
        candidate = workplace.train(folder, typer.echo)
        typer.echo("comparing")
        compared = _compared(candidate, former, listed)
    except (workplace.NotTrained, subprocess.CalledProcessError, OSError, ValueError, KeyboardInterrupt) as problem:
        _run(_fail(settings, number, str(problem)))
        typer.echo(f"Trial {number} came to nothing; the model in use stays.\n{problem}", err=True)
        raise typer.Exit(1) from problem
    _end(settings, number, candidate, verdict.of(compared), compared["read"])


@app.command()
def adopt(
    number: Annotated[int | None, typer.Argument(help="Which trial; the latest that passed unless named.")] = None,
    back: Annotated[bool, typer.Option("--back", help="Return to the model before the one adopted last.")] = False,
) -> None:
    """Take a candidate that passed into use, also in a running system; or go back."""
    settings = SystemSettings.read()
    try:
        in_use = _run(_back(settings, number) if back else _adopt(settings, number))
    except (adopting.NotAdopted, trials.NoSuchTrial) as kept:
        typer.echo(f"The model in use stays. {kept}", err=True)
        raise typer.Exit(1) from kept
    typer.echo(f"The running system answers with {in_use}." if in_use else "Nothing runs now; the next start takes it.")


@app.command()
def status() -> None:
    """Show how many examples stand where, and the trials."""
    console = Console()
    counts, tried = _run(_standing(SystemSettings.read()))
    console.print("  ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "No examples yet.")
    for trial, taught, apart in tried:
        told = f"{trial.verdict}, {figures_said(trial.figures)}" if trial.verdict else trial.why or ""
        console.print(f"{trial.number:>3}  {trial.state:8} {taught} taught, {apart} apart  {trial.model or ''}  {told}")


def _end(settings: SystemSettings, number: int, candidate: Path, judged: verdict.Verdict, read: dict[str, Any]) -> None:
    learning = settings.var / "learning"
    kept = workplace.keep(candidate, learning / f"trial-{number}", learning / "models")
    _run(_judge(settings, number, kept.name, judged, read))
    figures = judged.figures
    typer.echo(f"On {figures['rows']} judging messages: {figures_said(figures)}, a message costs "
               f"{figures['difference']:+.3f} questions (± {figures['error']:.3f}).")  # fmt: skip
    apart = figures["apart"]
    typer.echo(f"Of {apart['rows']} examples kept apart {apart['before']} were read rightly, now {apart['after']}.")
    for row in figures["intents"]:
        counted = f"{row['before']:>3} -> {row['after']:<3} of {row['rows']:<3}"
        typer.echo(f"  {row['verdict']:6} {row['intent']:28} {counted} ({row['taught']} taught)")
    if judged.refused:
        typer.echo(f"Refused: worse. {judged.why}\nThe model in use stays.", err=True)
        raise typer.Exit(3)
    typer.echo(f"{judged.word.capitalize()}. To take it into use: helpdesk learning adopt")


async def _read(
    settings: SystemSettings,
) -> tuple[list[exporting.Accepted], list[Any], list[exporting.Asked]]:
    async with opened(settings) as (database, clock), database.write() as session:
        examples, kept_back = await exporting.accepted(session)
        asked = await exporting.asked_for(session)
        for one in asked:
            (await session.get_one(LearningDraft, one.id)).exported_at = clock()
        return examples, kept_back, asked


async def _begin(settings: SystemSettings, examples: list[exporting.Accepted], former: str) -> int:
    async with opened(settings) as (database, clock), database.write() as session:
        return await trials.begin(session, examples, former, clock())


async def _fail(settings: SystemSettings, number: int, why: str) -> None:
    async with opened(settings) as (database, clock), database.write() as session:
        await trials.fail(session, number, why[-500:], clock())


async def _judge(
    settings: SystemSettings, number: int, name: str, judged: verdict.Verdict, read: dict[str, Any]
) -> None:
    async with opened(settings) as (database, clock), database.write() as session:
        await trials.judge(session, number, name, judged, read, clock())


async def _adopt(settings: SystemSettings, number: int | None) -> str | None:
    async with opened(settings) as (database, clock):
        async with database.read() as session:
            trial = await trials.latest(session, "passed", number)
        candidate = settings.var / "learning" / "models" / (trial.model or "")
        note = {"despite": "", "trial": trial.number, "worse": False, "old_model": trial.former}
        in_use = adopting.take(settings, candidate, note)
        async with database.write() as session:
            await trials.adopted(session, trial.number, clock())
        return in_use


async def _back(settings: SystemSettings, number: int | None) -> str | None:
    async with opened(settings) as (database, clock):
        async with database.read() as session:
            trial = await trials.latest(session, "adopted", number)
        in_use = adopting.give_back(settings, trial.former or "", trial.model or "")
        async with database.write() as session:
            await trials.gone_back(session, trial.number, clock())
        return in_use


async def _standing(settings: SystemSettings) -> tuple[dict[str, int], list[Any]]:
    async with opened(settings) as (database, _), database.read() as session:
        return await listing.counts(session), await listing.trials(session)


def _compared(candidate: Path, former: Path, listed: Path) -> dict[str, Any]:
    command = [str(model.RASA_PYTHON), str(ROOT / "nlu" / "trial.py"), str(candidate), str(former), str(listed)]
    done = subprocess.run(command, cwd=ROOT, env=workplace.quiet(), check=True, capture_output=True, text=True)
    return cast(dict[str, Any], json.loads(done.stdout))


def _kept_back(ids: list[Any]) -> None:
    if ids:
        typer.echo(
            f"{len(ids)} accepted examples may hold somebody's data and stay here: {', '.join(map(trials.said, ids))}"
        )


def _run[T](step: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(step)
    except OperationalError as away:
        typer.echo("The database does not answer: make up", err=True)
        raise typer.Exit(1) from away
