"""Caregivers: added by one another, slowed down when they guess, never all gone."""

import pytest

from massager.model.errors import NotAllowedError, NotFoundError, StoreError
from massager.model.history import By, Moment, Role
from massager.store import Caregivers, Journal, Store
from store_life import alter
from store_rig import Place

NOW_S = 1_700_000_000
ANNA = By("anna", Role.CAREGIVER)
SOMEBODY = By("somebody", Role.ANYONE)
OLD_HASH, NEW_HASH = "$argon2id$one", "$argon2id$new"


def at(after_s: int = 0) -> Moment:
    return Moment(wall_s=NOW_S + after_s, boot_ms=5_000 + 1000 * after_s, boot_id="a boot")


@pytest.fixture
def caregivers(store: Store) -> Caregivers:
    made = Caregivers(store)
    made.add("anna", OLD_HASH, alone=False, by=SOMEBODY, now=at())
    return made


def last(store: Store):
    return Journal(store).records()[-1].record


def test_the_first_is_added_by_anybody_and_every_other_one_by_a_caregiver(caregivers: Caregivers) -> None:
    with pytest.raises(NotAllowedError, match="only a caregiver adds another"):
        caregivers.add("carl", "$two", alone=False, by=SOMEBODY, now=at())
    assert caregivers.names() == ("anna",)
    caregivers.add("Bea", "$two", alone=False, by=ANNA, now=at())
    assert caregivers.names() == ("anna", "Bea")


def test_a_revoked_caregiver_does_not_open_the_door_for_anybody(caregivers: Caregivers) -> None:
    caregivers.add("bea", "$two", alone=False, by=ANNA, now=at())
    caregivers.revoke("anna", by=ANNA, now=at())
    with pytest.raises(NotAllowedError, match="only a caregiver"):
        caregivers.add("carl", "$three", alone=False, by=SOMEBODY, now=at())


@pytest.mark.parametrize("alone", [True, False])
def test_the_journal_says_whether_the_person_holds_the_passphrase(store: Store, alone: bool) -> None:
    Caregivers(store).add("mia", "$one", alone=alone, by=SOMEBODY, now=at())
    assert (last(store).kind, last(store).code) == ("caregiver-added", "anyone")
    assert last(store).facts == {"who": "somebody", "caregiver": "mia", "alone": alone}


def test_a_name_is_given_once_even_if_it_was_revoked(caregivers: Caregivers) -> None:
    caregivers.add("bea", "$two", alone=False, by=ANNA, now=at())
    caregivers.revoke("bea", by=ANNA, now=at())
    for name in ("anna", "bea"):
        with pytest.raises(NotAllowedError, match=f"is or was a caregiver '{name}'"):
            caregivers.add(name, "$three", alone=False, by=ANNA, now=at())
    with pytest.raises(NotAllowedError, match="cannot be a name"):
        caregivers.add("b\nea", "$three", alone=False, by=ANNA, now=at())
    assert caregivers.sign_in("anna", now=at()).password_hash == OLD_HASH


def test_unknown_and_revoked_names_are_told_alike(caregivers: Caregivers) -> None:
    caregivers.add("bea", "$two", alone=False, by=ANNA, now=at())
    caregivers.revoke("bea", by=ANNA, now=at())
    for name in ("bea", "eve"):
        for ask in (
            lambda name=name: caregivers.sign_in(name, now=at()),
            lambda name=name: caregivers.failed(name, now=at()),
            lambda name=name: caregivers.succeeded(name, now=at()),
            lambda name=name: caregivers.renew(name, "$", by=ANNA, now=at()),
            lambda name=name: caregivers.revoke(name, by=ANNA, now=at()),
        ):
            with pytest.raises(NotFoundError) as caught:
                ask()
            assert str(caught.value) == f"There is no caregiver '{name}'. Caregivers on record: anna."


def test_the_last_one_stays(store: Store, caregivers: Caregivers) -> None:
    with pytest.raises(NotAllowedError, match="anna is the only caregiver"):
        caregivers.revoke("anna", by=ANNA, now=at())
    caregivers.add("bea", "$two", alone=False, by=ANNA, now=at())
    caregivers.revoke("anna", by=ANNA, now=at())
    assert caregivers.names() == ("bea",)
    assert (last(store).kind, last(store).facts) == (
        "caregiver-revoked",
        {"who": "anna", "caregiver": "anna"},
    )


