"""Programs: steps along the back, none beyond the built-in ceilings."""

from pathlib import Path
from typing import Final

from massager.catalog.schema import ProgramFile, name_of, open_file
from massager.catalog.shelf import Kind, pick, shelf
from massager.catalog.yaml_source import Document
from massager.model.body import REGION_SPANS_PPM, ZONE_SPANS_PPM, Region, Zone
from massager.model.ceilings import CEILINGS, Modality, Severity
from massager.model.programs import Program, Step

# No percussion over the kidneys, T11 to L3 (clinical review 1.1, zone exclusions, and 5.3).
KIDNEY_ZONES: Final = frozenset({Zone.T9_T12, Zone.L1_L3})
