"""Writes docs/openapi.json and docs/asyncapi.json anew: `python tests/web/write_documents.py`."""

import json
from pathlib import Path

from massager.session.massage import MassageService
from massager.web.api import control_api
from massager.web.live_document import live_document

DOCS = Path(__file__).parents[2] / "docs"


def kept(document):
    """A document as the docs keep it: without what changes with each release."""
    named = document | {"info": document["info"] | {"version": "of this release"}}
    return json.dumps(named, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (DOCS / "openapi.json").write_text(kept(control_api(MassageService()).openapi()))
    (DOCS / "asyncapi.json").write_text(kept(live_document()))
