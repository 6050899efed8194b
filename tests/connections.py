"""Connections as a server's other end sees them: whether it hung up, and how many it holds."""

import contextlib
import ssl
from pathlib import Path


def is_hung_up(connection):
    """Wait until the other end closes, whatever it says before."""
    try:
        while connection.recv(65536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def is_hung_up_over_tls(plain, certificate, protocol):
    """The same before a handshake, where `protocol` is None, or after one that agreed on it."""
    if protocol is None:
        return is_hung_up(plain)
    context = ssl.create_default_context(cafile=str(certificate[0]))
    context.set_alpn_protocols([protocol])
    with context.wrap_socket(plain, server_hostname="localhost") as wrapped:
        assert wrapped.selected_alpn_protocol() == protocol
        return is_hung_up(wrapped)


def sockets_of(process):
    """How many a process holds, as the kernel counts them."""
    count = 0
    for name in Path(f"/proc/{process.pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            count += name.readlink().name.startswith("socket:")
    return count
