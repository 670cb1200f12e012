"""`massager person keep-out`: the options of its commands."""

from typing import Annotated

import typer

from massager.cli.options import Caregiver, Data, PassphraseFile, PersonName, Why, Yes, one_line

app = typer.Typer(help="Places on the back that nothing touches.", no_args_is_help=True)


@app.command("add")
def add(
    name: PersonName,
    *,
    place: Annotated[str, typer.Option("--name", callback=one_line, help="What is there: scar.")],
    first: Annotated[str, typer.Option("--from", help="Upper vertebra: L2.")],
    last: Annotated[str, typer.Option("--to", help="Lower vertebra: L3.")],
    left_mm: Annotated[int, typer.Option("--left-mm", help="Left edge from the midline; left is negative.")],
    right_mm: Annotated[int, typer.Option("--right-mm", help="Right edge from the midline.")],
    why: Why = "a place to leave out",
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
    yes: Yes = False,
) -> None:
    """Leave a place out: a scar, an implant, a sore spot. Anyone may."""
    from massager.cli.people import Rectangle, add_keep_out
    from massager.cli.signing import Identity

    rectangle = Rectangle(place, first, last, left_mm, right_mm)
    identity = Identity(caregiver, passphrase_file)
    raise typer.Exit(add_keep_out(name, rectangle, why=why, identity=identity, data=data, yes=yes))


@app.command("remove")
def remove(
    name: PersonName,
    *,
    place: Annotated[str, typer.Option("--name", help="Which; see `massager person show`.")],
    why: Why,
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
    yes: Yes = False,
) -> None:
    """Touch a place again; needs a caregiver."""
    from massager.cli.people import remove_keep_out
    from massager.cli.signing import Identity

    identity = Identity(caregiver, passphrase_file)
    raise typer.Exit(remove_keep_out(name, place, why=why, identity=identity, data=data, yes=yes))
