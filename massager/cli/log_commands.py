"""The command `massager log`, as typer reads it."""

from typing import Annotated

import typer

from massager.cli.options import Data, Json

app = typer.Typer(
    help="What happened, in the order it happened: who did what, what was decided, and why.",
    invoke_without_command=True,
    epilog="Examples: massager log --person anna --since 7d | massager log --follow | massager log --verify "
    "| massager log replay --session 12",
)

Since = Annotated[
    str | None,
    typer.Option("--since", help="Not older: 90m, 12h, 7d, 2026-11-01 or 2026-11-01T18:30.", metavar="WHEN"),
]
SessionNumber = Annotated[int | None, typer.Option("--session", min=1, help="Of one session.")]
Person = Annotated[str | None, typer.Option("--person", help="About one person.")]


@app.callback()
def log(
    context: typer.Context,
    *,
    since: Since = None,
    session: SessionNumber = None,
    person: Person = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what comes, until Ctrl-C.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Follow the hash chain instead.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Print the journal: the last 100 entries, or all that fit what is asked for."""
    if context.invoked_subcommand is not None:
        return
    from massager.cli.log import choose, show, verify_chain

    if verify:
        if follow or since or session or person:
            raise typer.BadParameter("--verify follows the whole chain; leave the other options out.")
        raise typer.Exit(int(verify_chain(data, as_json=as_json)))
    wanted = choose(since=since, session=session, person=person)
    raise typer.Exit(int(show(wanted, data, follow=follow, as_json=as_json)))


@app.command("replay")
def log_replay(
    *,
    since: Since = None,
    session: SessionNumber = None,
    person: Person = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make every recorded decision again from its recorded facts, and tell where the answer is another."""
    from massager.cli.log import choose, replay_decisions

    wanted = choose(since=since, session=session, person=person)
    raise typer.Exit(int(replay_decisions(wanted, data, as_json=as_json)))
