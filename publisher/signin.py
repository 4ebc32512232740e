"""Sign-in with the city's own account system, beside passwords. Pure: an adapter does the asking.

An adapter's module offers `Options` (a pydantic model, unknown keys forbidden) and
`build(options: Options) -> SignIn`. It is found by its dotted name, as a channel is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class SignInFailed(Exception):
    """Nobody was signed in; one Chinese sentence for the person who tried, no secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """One sign-in that is under way: where to send the browser, and what only we may know.

    Keep it on the server, for this one browser and for some minutes, and use it once.
    """

    url: str = field(repr=False)  # holds state and nonce
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class SignIn(Protocol):
    """An account system that says who somebody is. What that person may do is not its business."""

    @property
    def title(self) -> str:
        """What staff call it."""
        ...

    def begin(self, redirect_uri: str) -> Begun:
        """Begin a sign-in that comes back to this address of ours. Raises SignInFailed."""
        ...

    def finish(self, begun: Begun, answer: Mapping[str, str], redirect_uri: str) -> str:
        """The login name of whoever came back with this answer, the query of that address.

        Raises SignInFailed when anything about the answer is in doubt.
        """
        ...
