"""The command line: parses, asks, shows, and turns endings into exit codes.

Heavy modules are imported by the command that needs them, so that `--help` stays quick.
"""

import math
import sys
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated

import typer

from massager.cli import answer_commands, caregiver_commands, log_commands, person_commands
from massager.cli.exits import Exit, exit_for_error
from massager.cli.options import Data, Json, Profiles
from massager.model.devices import SYSTEM_RADIO
from massager.model.errors import MassagerError

app = typer.Typer(
    help="Holds a Bluetooth massager inside limits made for people with spinal stenosis.",
    epilog="Examples: massager demo | massager run gentle-lumbar --person demo "
    "--radio tcp:127.0.0.1:9101 --yes | massager stop",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# Chosen, because nobody waits longer in front of a list; whoever must, asks again.
SCAN_LONGEST_S = 60

programs_app = typer.Typer(help="Preset programs.", invoke_without_command=True)
profile_app = typer.Typer(
    help="Safety profiles, programs and device profiles as files.", no_args_is_help=True
)
app.add_typer(programs_app, name="programs")
app.add_typer(profile_app, name="profile")
app.add_typer(person_commands.app, name="person")
app.add_typer(caregiver_commands.caregiver_app, name="caregiver")
app.add_typer(caregiver_commands.clearance_app, name="clearance")
app.add_typer(caregiver_commands.lockout_app, name="lockout")
app.add_typer(log_commands.app, name="log")
app.command()(answer_commands.answer)


def _positive(value: float | None) -> float | None:
    if value is not None and not (math.isfinite(value) and value > 0):
        raise typer.BadParameter(f"must be a number above 0 (got {value}).")
    return value


def _scan_seconds(value: float) -> float:
    if not 0 < value <= SCAN_LONGEST_S:
        raise typer.BadParameter(f"must be above 0 and at most {SCAN_LONGEST_S} (got {value}).")
    return value


Radio = Annotated[
    str, typer.Option("--radio", help="system, tcp:HOST:PORT or unix:PATH.", envvar="MASSAGER_RADIO")
]
Max = Annotated[
    int | None,
    typer.Option("--max", min=0, max=100, help="Own lower limit, percent of the device's range."),
]
Answers = Annotated[
    Path | None,
    typer.Option("--answers", help="File with answers, before and during; see examples/answers."),
]


@app.command()
def demo(
    *,
    model: Annotated[str, typer.Option("--model", help="chair, cushion or handheld.")] = "chair",
    headless: Annotated[
        bool, typer.Option("--headless", help="No page: a session starts by itself, and lines tell of it.")
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", callback=_positive, help="End this long after first contact."),
    ] = None,
    trace: Annotated[
        Path | None, typer.Option("--trace", help="File for what the simulated device really did.")
    ] = None,
    data: Data = None,
    max_percent: Max = None,
    answers: Answers = None,
) -> None:
    """Try it with a simulated massager: simulator, radio process, controller and page on this machine."""
    from massager.cli.loading import for_good

    with for_good():
        from massager.cli.demo import run_demo
    _leave(
        run_demo(
            model=model,
            headless=headless,
            seconds=seconds,
            trace=trace,
            data=data,
            caller_percent=max_percent,
            answers=answers,
        )
    )


@app.command()
def run(
    program: Annotated[str, typer.Argument(help="Name of a program; see `massager programs`.")],
    *,
    person: Annotated[str, typer.Option("--person", help="Whose limits hold.")],
    device: Annotated[
        str | None,
        typer.Option("--device", help="Name of a paired device or of a profile; the only one if left out."),
    ] = None,
    radio: Radio = SYSTEM_RADIO,
    data: Data = None,
    profiles: Profiles = None,
    minutes: Annotated[
        float | None, typer.Option("--minutes", callback=_positive, help="Shorter than the program.")
    ] = None,
    max_percent: Max = None,
    answers: Answers = None,
    yes: Annotated[bool, typer.Option("--yes", help="Confirm the start; answers no question.")] = False,
    as_json: Json = False,
) -> None:
    """Run a program on a device. Ctrl-C stops it and returns once the device rests."""
    from massager.cli.run import run_program

    _leave(
        run_program(
            program=program,
            person=person,
            device=device,
            radio=radio,
            data=data,
            profiles=profiles,
            answers=answers,
            seconds=None if minutes is None else 60 * minutes,
            caller_percent=max_percent,
            confirmed=yes,
            as_json=as_json,
        )
    )


@app.command()
def explain(
    program: Annotated[str, typer.Argument(help="Name of a program; see `massager programs`.")],
    *,
    person: Annotated[str, typer.Option("--person", help="Whose limits hold.")],
    device: Annotated[
        str | None,
        typer.Option("--device", help="Name of a paired device or of a profile; the only one if left out."),
    ] = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="File for the picture.", show_default=False)
    ] = None,
    data: Data = None,
    profiles: Profiles = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", callback=_positive, help="Shorter than the program.")
    ] = None,
    max_percent: Max = None,
    answers: Answers = None,
    as_json: Json = False,
) -> None:
    """Show what a session would do now, where and how strongly, and why not more. Nothing moves."""
    from massager.cli.explain import explain_program

    _leave(
        explain_program(
            program=program,
            person=person,
            device=device,
            data=data,
            profiles=profiles,
            answers=answers,
            seconds=seconds,
            caller_percent=max_percent,
            drawing=svg,
            as_json=as_json,
        )
    )


