"""The asyncio shell around the core: a control loop per device, and the services that the doors use.

May import floors 0 to 2; never web, mqtt or bleak. Decisions are the Governor's; this room carries facts to
it and its answers to the guardian, the store and whoever watches.
"""
