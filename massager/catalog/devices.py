"""Device families: what each one is, and that it can be stopped."""

from pathlib import Path

from massager.catalog.document import Document, Loc, shown
from massager.catalog.schema import ActuatorEntry, DeviceFile, name_of, shaped
from massager.catalog.shelf import Kind, pick, shelf
from massager.catalog.yaml_source import read
from massager.model.ceilings import Modality
from massager.model.devices import Actuator, Carriage, DeviceProfile, Heater, Mount, StopClass
from massager.model.dose import HEAT_TRIP_C


def load_device(name: str, extra: Path | None = None) -> DeviceProfile:
    """The device profile of that name.

    Raises:
        InvalidProfileError: Its file is wrong, or a file of `extra` takes a built-in name.
        NotFoundError: There is none; the text names what there is.
    """
    return read_device(read(pick(Kind.DEVICE, name, extra)))


def list_devices(extra: Path | None = None) -> tuple[DeviceProfile, ...]:
    """All device profiles, by name.

    Raises:
        InvalidProfileError: One of them is wrong.
        NotFoundError: The folder `extra` does not exist.
    """
    return tuple(read_device(read(path)) for path in shelf(Kind.DEVICE, extra).values())


def read_device(document: Document) -> DeviceProfile:
    """The device profile in a document.

    Raises:
        InvalidProfileError: It is wrong; the text lists what and where.
    """
    content = shaped(document, DeviceFile)
    _check(document, content)
    document.settle()
    carriage = content.carriage
    return DeviceProfile(
        name=name_of(document.path),
        title=content.title,
        codec=content.codec,
        model_number=content.model_number,
        firmware=tuple(content.firmware),
        stop_class=content.stop_class,
        watchdog_ms=content.watchdog_ms,
        deadline_max_s=content.max_deadline_s,
        carriage=None
        if carriage is None
        else Carriage(
            travel_mm=carriage.travel_mm,
            half_width_min_mm=carriage.half_width_min_mm,
            half_width_max_mm=carriage.half_width_max_mm,
            pace_max_mm_s=carriage.max_pace_mm_per_s,
        ),
        heaters=tuple(Heater(**entry.model_dump()) for entry in content.heaters),
        actuators=tuple(Actuator(**entry.model_dump()) for entry in content.actuators),
        profile_hash=document.sha256,
    )


def _check(document: Document, content: DeviceFile) -> None:
    if content.stop_class is StopClass.C:
        what = "a device that does not stop by itself needs a mains cut-off, and there is none (got 'C')"
        document.complain_at(("stop_class",), what, "Do not use this device.")
    carriage = content.carriage
    if carriage is not None and carriage.half_width_min_mm > carriage.half_width_max_mm:
        narrow, wide = carriage.half_width_min_mm, carriage.half_width_max_mm
        what = f"this is above half_width_max_mm (got {narrow}, and {wide} there)"
        document.complain_at(("carriage", "half_width_min_mm"), what, "Correct one of the two.")
    for index, heater in enumerate(content.heaters):
        if heater.base_c + heater.levels >= HEAT_TRIP_C:
            what = f"the highest level is as warm as what switches everything off, {HEAT_TRIP_C} °C"
            document.complain_at(("heaters", index, "levels"), what, "Do not use this device.")
    mount = _mount(content)
    for index, actuator in enumerate(content.actuators):
        loc = ("actuators", index)
        _check_place(document, loc, actuator, mount)
        # A depth of nothing would take the roller out of the limit on depth.
        if actuator.modality is Modality.ROLLER and actuator.depth_dmm_per_level == 0:
            what = "a roller has a depth (got 0)"
            document.complain_at((*loc, "depth_dmm_per_level"), what, "Measure it.")
        _check_motion(document, loc, actuator)
    named = [(("actuators", index, "name"), part.name) for index, part in enumerate(content.actuators)]
    named += [(("heaters", index, "name"), part.name) for index, part in enumerate(content.heaters)]
    names = set()
    for place, name in named:
        if name in names:
            what = f"another part has this name (got {name!r})"
            document.complain_at(place, what, "Give each its own.")
        names.add(name)


def _mount(content: DeviceFile) -> Mount:
    if content.carriage is not None:
        return Mount.CARRIAGE
    places = [figure for one in content.actuators for figure in (one.along_mm, one.aside_mm)]
    return Mount.HELD if all(figure is None for figure in places) else Mount.FIXED


def _check_place(document: Document, loc: Loc, actuator: ActuatorEntry, mount: Mount) -> None:
    """A patch has a place of its own, or a carriage or a hand that takes it there."""
    for key in ("along_mm", "aside_mm"):
        given = getattr(actuator, key) is not None
        if given and mount is Mount.CARRIAGE:
            document.complain_at((*loc, key), "a carriage takes this patch along", "Leave it out.")
        if mount is Mount.FIXED and not given:
            what = "a patch that nothing moves has a place, and this is missing"
            document.complain_at((*loc, key), what, "Add it.")
    if mount is Mount.HELD and actuator.side is not None:
        what = f"what is held by hand may be on either side (got {actuator.side.value!r})"
        document.complain_at((*loc, "side"), what, "Write null, or give it a place.")
    if mount is not Mount.HELD and actuator.side is None:
        what = "only a massager held by hand may be on either side (got nothing)"
        document.complain_at((*loc, "side"), what, "Say left or right.")


def _check_motion(document: Document, loc: Loc, actuator: ActuatorEntry) -> None:
    """What shakes or strikes: figures that need each other, contradict each other, or belong elsewhere."""
    percusses = actuator.modality is Modality.PERCUSSION
    strange = ("displacement_um", "coupling", "weighting") if percusses else ("stroke_dmm",)
    for key in strange:
        if getattr(actuator, key) is not None:
            what = f"this does not belong to {actuator.modality} (got {_written(actuator, key)})"
            document.complain_at((*loc, key), what, "Leave it out.")
    for key, *needed in (
        ("frequency_min_dhz", "frequency_max_dhz"),
        ("frequency_max_dhz", "frequency_min_dhz"),
        ("displacement_um", "frequency_min_dhz", "frequency_max_dhz", "coupling", "weighting"),
    ):
        absent = [other for other in needed if getattr(actuator, other) is None]
        if getattr(actuator, key) is not None and absent:
            what = f"this says nothing without {' and '.join(absent)} (got {_written(actuator, key)})"
            document.complain_at((*loc, key), what, "Add what is missing, or leave this out.")
    low, high = actuator.frequency_min_dhz, actuator.frequency_max_dhz
    if low is None or high is None:
        return
    if low > high:
        what = f"this is above frequency_max_dhz (got {low}, and {high} there)"
        document.complain_at((*loc, "frequency_min_dhz"), what, "Correct one of the two.")
    elif low < high and actuator.levels == 1:
        what = f"a single level has a single frequency (got {low}, and {high} as frequency_max_dhz)"
        document.complain_at((*loc, "frequency_min_dhz"), what, "Correct one of the two.")


def _written(actuator: ActuatorEntry, key: str) -> str:
    return shown(actuator.model_dump(mode="json")[key])
