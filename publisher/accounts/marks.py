"""What is handed out to be shown again: random, and kept here as SHA-256 only."""

import hashlib
import secrets

LENGTH = 43  # of 32 random bytes in URL-safe Base64


def new_mark() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def digest_of(mark: str) -> bytes:
    """What is kept of it. Nobody can guess 256 bits, so a fast hash is enough."""
    return hashlib.sha256(mark.encode("utf-8", "surrogatepass")).digest()
