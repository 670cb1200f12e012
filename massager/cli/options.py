"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

_LONGEST = 500


def one_line(text: str | None) -> str | None:
    """What fits into the journal: something that can be seen, on one line."""
    if text is not None and not (0 < len(text.strip()) <= _LONGEST and text.isprintable()):
        raise typer.BadParameter(f"write 1 to {_LONGEST} visible characters on one line")
    return text


Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on standard output.")]
Data = Annotated[
    str | None,
    typer.Option(
        "--data",
        envvar="MASSAGER_DATA",
        help="The store: a folder, or postgresql://...",
        show_default=False,
    ),
]
Profiles = Annotated[
    Path | None, typer.Option("--profiles", help="Folder with own files; they add to the built-in ones.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask again; a passphrase is asked for all the same.")]
Why = Annotated[str, typer.Option("--why", callback=one_line, help="The reason, for the journal.")]
Caregiver = Annotated[
    str | None,
    typer.Option("--caregiver", help="Who signs in; the only one if left out.", show_default=False),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        help="File with the passphrase, readable by you alone; else it is asked for.",
        show_default=False,
    ),
]
PersonName = Annotated[str, typer.Argument(metavar="NAME", help="Of a person; see `massager person list`.")]
