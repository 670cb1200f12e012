"""The words of the house: quantities, body, ceilings, devices, people, commands, telemetry, decisions.

Imports the standard library alone; reads no clock, no file, no environment.
Whole numbers only, with the unit in the name: `_ms`, `_s`, `_um`, `_mm`, `_dmm` (0.1 mm), `_n`, `_dn`
(0.1 N), `_dhz` (0.1 Hz), `_mm_s2`, `_permille`, `_ppm`.
"""
