"""A session that only shows what it would be: admission and Governor, and neither radio nor record."""

from collections.abc import Sequence

from massager.app.moments import moment
from massager.app.place import Surroundings, store_for
from massager.catalog import list_devices, load_device, load_program, safety_profile_for
from massager.model.decisions import Refusal
from massager.model.devices import DeviceProfile, PairedDevice
from massager.model.errors import NotFoundError
from massager.model.preview import Preview
from massager.model.programs import Program
from massager.session.massage import Wish
from massager.session.preparation import Order, known_of, prepare
from massager.session.preview import preview
from massager.store import Devices, Ledger, People


def preview_session(wish: Wish, where: Surroundings) -> Preview | Refusal:
    """What the session would do if it began now, or why it would not; nothing is written down.

    Raises:
        MassagerError: A name is unknown, a file invalid, the store cannot be read.
    """
    with store_for(wish.person, where) as store:
        person = People(store).get(wish.person)
        program = load_program(wish.program, where.profiles)
        paired = Devices(store).all()
        history = known_of(Ledger(store), person.name, moment())
    order = Order(
        program=program,
        person=person,
        device=_profile_of(wish.device, program, paired, where),
        profile=safety_profile_for(person.conditions, where.profiles),
        seconds=wish.seconds,
        caller_permille=None if wish.caller_percent is None else 10 * wish.caller_percent,
        screening=wish.screening,
    )
    prepared = prepare(order, history)
    return prepared if isinstance(prepared, Refusal) else preview(prepared, history)


def _profile_of(
    wanted: str | None, program: Program, paired: Sequence[PairedDevice], where: Surroundings
) -> DeviceProfile:
    """Of a paired device, else of that name; left out, the only one that the program runs on."""
    if wanted is not None:
        named = next((device.profile for device in paired if device.name == wanted), wanted)
        return load_device(named, where.profiles)
    fitting = [
        device
        for device in list_devices(where.profiles)
        if all(actuator.modality is program.modality for actuator in device.actuators)
    ]
    if len(fitting) != 1:
        names = ", ".join(device.name for device in fitting) or "none"
        raise NotFoundError(f"Which device? Say --device NAME. This program runs on: {names}.")
    return fitting[0]
