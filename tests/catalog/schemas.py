"""Writes the schemas in profiles/schema anew, as the shapes in massager/catalog are now."""

from pathlib import Path

from massager.catalog.schemas import SHAPES, schema_text

FOLDER = Path(__file__).parents[2] / "profiles" / "schema"

FOLDER.mkdir(exist_ok=True)
for kind in SHAPES:
    (FOLDER / f"{kind}.json").write_text(schema_text(kind), encoding="utf-8")
