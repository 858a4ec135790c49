"""`paperchain work`: only reads what was taken in."""

import typer

from intake.commands.outcome import say
from intake.commands.run import BROKEN_OFF, bar, ended_by_signal, tell_of_forms, tell_of_languages
from intake.logs import set_up
from intake.preflight import need_sandbox, need_tesseract
from intake.service import Service, until
from intake.settings import load
from intake.wiring import open_paperchain

app = typer.Typer(add_completion=False)


@app.command()
def work() -> None:
    """Only read what was taken in; taking it in is left to `paperchain watch`."""
    set_up()
    settings = load()
    chain = open_paperchain(settings)
    need_tesseract()
    tell_of_languages(settings)
    tell_of_forms(settings)
    need_sandbox(settings)
    service = Service(chain, watch=False, work=True)
    try:
        say("Reading what was taken in")
        with ended_by_signal(BROKEN_OFF) as ended, bar() as show:
            until(service, lambda _: False, show, ended)
    except KeyboardInterrupt:
        say(BROKEN_OFF)
    finally:
        service.close()
