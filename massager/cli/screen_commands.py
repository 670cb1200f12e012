"""`massager person screen`: the options of the command."""

from typing import Annotated

import typer

from massager.cli.options import Caregiver, Data, PassphraseFile, PersonName, Why, Yes
from massager.model.questions import PAIN_WORST


def screen(
    name: PersonName,
    *,
    born: Annotated[int | None, typer.Option("--born", min=1900, max=2100, help="Year of birth.")] = None,
    region: Annotated[
        list[str] | None,
        typer.Option("--region", help="Severity of a region: lumbar=mild; may be given again."),
    ] = None,
    usual_pain: Annotated[
        int | None,
        typer.Option("--usual-pain", min=0, max=PAIN_WORST, help="On most days: 0 none, 10 the worst."),
    ] = None,
    yes_to: Annotated[
        list[str] | None,
        typer.Option(
            "--yes-to",
            metavar="CONDITION[=FROM:TO]",
            help="Answer yes, with the place where it has one: surgery-older=L4:L5; may be given again.",
        ),
    ] = None,
    no_to_the_rest: Annotated[
        bool, typer.Option("--no-to-the-rest", help="Answer no to every other condition.")
    ] = False,
    why: Why = "the questions before the first session",
    caregiver: Caregiver = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
    yes: Yes = False,
) -> None:
    """Ask what has to be known before the first session; the first time it needs a caregiver.

    What no option answers is asked at the terminal, where ? stands for not sure and counts as yes.
    """
    from massager.cli.screen import Told, screen_person
    from massager.cli.signing import Identity

    told = Told(born, region or [], usual_pain, yes_to or [], no_to_the_rest=no_to_the_rest)
    identity = Identity(caregiver, passphrase_file)
    raise typer.Exit(screen_person(name, told, why=why, identity=identity, data=data, yes=yes))
