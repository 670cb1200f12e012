"""The shapes of the files as JSON Schema, with which an editor completes and marks while somebody writes.

A schema knows keys, types and bounds. What figures mean together, and which ceiling holds, only reading the
file tells.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from massager.catalog.answers import AnswersFile
from massager.catalog.document import shown
from massager.catalog.person_shapes import PersonFile
from massager.catalog.schema import DeviceFile, ProgramFile, SafetyFile, Shape, hint
from massager.model.errors import NotFoundError

SHAPES: Final[Mapping[str, type[Shape]]] = MappingProxyType(
    {
        "safety": SafetyFile,
        "program": ProgramFile,
        "device": DeviceFile,
        "answers": AnswersFile,
        "person": PersonFile,
    }
)

# The newest that the YAML language server reads ("JSON Schema 7 and below", its readme, 1.19).
_DRAFT: Final = "http://json-schema.org/draft-07/schema#"


def schema_text(kind: str) -> str:
    """The JSON Schema of files whose key `kind` says this.

    Raises:
        NotFoundError: There is no such kind; the text names what there is.
    """
    if kind not in SHAPES:
        raise NotFoundError(f"there is no kind of file {shown(kind)}. {hint(kind, list(SHAPES))}")
    schema = _plain(SHAPES[kind].model_json_schema(ref_template="#/definitions/{model}"))
    definitions = {"definitions": schema.pop("$defs")} if "$defs" in schema else {}
    whole = {"$schema": _DRAFT, "title": f"massager: {kind}", **schema, **definitions}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _plain(part: Any) -> Any:
    """Without pydantic's own titles, and without null as what a key that is left out would say."""
    if isinstance(part, dict):
        return {
            key: _plain(value)
            for key, value in part.items()
            if not (key == "title" and isinstance(value, str)) and (key, value) != ("default", None)
        }
    return [_plain(each) for each in part] if isinstance(part, list) else part
