"""Every error of the project, on one page.

A refusal by the safety core is an answer (`decisions.Refusal`), not one of these.
"""

from massager.model.decisions import Refusal


class MassagerError(Exception):
    """Root of all errors; its text is for a person: what, where, what to do."""


# The caller or the surroundings can mend these.


class InvalidProfileError(MassagerError):
    """A profile, program or answers file cannot be used; the text starts with file:line:column."""


class NotFoundError(MassagerError):
    """A program, person, device or file of that name does not exist; the text lists what there is."""


class LinkError(MassagerError):
    """The device or the radio cannot be reached, or was lost."""


class NotPairedError(LinkError):
    """The device will not pair, or does not prove that it is the one that was paired: it is refused."""


class UnknownDeviceError(MassagerError):
    """The device's identity, firmware or capabilities are not those of its profile: it is refused."""


class StoreError(MassagerError):
    """The durable store cannot be opened, read or written; motion is refused."""


class BusyError(StoreError):
    """A living controller has a session for this person or device; it must end first."""


class RestoredError(StoreError):
    """An older backup of the store was put in its place; a caregiver must accept that."""


class NotAllowedError(StoreError):
    """The rules about who may change what, and when, forbid it; nothing was changed."""


class AuthError(MassagerError):
    """This needs a caregiver, and nobody has shown to be one; nothing was changed."""


class NotSignedInError(AuthError):
    """A page of the caregiver's side was asked for, and nobody has signed in there, or not any more."""


class AddressError(MassagerError):
    """The page cannot be served at an address."""


class VisitOverError(NotFoundError):
    """Somebody's way to a start is over, or was begun before this core; they begin it again."""


class ControlSocketError(MassagerError):
    """No core answers on the control socket, or the runtime folder is not ours."""


class RefusedError(MassagerError):
    """To a script, which asked for a session and cannot go on without: the limits refused it.

    Attributes:
        refusal: Why.
    """

    def __init__(self, text: str, refusal: Refusal) -> None:
        super().__init__(text)
        self.refusal = refusal


class NotAtRestError(MassagerError):
    """To a script: the device has not confirmed that it rests; it must be switched off by hand."""


# These mean a bug or a hostile peer.


class MalformedFrameError(MassagerError):
    """Bytes that the protocol does not allow."""


class PipeError(MassagerError):
    """The other end of the guardian's pipe sent something that is not a message."""
