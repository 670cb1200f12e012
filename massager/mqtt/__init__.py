"""The MQTT door of a core: a bridge to a home's broker, and what Home Assistant is told there.

May import session's services, texts and model; never guardian, store, safety or web. The broker is no part of
safety: nothing needs it to stop, and its loss starts nothing.
"""
