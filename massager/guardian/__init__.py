"""The radio's process: owns bleak, checks every lease a second time, and stops the device by itself.

May import model, protocol and catalog; bleak in `transport.py` alone. Never the safety core: its checks are
written a second time here, on purpose.
"""
