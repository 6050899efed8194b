"""The installation's secrets: made at first start, kept in `data/secrets` readable by its owner only.

`data/secrets/` holds `django.key`, `grant.key` (Ed25519, PEM), `kek` (wraps storage keys), `codeword.key`,
`internal.key` (web to edge) and `details.keys` (payees' details, the newest first). The key-encryption key may come
from the environment instead.
"""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alpheus.config.settings import Settings


def _folder(settings: Settings) -> Path:
    folder = settings.data / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _once(path: Path, make: bytes) -> bytes:
    """Write a secret if it is not there yet; two processes that race keep the first one's."""
    if not path.exists():
        draft = _drafted(path, make)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def _drafted(path: Path, content: bytes) -> Path:
    """A file beside, on disk, that is to become this one."""
    draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def django_key(settings: Settings) -> str:
    """Django's SECRET_KEY: sessions and signed cookies."""
    return _once(_folder(settings) / "django.key", secrets.token_urlsafe(50).encode()).decode()


def grant_private_key(settings: Settings) -> bytes:
    """The Ed25519 key that signs grants, PEM (PKCS #8). web only."""
    made = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return _once(_folder(settings) / "grant.key", made)


def grant_public_key(settings: Settings) -> bytes:
    """The public half, PEM (SubjectPublicKeyInfo): all that an edge knows."""
    key = serialization.load_pem_private_key(grant_private_key(settings), password=None)
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_encryption_key(settings: Settings) -> bytes:
    """32 bytes that wrap every rendition's storage key."""
    if settings.key_encryption_key:
        return bytes.fromhex(settings.key_encryption_key)
    return _once(_folder(settings) / "kek", secrets.token_bytes(32))


def codeword_key(settings: Settings) -> bytes:
    """32 bytes that derive codewords: edge and worker."""
    return _once(_folder(settings) / "codeword.key", secrets.token_bytes(32))


def internal_key(settings: Settings) -> bytes:
    """32 bytes that authenticate web and command line to an edge's internal routes."""
    return _once(_folder(settings) / "internal.key", secrets.token_bytes(32))


def details_keys(settings: Settings) -> tuple[bytes, ...]:
    """Keys of 32 bytes that seal payees' details, the newest first: it seals, all of them open."""
    text = _once(_folder(settings) / "details.keys", f"{secrets.token_hex(32)}\n".encode()).decode()
    return tuple(bytes.fromhex(row) for row in text.split())


def add_details_key(settings: Settings) -> tuple[bytes, ...]:
    """Put a new key before the others. Returns all of them."""
    return _write_details_keys(settings, (secrets.token_bytes(32), *details_keys(settings)))


def drop_old_details_keys(settings: Settings) -> int:
    """Keep the newest key only; call it when nothing is sealed under the others. Returns how many went."""
    newest, *old = details_keys(settings)
    _write_details_keys(settings, (newest,))
    return len(old)


def _write_details_keys(settings: Settings, keys: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Whole or not at all: whoever reads meanwhile finds the file before or after."""
    path = _folder(settings) / "details.keys"
    _drafted(path, "".join(f"{key.hex()}\n" for key in keys).encode()).replace(path)
    return keys
