"""`massager caregiver`, `clearance`, `lockout` and `answer`: the options of these commands."""

from pathlib import Path
from typing import Annotated

import typer

from massager.cli.options import Caregiver, Data, Json, PassphraseFile, PersonName, Why, Yes, one_line

caregiver_app = typer.Typer(help="Caregivers: who may loosen limits.", no_args_is_help=True)
clearance_app = typer.Typer(help="What healthcare providers agreed to.", no_args_is_help=True)
lockout_app = typer.Typer(help="Who is locked out, and why.", no_args_is_help=True)


@caregiver_app.command("add")
def caregiver_add(
    name: Annotated[str, typer.Argument(help="What the new caregiver signs in with.")],
    *,
    alone: Annotated[
        bool, typer.Option("--alone", help="The person whose limits it guards holds the passphrase.")
    ] = False,
    new_passphrase_file: Annotated[
        Path | None,
        typer.Option(
            "--new-passphrase-file", help="File with the new one's passphrase; else it is asked for."
        ),
    ] = None,
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
) -> None:
    """Add a caregiver: the first one anybody may, every other one a caregiver."""
    from massager.cli.caregivers import add_caregiver
    from massager.cli.signing import Identity

    identity = Identity(caregiver, passphrase_file)
    raise typer.Exit(
        add_caregiver(name, alone=alone, new_file=new_passphrase_file, identity=identity, data=data)
    )


@caregiver_app.command("list")
def caregiver_list(*, data: Data = None, as_json: Json = False) -> None:
    """List who may sign in."""
    from massager.cli.caregivers import list_caregivers

    raise typer.Exit(list_caregivers(data, as_json=as_json))


@caregiver_app.command("revoke")
def caregiver_revoke(
    name: Annotated[str, typer.Argument(help="Whose right ends.")],
    *,
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
    yes: Yes = False,
) -> None:
    """Take the right away from a caregiver; never from the last one."""
    from massager.cli.caregivers import revoke_caregiver
    from massager.cli.signing import Identity

    raise typer.Exit(revoke_caregiver(name, Identity(caregiver, passphrase_file), data, yes=yes))


@caregiver_app.command("confirm-time")
def caregiver_confirm_time(
    *,
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
    yes: Yes = False,
) -> None:
    """Confirm that this computer's clock is right, after it was wrong."""
    from massager.cli.caregivers import confirm_time
    from massager.cli.signing import Identity

    raise typer.Exit(confirm_time(Identity(caregiver, passphrase_file), data, yes=yes))


@caregiver_app.command("accept-backup")
def caregiver_accept_backup(
    *,
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
    yes: Yes = False,
) -> None:
    """Go on with a store that was restored from a backup; locks everybody out for eight days."""
    from massager.cli.caregivers import accept_backup
    from massager.cli.signing import Identity

    raise typer.Exit(accept_backup(Identity(caregiver, passphrase_file), data, yes=yes))


@clearance_app.command("record")
def clearance_record(
    name: PersonName,
    *,
    provider: Annotated[
        str, typer.Option("--provider", callback=one_line, help="Name of the healthcare provider.")
    ],
    code: Annotated[str, typer.Option("--code", help="B: agreed, or C: in writing.")],
    region: Annotated[str, typer.Option("--region", help="cervical, thoracic or lumbar.")],
    modality: Annotated[str, typer.Option("--modality", help="roller, vibration or percussion.")],
    given: Annotated[str, typer.Option("--given", help="Day it was given: 2026-11-01.")],
    expires: Annotated[
        str, typer.Option("--expires", help="First day on which it no longer holds: 2027-05-01.")
    ],
    why: Why = "agreed by a provider",
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
) -> None:
    """Record that a provider agreed to a modality in a region; needs a caregiver."""
    from massager.cli.caregivers import Typed, record_clearance
    from massager.cli.signing import Identity

    typed = Typed(provider, code, region, modality, given, expires)
    identity = Identity(caregiver, passphrase_file)
    raise typer.Exit(record_clearance(name, typed, why=why, identity=identity, data=data))


@clearance_app.command("list")
def clearance_list(name: PersonName, *, data: Data = None, as_json: Json = False) -> None:
    """List a person's clearances."""
    from massager.cli.caregivers import list_clearances

    raise typer.Exit(list_clearances(name, data, as_json=as_json))


@lockout_app.command("set")
def lockout_set(
    name: PersonName,
    *,
    note: Annotated[str, typer.Option("--note", callback=one_line, help="Why, for whoever clears it.")],
    data: Data = None,
) -> None:
    """Lock a person out. Anyone may; only a caregiver undoes it."""
    from massager.cli.lockouts import set_lockout

    raise typer.Exit(set_lockout(name, note, data))


@lockout_app.command("list")
def lockout_list(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Only this person's.")] = None,
    *,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List open lockouts."""
    from massager.cli.lockouts import list_lockouts

    raise typer.Exit(list_lockouts(name, data, as_json=as_json))


@lockout_app.command("clear")
def lockout_clear(
    name: PersonName,
    number: Annotated[int, typer.Argument(help="Of the lockout; see `massager lockout list`.")],
    *,
    why: Why,
    provider: Annotated[
        str | None,
        typer.Option("--provider", callback=one_line, help="The healthcare provider who was consulted."),
    ] = None,
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
) -> None:
    """End a lockout; needs a caregiver."""
    from massager.cli.lockouts import clear_lockout
    from massager.cli.signing import Identity

    identity = Identity(caregiver, passphrase_file)
    raise typer.Exit(clear_lockout(name, number, why=why, provider=provider, identity=identity, data=data))
