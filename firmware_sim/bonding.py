"""How a device pairs: with everybody who asks, but with LE Secure Connections and a bond or not at all."""

from collections.abc import Callable

from bumble import smp
from bumble.pairing import PairingConfig, PairingDelegate

from firmware_sim.stack import PairingSession


class BondingSession(PairingSession):
    """One pairing, which refuses legacy pairing and pairing without a bond."""

    def on_smp_pairing_request_command(self, command: smp.SMP_Pairing_Request_Command) -> None:
        """Take the other side's wish."""
        needed = smp.AuthReq.SC | smp.AuthReq.BONDING
        if command.auth_req & needed != needed:
            self.send_pairing_failed(smp.ErrorCode.AUTHENTICATION_REQUIREMENTS)
            return
        super().on_smp_pairing_request_command(command)


class Bonding(PairingConfig):
    """Just Works, because a massager has neither a display nor keys; a host that lost its key may pair anew.

    Args:
        may_pair: Whether the device takes a new bond now.
    """

    def __init__(self, may_pair: Callable[[], bool]) -> None:
        super().__init__(
            sc=True,
            mitm=False,
            bonding=True,
            delegate=_Delegate(may_pair),
            # The address it advertises with; a controller's own public one would not be found again.
            identity_address_type=PairingConfig.AddressType.RANDOM,
        )


class _Delegate(PairingDelegate):
    def __init__(self, may_pair: Callable[[], bool]) -> None:
        super().__init__(io_capability=PairingDelegate.NO_OUTPUT_NO_INPUT)
        self._may_pair = may_pair

    async def accept(self) -> bool:
        return self._may_pair()
