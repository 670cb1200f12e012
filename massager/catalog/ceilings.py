"""The one question that files are asked about the built-in ceilings."""

from massager.catalog.document import Document, Loc


def at_most(document: Document, loc: Loc, got: int, most: int) -> None:
    """Notes a problem where a value is above the built-in ceiling; a ceiling of 0 allows nothing there."""
    if got > most:
        what = f"this is above the built-in ceiling of {most} (got {got})"
        document.complain_at(loc, what, f"A file can only lower a ceiling: at most {most}, or leave it out.")
