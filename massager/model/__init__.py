"""The words of the house: quantities, body, ceilings, devices, people, commands, telemetry, decisions.

Imports the standard library alone; reads no clock, no file, no environment.
Whole numbers only, with the unit in the name: `_ms`, `_s`, `_mm`, `_dmm` (0.1 mm), `_n`, `_dn` (0.1 N),
`_permille`, `_ppm`.
"""
