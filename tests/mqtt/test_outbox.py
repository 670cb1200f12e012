"""What waits for the broker: the newest value, short queues, nothing twice, and nobody who puts waits."""

import asyncio

from massager.mqtt.outbox import MOST_EVENTS, Message, Outbox


def value(topic, text):
    return Message(topic, text, retain=True)


def drained(outbox):
    found = []
    while (message := outbox.next()) is not None:
        found.append(message)
    return found


def texts(outbox):
    return [(message.topic, message.payload) for message in drained(outbox)]


def test_of_a_value_only_the_newest_goes_out():
    outbox = Outbox()
    for number in range(1000):
        outbox.put(value("a", str(number)))
    assert texts(outbox) == [("a", "999")]


def test_a_value_that_stands_is_not_sent_again():
    outbox = Outbox()
    outbox.put(value("a", "1"))
    drained(outbox)
    outbox.put(value("a", "1"))
    assert outbox.next() is None


def test_a_value_that_came_back_before_it_went_out_leaves_the_newest():
    outbox = Outbox()
    outbox.put(value("a", "1"))
    old = outbox.next()
    outbox.put(value("a", "2"))
    outbox.back(old)
    assert texts(outbox)[-1] == ("a", "2")


def test_values_go_out_in_the_order_in_which_they_were_last_put():
    outbox = Outbox()
    for topic, text in (("state", "1"), ("config", "1"), ("state", "2")):
        outbox.put(value(topic, text))
    assert texts(outbox) == [("config", "1"), ("state", "2")]


def test_of_too_many_events_the_oldest_are_given_up_and_counted():
    outbox = Outbox()
    for number in range(MOST_EVENTS + 7):
        outbox.tell(Message("event", str(number)))
    assert outbox.dropped == 7
    assert texts(outbox) == [("event", str(number)) for number in range(7, MOST_EVENTS + 7)]


def test_a_flood_of_answers_crowds_out_no_event():
    outbox = Outbox()
    outbox.tell(Message("event", "safety_stop"))
    for number in range(10 * MOST_EVENTS):
        outbox.answer(Message("result", str(number)))
    found = texts(outbox)
    assert ("event", "safety_stop") in found
    assert len(found) == MOST_EVENTS + 1


def test_after_a_new_connection_every_value_that_stands_goes_out_again_once():
    outbox = Outbox()
    outbox.put(value("a", "1"))
    outbox.put(value("b", "1"))
    drained(outbox)
    outbox.put(value("b", "2"))
    outbox.again()
    assert texts(outbox) == [("a", "1"), ("b", "2")]


def test_what_is_forgotten_is_taken_off_the_broker_and_not_sent_again():
    outbox = Outbox()
    outbox.put(value("a", "1"))
    outbox.forget("a")
    assert drained(outbox) == [Message("a", "", retain=True)]
    outbox.again()
    assert outbox.next() is None


def test_a_removal_that_did_not_go_out_still_goes_out_after_a_new_connection():
    outbox = Outbox()
    outbox.put(value("a", "1"))
    drained(outbox)
    outbox.forget("a")
    outbox.back(outbox.next())
    outbox.again()
    assert texts(outbox) == [("a", "")]


async def test_whoever_takes_waits_for_what_is_put_later():
    outbox = Outbox()
    taking = asyncio.create_task(outbox.take())
    await asyncio.sleep(0)
    assert not taking.done()
    outbox.tell(Message("event", "1"))
    assert (await taking).payload == "1"
