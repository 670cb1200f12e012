"""A picture with its table, as a page shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plot:
    """One picture and its table.

    Attributes:
        name: Apart from that of the others on the page.
        lead: What stands before them.
        heads: Of the table's columns.
        rows: The first cell of each says what the row is about.
    """

    name: str
    title: str
    lead: str
    chart: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def minutes(seconds: int) -> int:
    """Rounded up: use is never counted short."""
    return -(-seconds // 60)
