"""Bytes: one codec per device family, pure and without I/O.

May import model alone. A codec encodes what it is given and caps nothing: limits are checked before it
(safety), around it (guardian), and once more on its finished bytes (guardian/gate.py).
"""

from massager.model.errors import UnknownDeviceError
from massager.protocol.codec import Codec
from massager.protocol.reference import ReferenceCodec

CODECS: dict[str, type[Codec]] = {"reference": ReferenceCodec}


def codec_for(name: str) -> Codec:
    """The codec of a device profile.

    Raises:
        UnknownDeviceError: There is none of that name.
    """
    if name not in CODECS:
        raise UnknownDeviceError(f"no codec named {name!r}; there are: {', '.join(sorted(CODECS))}")
    return CODECS[name]()
