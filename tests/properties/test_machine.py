"""Random sessions, one step at a time, against books that are kept apart."""

from hypothesis import settings

from properties.machine import SessionMachine

TestSession = SessionMachine.TestCase
TestSession.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
