"""Every word on the page comes from the texts, and every text is used."""

import re
from pathlib import Path

import pytest

import massager.web
from massager.texts import LANGUAGES
from massager.texts.caregiver_labels import CaregiverLabel
from massager.texts.labels import Label
from massager.texts.oversight_labels import OversightLabel
from massager.texts.past_labels import PastLabel
from massager.web.rendering import Pages

ROOT = Path(massager.web.__file__).parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TABLES = (Label, CaregiverLabel, OversightLabel, PastLabel)
LABELS = frozenset().union(*TABLES)
SAYS = re.compile(r"""say\(\s*"([^"]+)"(?:\s+if\s+\w+\s+else\s+"([^"]+)")?""")


def said(text):
    return {label for found in SAYS.findall(text) for label in found if label}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_says_only_what_there_is_and_writes_no_word_itself(path):
    text = path.read_text()
    assert said(text) <= LABELS
    text = re.sub(r"\{% block body %}.*?\{% endblock %}", "", text)
    bare = re.sub(r"\{[#%{].*?[#%}]\}|<[^>]*>", " ", text, flags=re.DOTALL)
    assert re.findall(r"[A-Za-z]{2,}", bare) == []


def test_every_label_is_used_somewhere():
    used = set().union(*(said(path.read_text()) for path in TEMPLATES))
    code = "".join(path.read_text() for path in ROOT.rglob("*.py"))
    used |= {label for table in TABLES for label in table if re.search(rf"Label\.{label.name}\b", code)}
    used |= {
        Label(f"{what}-{one}") for what, one in re.findall(r"(size|theme|signal)-(\w+)", "\n".join(Label))
    }
    assert LABELS - used == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_same_gaps_are_in_every_language(code):
    def gaps(text):
        return set(re.findall(r"\{(\w+)\}", text))

    for label, text in LANGUAGES[code].labels.items():
        assert gaps(text) == gaps(LANGUAGES["en"].labels[label]), label


def test_every_template_is_whole():
    for path in TEMPLATES:
        Pages()._templates.get_template(str(path.relative_to(ROOT / "templates")))


def test_no_template_lets_a_value_pass_unescaped_but_our_own_pictures():
    unescaped = re.findall(
        r"\{\{\s*([\w.]+)\s*\|\s*safe\s*\}\}", "".join(path.read_text() for path in TEMPLATES)
    )
    assert set(unescaped) == {"picture", "asking.picture", "plot.chart"}
