"""`massager person`: the options of its commands."""

from pathlib import Path
from typing import Annotated

import typer

from massager.cli import keep_out_commands, screen_commands
from massager.cli.options import (
    Caregiver,
    Data,
    Json,
    PassphraseFile,
    PersonName,
    Profiles,
    Why,
    Yes,
)

app = typer.Typer(
    help="People: whose limits hold. Anyone may tighten them; what loosens needs a caregiver.",
    no_args_is_help=True,
)
app.add_typer(keep_out_commands.app, name="keep-out")
app.command("screen")(screen_commands.screen)

Born = Annotated[int | None, typer.Option("--born", min=1900, max=2100, help="Year of birth.")]
Stature = Annotated[
    int | None,
    typer.Option("--stature", metavar="CM", min=120, max=220, help="Body height; checks what is measured."),
]
Regions = Annotated[
    list[str] | None, typer.Option("--region", help="Severity of a region: lumbar=mild; may be given again.")
]
Modifiers = Annotated[
    list[str] | None,
    typer.Option("--modifier", help="A condition, such as hypertension; may be given again."),
]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What to call the person.")],
    *,
    born: Born = None,
    stature: Stature = None,
    region: Regions = None,
    attested: Annotated[
        bool, typer.Option("--attested", help="A healthcare provider was consulted.")
    ] = False,
    modifier: Modifiers = None,
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
) -> None:
    """Put a person on record; needs a caregiver."""
    from massager.cli.people import Settings, add_person
    from massager.cli.signing import Identity

    settings = Settings(
        regions=region or [],
        attested=attested,
        born=born,
        stature_cm=stature,
        modifiers=tuple(modifier or ()),
    )
    raise typer.Exit(add_person(name, settings, Identity(caregiver, passphrase_file), data))


@app.command("list")
def list_(*, data: Data = None, as_json: Json = False) -> None:
    """List everybody on record."""
    from massager.cli.people import list_people

    raise typer.Exit(list_people(data, as_json=as_json))


@app.command("show")
def show(name: PersonName, *, data: Data = None, profiles: Profiles = None, as_json: Json = False) -> None:
    """Print what is on record of a person, what bars a start, and what is left of the week."""
    from massager.cli.outlook import show_person

    raise typer.Exit(show_person(name, data, profiles, as_json=as_json))


@app.command("set")
def set_(
    name: PersonName,
    *,
    why: Why,
    region: Annotated[
        list[str] | None,
        typer.Option("--region", help="lumbar=moderate, or lumbar=none; may be given again."),
    ] = None,
    attested: Annotated[
        bool | None, typer.Option("--attested/--not-attested", help="A healthcare provider was consulted.")
    ] = None,
    born: Born = None,
    born_unknown: Annotated[
        bool, typer.Option("--born-unknown", help="Counts as the oldest age group.")
    ] = False,
    stature: Stature = None,
    stature_unknown: Annotated[
        bool, typer.Option("--stature-unknown", help="Takes it off the record.")
    ] = False,
    modifier: Modifiers = None,
    no_modifier: Annotated[
        list[str] | None, typer.Option("--no-modifier", help="Take one off the record.")
    ] = None,
    max_percent: Annotated[
        list[str] | None,
        typer.Option("--max", help="Highest strength of a zone, percent: L1-L3=20, or L1-L3=none."),
    ] = None,
    minutes: Annotated[int | None, typer.Option("--minutes", min=1, max=60, help="Longest session.")] = None,
    any_minutes: Annotated[bool, typer.Option("--any-minutes", help="As long as the limits allow.")] = False,
    program: Annotated[
        list[str] | None, typer.Option("--program", help="The only programs allowed; may be given again.")
    ] = None,
    all_programs: Annotated[bool, typer.Option("--all-programs", help="All that the limits allow.")] = False,
    hours: Annotated[
        str | None, typer.Option("--hours", help="When a session may begin, local time: 09:00-20:30.")
    ] = None,
    any_time: Annotated[bool, typer.Option("--any-time", help="At any hour.")] = False,
    remote: Annotated[
        bool | None,
        typer.Option("--remote/--no-remote", help="Whether MQTT may ask for a start, and for a step more."),
    ] = None,
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
    profiles: Profiles = None,
    yes: Yes = False,
) -> None:
    """Change a person's record: shows what changes, and asks for a passphrase only if that may loosen."""
    from massager.cli.people import Settings, set_person
    from massager.cli.signing import Identity

    for one, other, names in (
        (born, born_unknown, "--born and --born-unknown"),
        (stature, stature_unknown, "--stature and --stature-unknown"),
        (minutes, any_minutes, "--minutes and --any-minutes"),
        (program, all_programs, "--program and --all-programs"),
        (hours, any_time, "--hours and --any-time"),
    ):
        if one and other:
            raise typer.BadParameter(f"{names} exclude each other")
    settings = Settings(
        regions=region or [],
        attested=attested,
        born=born,
        born_unknown=born_unknown,
        stature_cm=stature,
        stature_unknown=stature_unknown,
        modifiers=tuple(modifier or ()),
        no_modifiers=tuple(no_modifier or ()),
        limits=tuple(max_percent or ()),
        minutes=minutes,
        any_minutes=any_minutes,
        programs=tuple(program or ()),
        all_programs=all_programs,
        hours=hours,
        any_time=any_time,
        remote=remote,
        profiles=profiles,
    )
    identity = Identity(caregiver, passphrase_file)
    raise typer.Exit(set_person(name, settings, why=why, identity=identity, data=data, yes=yes))


@app.command("calibrate")
def calibrate(
    name: PersonName,
    *,
    device_profile: Annotated[str, typer.Option("--device-profile", help="On which device: chair.")],
    c7_mm: Annotated[int, typer.Option("--c7-mm", help="Where C7 lies on the travel.")],
    psis_mm: Annotated[int, typer.Option("--psis-mm", help="Where the line of the PSIS lies.")],
    error_mm: Annotated[
        int, typer.Option("--error-mm", help="How surely: 20 felt by hand, 10 at the least.")
    ] = 20,
    why: Why = "measured",
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
    profiles: Profiles = None,
    yes: Yes = False,
) -> None:
    """Record where two places of a person's back lie on a device; needs a caregiver."""
    from massager.cli.people import calibrate as record
    from massager.cli.signing import Identity

    raise typer.Exit(
        record(
            name,
            device_profile,
            (c7_mm, psis_mm, error_mm),
            profiles=profiles,
            why=why,
            identity=Identity(caregiver, passphrase_file),
            data=data,
            yes=yes,
        )
    )


@app.command("export")
def export(
    name: PersonName,
    *,
    output: Annotated[Path | None, typer.Option("--output", help="A new file; else standard output.")] = None,
    data: Data = None,
) -> None:
    """Write a person's file, with the sessions of the last eight days."""
    from massager.cli.person_files import export_person

    raise typer.Exit(export_person(name, output, data))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="As `massager person export` writes it.")],
    *,
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
) -> None:
    """Put the person of a file on record; needs a caregiver."""
    from massager.cli.person_files import import_person
    from massager.cli.signing import Identity

    raise typer.Exit(import_person(file, Identity(caregiver, passphrase_file), data))


@app.command("forget")
def forget(
    name: PersonName,
    *,
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
    yes: Yes = False,
) -> None:
    """Take out who somebody was, for good; eight days after the last session, and by a caregiver."""
    from massager.cli.people import forget_person
    from massager.cli.signing import Identity

    raise typer.Exit(forget_person(name, Identity(caregiver, passphrase_file), data, yes=yes))
