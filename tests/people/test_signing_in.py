"""Who may sign in, how often it may be tried, and what is kept of a passphrase."""

import json

import pytest
from argon2 import PasswordHasher

from massager.model.errors import AuthError, NotAllowedError, NotFoundError, StoreError
from massager.model.history import Role
from massager.session.caregivers import CaregiverService, SignedIn, one_line
from massager.session.passphrases import Passphrases, usual_hasher
from massager.store import Caregivers
from people_rig import PASSPHRASE


def test_the_usual_hash_is_argon2id_as_rfc_9106_advises():
    hashed = Passphrases(usual_hasher()).new_hash(PASSPHRASE)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Passphrases(usual_hasher()).matches(hashed, PASSPHRASE)


@pytest.mark.parametrize("passphrase", ["", "nine char", "x" * 1001])
def test_a_passphrase_too_short_or_too_long_is_refused(hasher, passphrase):
    with pytest.raises(AuthError, match="10 to 1000 characters"):
        Passphrases(hasher).new_hash(passphrase)


def test_a_passphrase_is_the_same_whichever_way_its_letters_are_composed(hasher):
    hashed = Passphrases(hasher).new_hash("caf\u00e9 au lait")
    assert Passphrases(hasher).matches(hashed, "cafe\u0301 au lait")
    assert not Passphrases(hasher).matches(hashed, "cafe au lait")


def test_more_after_the_longest_passphrase_is_not_cut_off(hasher):
    hashed = Passphrases(hasher).new_hash("x" * 1000)
    assert not Passphrases(hasher).matches(hashed, "x" * 1001)


def test_a_damaged_hash_is_no_wrong_passphrase(hasher):
    with pytest.raises(StoreError, match="damaged"):
        Passphrases(hasher).matches("not a hash", PASSPHRASE)


def test_the_right_passphrase_signs_in_and_a_wrong_one_does_not(caregivers, carla):
    assert carla.name == "carla"
    with pytest.raises(AuthError, match="not the passphrase of carla"):
        caregivers.sign_in("carla", PASSPHRASE + "!")


@pytest.mark.usefixtures("carla")
def test_a_name_that_nobody_has_is_told_with_those_on_record(caregivers):
    with pytest.raises(NotFoundError, match="carla"):
        caregivers.sign_in("carlo", PASSPHRASE)


@pytest.mark.usefixtures("carla")
def test_the_third_failure_makes_even_the_right_passphrase_wait(caregivers, clock):
    for _ in range(3):
        with pytest.raises(AuthError, match="not the passphrase"):
            caregivers.sign_in("carla", "something else")
    with pytest.raises(AuthError, match="Wait 30 s"):
        caregivers.sign_in("carla", PASSPHRASE)
    clock.wall_s += 30
    caregivers.sign_in("carla", PASSPHRASE)
    with pytest.raises(AuthError, match="not the passphrase"):
        caregivers.sign_in("carla", "something else")
    caregivers.sign_in("carla", PASSPHRASE)


@pytest.mark.usefixtures("carla")
def test_tries_at_the_same_time_do_not_escape_the_wait(store, clock, hasher):
    class SlowPassphrases(Passphrases):
        """While one passphrase is being checked, three others fail."""

        def matches(self, kept: str, passphrase: str) -> bool:
            for _ in range(3):
                Caregivers(store).failed("carla", now=clock())
            return super().matches(kept, passphrase)

    racing = CaregiverService(store, SlowPassphrases(hasher), now=clock, door="test")
    with pytest.raises(AuthError, match="Wait 30 s"):
        racing.sign_in("carla", PASSPHRASE)


@pytest.mark.usefixtures("carla")
def test_a_hash_of_other_parameters_is_renewed_at_the_next_sign_in(store, clock):
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    later = CaregiverService(store, Passphrases(stronger), now=clock, door="test")
    before = Caregivers(store).sign_in("carla", now=clock()).password_hash
    later.sign_in("carla", PASSPHRASE)
    after = Caregivers(store).sign_in("carla", now=clock()).password_hash
    assert before != after
    assert "m=16,t=2" in after
    later.sign_in("carla", PASSPHRASE)
    assert Caregivers(store).sign_in("carla", now=clock()).password_hash == after


@pytest.mark.usefixtures("carla")
def test_no_passphrase_and_no_hash_ever_reaches_the_journal(store, journal, caregivers, clock):
    with pytest.raises(AuthError):
        caregivers.sign_in("carla", "my wrong secret")
    kept = Caregivers(store).sign_in("carla", now=clock())
    written = " ".join(json.dumps(dict(entry.record.facts or {})) for entry in journal.records())
    assert "secret" not in written
    assert PASSPHRASE not in written
    assert kept.password_hash not in written
    assert "argon2" not in written
    assert kept.password_hash not in repr(kept)


def test_the_first_caregiver_needs_nobody_and_the_journal_says_who_holds_the_passphrase(caregivers, journal):
    caregivers.add("anna", PASSPHRASE, alone=True, caregiver=None)
    record = next(e.record for e in journal.records() if e.record.kind == "caregiver-added")
    assert record.code == Role.ANYONE
    assert record.facts == {"who": "test", "caregiver": "anna", "alone": True}


def test_a_second_caregiver_needs_the_first(caregivers, carla):
    with pytest.raises(AuthError, match="Only a caregiver may add another caregiver"):
        caregivers.add("dora", PASSPHRASE, alone=False, caregiver=None)
    caregivers.add("dora", PASSPHRASE, alone=False, caregiver=carla)
    assert caregivers.names() == ("carla", "dora")
    with pytest.raises(NotAllowedError, match="already"):
        caregivers.add("dora", PASSPHRASE, alone=False, caregiver=carla)


@pytest.mark.usefixtures("carla")
def test_somebody_made_up_is_not_signed_in(caregivers):
    with pytest.raises(AuthError):
        caregivers.required(SignedIn("carla"), "do that")
    with pytest.raises(AuthError):
        caregivers.required(None, "do that")


def test_whoever_was_revoked_has_no_right_left_even_when_signed_in(caregivers, carla):
    caregivers.add("dora", PASSPHRASE, alone=False, caregiver=carla)
    dora = caregivers.sign_in("dora", PASSPHRASE)
    caregivers.revoke("carla", caregiver=dora)
    with pytest.raises(AuthError, match="carla is no caregiver any more"):
        caregivers.add("emma", PASSPHRASE, alone=False, caregiver=carla)
    with pytest.raises(NotAllowedError, match="the only caregiver"):
        caregivers.revoke("dora", caregiver=dora)
    with pytest.raises(NotFoundError):
        caregivers.sign_in("carla", PASSPHRASE)


@pytest.mark.usefixtures("carla")
def test_revoking_needs_a_caregiver(caregivers):
    with pytest.raises(AuthError):
        caregivers.revoke("carla", caregiver=None)


@pytest.mark.parametrize("text", ["", "   ", "two\nlines", "bell\a", "x" * 501])
def test_a_reason_fits_on_one_line(text):
    with pytest.raises(NotAllowedError, match="A reason is needed"):
        one_line(text, "A reason")
