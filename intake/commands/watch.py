"""`paperchain watch`: only takes files in."""

import typer

from intake.commands.outcome import say
from intake.commands.run import bar, ended_by_signal
from intake.logs import set_up
from intake.service import Service, until
from intake.settings import load
from intake.wiring import open_paperchain

app = typer.Typer(add_completion=False)


@app.command()
def watch() -> None:
    """Only take in files from the watched folder; reading them is left to `paperchain work`."""
    set_up()
    chain = open_paperchain(load())
    service = Service(chain, watch=True, work=False)
    try:
        say(f"Watching {', '.join(map(str, chain.settings.watched))}")
        with ended_by_signal("Stopping.") as ended, bar() as show:
            until(service, lambda _: False, show, ended)
    except KeyboardInterrupt:
        say("Stopping.")
    finally:
        service.close()
