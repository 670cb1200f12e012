"""The air: virtual controllers that hear each other, and Bumble hosts for those in this process.

Bumble 0.0.236 is corrected in `link_layer`, `virtual_controller` (the radio's side) and `stack` (the host's
side); nothing is patched in Bumble itself.
"""

from bumble import device, hci

from firmware_sim.link_layer import Link
from firmware_sim.stack import Device, Host
from firmware_sim.virtual_controller import Controller


class _Sink:
    """Hands a host's packets to its controller, at once; what comes back is never at once."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    def on_packet(self, packet: bytes) -> None:
        self._controller.on_packet(packet)


class Air:
    """One virtual air. Nothing on it is random, and it has no clock but the running loop's.

    Addresses are static random ones, written as in `F0:00:00:00:00:01`, the two highest bits set.
    """

    def __init__(self) -> None:
        self._link = Link()
        self._by_address: dict[str, Controller] = {}

    def controller(self, name: str, address: str, *, public: bool = False) -> Controller:
        """Put a new controller on the air.

        Args:
            name: For messages; it seeds what the controller draws at random.
            address: Kept for the host, which sets it.
            public: Give it out as public address too, to a host that does not know it. Bumble's hosts take
                a public address for their identity, and then find no bond of a peer on its random one.

        Raises:
            ValueError: the address is malformed or on the air already.
        """
        key = hci.Address(address).to_string(with_type_qualifier=False)
        if key in self._by_address:
            raise ValueError(f"address {key} is on this air already, as {self._by_address[key].name}")
        self._by_address[key] = made = Controller(name, self._link, key if public else None)
        return made

    def remove(self, controller: Controller) -> None:
        """Take a controller off the air; its links end at once for the peers, its host hears nothing more."""
        controller.drop_links(tell_host=False)
        controller.fall_silent()
        controller.set_packet_sink(None)
        self._link.remove_controller(controller)
        self._by_address = {key: each for key, each in self._by_address.items() if each is not controller}

    def remove_address(self, address: str) -> None:
        """Take the controller of an address off the air.

        Raises:
            KeyError: it is not on this air.
        """
        self.remove(self._by_address[hci.Address(address).to_string(with_type_qualifier=False)])

    def unplug(self, device: device.Device) -> None:
        """Take a device's controller off the air under its host, as a hand takes an adapter off a computer.

        Raises:
            KeyError: it is not on this air.
        """
        self.remove_address(str(device.random_address))
        device.host.emit("flush")

    def host(self, controller: Controller) -> Host:
        """Return a Bumble host in this process for a controller."""
        return Host(controller, _Sink(controller))

    def device(self, name: str, address: str, config: device.DeviceConfiguration | None = None) -> Device:
        """Put a Bumble device on the air, peripheral or central; it still has to be powered on.

        Raises:
            ValueError: the address is malformed or on the air already.
        """
        host = self.host(self.controller(name, address))
        return Device(name=name, address=hci.Address(address), config=config, host=host)
