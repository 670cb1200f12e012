"""A language is whole or does not come to be, and a second one is nothing but a second value."""

from dataclasses import fields, replace

import pytest

from massager.model.questions import Ask
from massager.texts import LANGUAGES
from massager.texts.english import ENGLISH

TABLES = [field.name for field in fields(ENGLISH)]


def without(table, key):
    return {other: sentence for other, sentence in table.items() if other is not key}


@pytest.mark.parametrize("name", TABLES)
def test_a_language_with_a_hole_is_refused_whichever_sentence_is_missing(name):
    table = getattr(ENGLISH, name)
    for key in table:
        with pytest.raises(ValueError, match=rf"without a sentence.*\b{key}"):
            replace(ENGLISH, **{name: without(table, key)})


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_sentence_is_a_hole(name):
    table = getattr(ENGLISH, name)
    key = next(iter(table))
    with pytest.raises(ValueError, match=rf"without a sentence.*\b{key}"):
        replace(ENGLISH, **{name: {**table, key: " "}})


@pytest.mark.parametrize("name", TABLES)
def test_a_sentence_that_nobody_looks_up_is_refused(name):
    with pytest.raises(ValueError, match="not to be said at all: nobody"):
        replace(ENGLISH, **{name: {**getattr(ENGLISH, name), "nobody": "Nobody asks for this."}})


def test_a_question_of_a_zone_that_does_not_name_it_is_refused():
    with pytest.raises(ValueError, match="names the zone"):
        replace(ENGLISH, asks={**ENGLISH.asks, Ask.ZONE: "Is the next place all right?"})


def test_a_second_language_of_the_same_tables_is_taken():
    backwards = {
        name: {key: sentence[::-1] for key, sentence in getattr(ENGLISH, name).items()} for name in TABLES
    }
    backwards["asks"] = dict(ENGLISH.asks)
    assert replace(ENGLISH, **backwards).zones.keys() == ENGLISH.zones.keys()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_the_tables_and_keys_of_english(code):
    for name in TABLES:
        assert getattr(LANGUAGES[code], name).keys() == getattr(ENGLISH, name).keys()
