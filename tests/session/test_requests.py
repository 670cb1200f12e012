"""What is asked for from elsewhere waits for a person, one a massager, and not for long."""

from massager.session.requests import WAITS_S, Request, Requests

ANNA = Request("anna", "gentle-lumbar", "left")


class Clock:
    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


def test_a_request_waits_for_five_minutes_and_no_longer():
    clock = Clock()
    requests = Requests(clock)
    requests.put(ANNA)
    clock.now_s += WAITS_S - 0.1
    assert (requests.on("left"), requests.waiting()) == (ANNA, (ANNA,))
    clock.now_s += 0.1
    assert (requests.on("left"), requests.waiting()) == (None, ())


def test_a_newer_request_takes_the_place_of_the_one_before_on_its_massager_alone():
    requests = Requests(Clock())
    newer, other = Request("ben", "upper-back", "left"), Request("anna", "gentle-lumbar", "right")
    for one in (ANNA, other, newer):
        requests.put(one)
    assert set(requests.waiting()) == {newer, other}


def test_asking_over_and_over_fills_no_memory():
    requests = Requests(Clock())
    for _ in range(10_000):
        requests.put(ANNA)
    assert requests.waiting() == (ANNA,)


def test_only_whom_it_is_for_answers_it():
    requests = Requests(Clock())
    requests.put(ANNA)
    requests.answered("ben", "left")
    requests.answered("anna", "right")
    assert requests.on("left") == ANNA
    requests.answered("anna", "left")
    requests.answered("anna", "left")
    assert requests.waiting() == ()


def test_it_is_taken_back_from_a_massager():
    requests = Requests(Clock())
    requests.put(ANNA)
    requests.withdraw("right")
    assert requests.on("left") == ANNA
    requests.withdraw("left")
    assert requests.on("left") is None
