"""Every reason and bound has a sentence, and no sentence promises anything."""

import re
from pathlib import Path

import pytest

import massager
from massager import texts
from massager.model.decisions import Reason, Source

FORBIDDEN = re.compile(
    r"\b(safe|safely|therapy|therapeutic|treats|relieves|proven|heals|cures)\b", re.IGNORECASE
)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence(reason):
    sentence = texts.reason_text(reason, "12 mm")
    assert sentence.endswith("(12 mm)")
    assert not FORBIDDEN.search(sentence)


@pytest.mark.parametrize("source", Source)
def test_every_bound_has_words(source):
    assert texts.source_text(source)


def test_the_disclaimer_claims_nothing():
    assert "not a medical device" in texts.DISCLAIMER
    assert "Talk to a healthcare provider before use" in texts.DISCLAIMER


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_given_somewhere(reason):
    files = [path for path in Path(massager.__file__).parent.rglob("*.py") if "texts" not in path.parts]
    assert any(f"Reason.{reason.name}" in path.read_text() for path in files)