@pytest.mark.parametrize(
    ("failures", "wait_s"),
    [
        (0, 0),
        (1, 0),
        (2, 0),
        (3, 30),
        (4, 60),
        (5, 120),
        (6, 240),
        (7, 480),
        (8, 960),
        (9, 1920),
        (10, 3600),
        (11, 3600),
        (40, 3600),
    ],
)
def test_every_failure_in_a_row_costs_more_time(caregivers: Caregivers, failures: int, wait_s: int) -> None:
    for _ in range(failures):
        caregivers.failed("anna", now=at())
    login = caregivers.sign_in("anna", now=at())
    assert (login.failures, login.wait_s) == (failures, wait_s)
    assert caregivers.sign_in("anna", now=at(10)).wait_s == max(0, wait_s - 10)
    assert caregivers.sign_in("anna", now=at(wait_s)).wait_s == 0


def test_the_wait_counts_from_the_last_failure(caregivers: Caregivers) -> None:
    for after_s in (0, 100, 200):
        caregivers.failed("anna", now=at(after_s))
    assert caregivers.sign_in("anna", now=at(200)).wait_s == 30


def test_a_right_passphrase_ends_the_row_of_failures(store: Store, caregivers: Caregivers) -> None:
    for _ in range(5):
        caregivers.failed("anna", now=at())
    caregivers.succeeded("anna", now=at(200))
    assert (last(store).kind, last(store).code) == ("signed-in", "caregiver")
    assert last(store).facts == {"who": "anna", "failures": 5}
    caregivers.failed("anna", now=at(200))
    assert caregivers.sign_in("anna", now=at(200)).wait_s == 0


def test_whoever_failed_is_not_taken_for_the_caregiver(store: Store, caregivers: Caregivers) -> None:
    caregivers.failed("anna", now=at())
    assert (last(store).kind, last(store).code) == ("sign-in-failed", "anyone")
    assert last(store).facts == {"who": "anna", "failures": 1}


def test_failures_of_one_do_not_slow_down_another(caregivers: Caregivers) -> None:
    caregivers.add("bea", "$two", alone=False, by=ANNA, now=at())
    for _ in range(5):
        caregivers.failed("anna", now=at())
    assert caregivers.sign_in("bea", now=at()).wait_s == 0


def test_no_setting_of_the_clock_shortens_the_wait(caregivers: Caregivers) -> None:
    for _ in range(10):
        caregivers.failed("anna", now=at())
    forward = Moment(wall_s=NOW_S + 10_000, boot_ms=6_000, boot_id="a boot")
    assert caregivers.sign_in("anna", now=forward).wait_s >= 3598
    back = Moment(wall_s=NOW_S - 10_000, boot_ms=7_000, boot_id="a boot")
    assert caregivers.sign_in("anna", now=back).wait_s >= 3597


def test_failures_outlive_the_program(place: Place, store: Store, caregivers: Caregivers) -> None:
    for _ in range(4):
        caregivers.failed("anna", now=at())
    store.close()
    with Store.open(place) as again:
        assert Caregivers(again).sign_in("anna", now=at()).wait_s == 60


def test_a_new_hash_takes_the_place_of_the_old_one(store: Store, caregivers: Caregivers) -> None:
    caregivers.renew("anna", NEW_HASH, by=ANNA, now=at())
    assert caregivers.sign_in("anna", now=at()).password_hash == NEW_HASH
    assert (last(store).kind, last(store).facts) == (
        "caregiver-renewed",
        {"who": "anna", "caregiver": "anna"},
    )


def test_a_hash_is_neither_shown_nor_journaled(store: Store, caregivers: Caregivers) -> None:
    caregivers.renew("anna", NEW_HASH, by=ANNA, now=at())
    assert "argon2id" not in repr(caregivers.sign_in("anna", now=at()))
    assert "argon2id" not in repr(Journal(store).records())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE caregiver SET password_hash = 'mine'",
        "UPDATE caregiver SET failures = 0",
        "UPDATE caregiver SET failed_s = 0",
        "UPDATE caregiver SET revoked_s = NULL",
    ],
)
def test_a_row_that_was_altered_from_outside_lets_nobody_in(
    place: Place, caregivers: Caregivers, statement: str
) -> None:
    caregivers.add("bea", "$two", alone=False, by=ANNA, now=at())
    for _ in range(9):
        caregivers.failed("anna", now=at())
    caregivers.revoke("bea", by=ANNA, now=at())
    alter(place, statement)
    with pytest.raises(StoreError, match="caregiver was altered from outside"):
        caregivers.sign_in("anna", now=at())
