"""The command line: `helpdesk COMMAND`. Every command is a file in `helpdesk/commands`."""

import typer

from helpdesk.commands import bench, chat, clock, doctor, down, nlu, programme, say, status, trends, up

app = typer.Typer(
    help="A help desk for participants of Kartu Prakerja.", no_args_is_help=True, pretty_exceptions_enable=False
)
app.command(name="up")(up.up)
app.command(name="down")(down.down)
app.command(name="status")(status.status)
app.command(name="doctor")(doctor.doctor)
app.command(name="say")(say.say)
app.command(name="chat")(chat.chat)
app.command(name="clock")(clock.clock)
app.add_typer(nlu.app, name="nlu", help="Train, evaluate and try what the bot understands.")
app.add_typer(programme.app, name="programme", help="The programme's tables.")
app.add_typer(trends.app, name="trends", help="Figures about complaints.")
app.command(
    name="bench", context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)(bench.bench)


if __name__ == "__main__":
    app()