@app.command()
def stop(
    *,
    direct: Annotated[
        bool, typer.Option("--direct", help="Without a running core: over the radio, from the stop file.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Stop every massager now. Never asks; answers once the devices rest."""
    from massager.cli.stop import stop_all

    _leave(stop_all(direct=direct, as_json=as_json))


@app.command()
def status(
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Again each second, until Ctrl-C.")] = False,
    as_json: Json = False,
) -> None:
    """What runs, where, how strongly, and what limits it."""
    from massager.cli.status import show_status

    _leave(show_status(watch=watch, as_json=as_json))


@app.command()
def serve(
    *,
    radio: Radio = SYSTEM_RADIO,
    data: Data = None,
    profiles: Profiles = None,
    web: Annotated[
        str | None,
        typer.Option("--web", help="HOST:PORT of the page; no page if left out.", show_default=False),
    ] = None,
    lan: Annotated[
        bool, typer.Option("--lan", help="Let others in the network reach the page; a start takes a PIN.")
    ] = False,
    pin_file: Annotated[
        Path | None,
        typer.Option(
            "--pin-file",
            help="File with the PIN, six digits or more, readable by you alone.",
            show_default=False,
        ),
    ] = None,
    mqtt: Annotated[
        str | None,
        typer.Option(
            "--mqtt", help="Broker: mqtt://HOST or mqtts://HOST; none if left out.", show_default=False
        ),
    ] = None,
    mqtt_login_file: Annotated[
        Path | None,
        typer.Option(
            "--mqtt-login-file",
            help="File with the broker's user and password, two lines, readable by you alone.",
            show_default=False,
        ),
    ] = None,
    mqtt_ca: Annotated[
        Path | None,
        typer.Option(
            "--mqtt-ca",
            help="Certificate of the authority that the broker's is of; the system's if left out.",
            show_default=False,
        ),
    ] = None,
    mqtt_gateway: Annotated[
        str | None,
        typer.Option(
            "--mqtt-gateway",
            help="What this core is called at the broker, where there are several.",
            show_default=False,
        ),
    ] = None,
    mqtt_live: Annotated[
        bool, typer.Option("--mqtt-live", help="Tell the broker four times a second how strong it is.")
    ] = False,
) -> None:
    """Start sessions for others, several devices at once, until Ctrl-C or the system ends it."""
    from massager.cli.loading import for_good

    with for_good():
        from massager.cli.mqtt import broker_at
        from massager.cli.page import page_at
        from massager.cli.serve import serve as serve_radio
    page = page_at(web, lan=lan, pin_file=pin_file)
    broker = broker_at(mqtt, login_file=mqtt_login_file, ca=mqtt_ca, gateway=mqtt_gateway, live=mqtt_live)
    _leave(serve_radio(radio=radio, data=data, profiles=profiles, page=page, mqtt=broker))


@app.command()
def scan(
    *,
    radio: Radio = SYSTEM_RADIO,
    timeout: Annotated[
        float, typer.Option("--timeout", callback=_scan_seconds, help="Listen for so many seconds.")
    ] = 5.0,
    profiles: Profiles = None,
    as_json: Json = False,
) -> None:
    """List the massagers within reach; connects to none."""
    from massager.cli.devices import scan_radio

    _leave(scan_radio(radio=radio, seconds=timeout, profiles=profiles, as_json=as_json))


@app.command()
def pair(
    address: Annotated[str, typer.Argument(help="As `massager scan` shows it.")],
    *,
    name: Annotated[
        str | None, typer.Option("--name", help="What to call it; its profile's name if left out.")
    ] = None,
    device_profile: Annotated[
        str | None, typer.Option("--device-profile", help="If its advertised name does not tell.")
    ] = None,
    radio: Radio = SYSTEM_RADIO,
    data: Data = None,
    profiles: Profiles = None,
) -> None:
    """Connect to a massager once, stop it, and remember it."""
    from massager.cli.devices import pair_device

    _leave(pair_device(address, name=name, profile=device_profile, radio=radio, data=data, profiles=profiles))


@app.command()
def devices(*, data: Data = None, as_json: Json = False) -> None:
    """List the paired massagers and what runs on them."""
    from massager.cli.devices import list_paired

    _leave(list_paired(data=data, as_json=as_json))


@app.command()
def forget(
    name: Annotated[str, typer.Argument(help="As `massager devices` shows it.")], *, data: Data = None
) -> None:
    """Remember a paired massager no longer."""
    from massager.cli.devices import forget_device

    _leave(forget_device(name, data=data))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(installed_version("massager"))


@programs_app.callback()
def programs(context: typer.Context, *, profiles: Profiles = None, as_json: Json = False) -> None:
    """List the programs; `show NAME` prints one."""
    if context.invoked_subcommand is None:
        from massager.cli.profiles import list_all_programs

        _leave(list_all_programs(profiles, as_json=as_json))


@programs_app.command("show")
def programs_show(
    name: Annotated[str, typer.Argument()], *, profiles: Profiles = None, as_json: Json = False
) -> None:
    """Print one program: purpose, steps, minutes."""
    from massager.cli.profiles import show_program

    _leave(show_program(name, profiles, as_json=as_json))


@profile_app.command("validate")
def profile_validate(
    files: Annotated[list[Path], typer.Argument(help="YAML files of any kind.")], *, as_json: Json = False
) -> None:
    """Check files; every problem is told as file:line:column."""
    from massager.cli.profiles import validate_files

    _leave(validate_files(files, as_json=as_json))


@profile_app.command("schema")
def profile_schema(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="safety, program, device, answers or person.")],
) -> None:
    """Print the JSON Schema of a kind of file, for an editor to help with writing one."""
    from massager.cli.profiles import show_schema

    _leave(show_schema(kind))


def _leave(code: Exit) -> None:
    raise typer.Exit(int(code))


def main() -> None:
    """The program `massager`."""
    try:
        app()
    except MassagerError as error:
        sys.exit(exit_for_error(error))
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        _silence_stdout()
        sys.exit(Exit.INTERRUPTED)


def _silence_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's last flush finds no closed pipe."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
