"""The tables of the first released version, which kept no revision; SQLite only.

Revision ID: 0001
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them in an empty database."""
    for statement in Path(__file__).with_name("r0001.sql").read_text().split("\n\n"):
        op.execute(statement)
