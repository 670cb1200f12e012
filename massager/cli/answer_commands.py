"""The command `massager answer` as a person types it."""

from typing import Annotated

import typer

from massager.cli.options import Data
from massager.model.body import Zone
from massager.model.questions import PAIN_WORST, Answer, CheckIn, Comfort, Feeling
from massager.model.script import Afterwards


def answer(
    name: Annotated[
        str | None, typer.Argument(help="Whose session; the only one that runs if left out.")
    ] = None,
    *,
    pain: Annotated[
        int | None, typer.Option("--pain", min=0, max=PAIN_WORST, help="0 none, 10 the worst.")
    ] = None,
    comfort: Annotated[Comfort | None, typer.Option("--comfort", help="How the strength feels.")] = None,
    feeling: Annotated[Feeling | None, typer.Option("--feeling", help="Anything new.")] = None,
    zone: Annotated[Zone | None, typer.Option("--zone", help="Which may be visited, or not.")] = None,
    yes: Annotated[bool | None, typer.Option("--yes/--no", help="The answer about a zone.")] = None,
    worse: Annotated[
        Answer | None, typer.Option("--worse", help="After a session: worse than before it.")
    ] = None,
    data: Data = None,
) -> None:
    """Say how it is, in a session at any time, or with --worse how it went after one.

    A warning stops the session and locks out; afterwards anything but no and none locks out.
    """
    from massager.cli.answer import answer_after, answer_now

    if worse is not None:
        if comfort is not None or zone is not None or yes is not None:
            raise typer.BadParameter("--worse is said after a session; leave out --comfort and --zone")
        raise typer.Exit(answer_after(name, Afterwards(pain, worse, feeling), data))
    if (zone is None) is not (yes is None):
        raise typer.BadParameter("a zone takes an answer, and --yes or --no a zone: --zone L1-L3 --yes")
    visit = None if zone is None or yes is None else (zone, yes)
    raise typer.Exit(answer_now(name, CheckIn(pain, comfort, feeling), visit, data))
