"""What a browser complains of: scripts that fail, what the policy forbids, what does not load."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

_LEFT = "net::ERR_ABORTED"
"""A page that is left lets go of what it still waits for."""
_STATUS = "Failed to load resource: the server responded with a status of"
"""Of which the answers themselves tell more."""


class Complaints:
    def __init__(self) -> None:
        self.all: list[str] = []
        self.looked_for: tuple[str, ...] = ()
        """Ends of what a test brings about on purpose."""

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._said)
        context.on("weberror", lambda error: self.all.append(str(error.error)))
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    @property
    def unlooked_for(self) -> list[str]:
        return [one for one in self.all if not one.endswith(self.looked_for)]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_STATUS):
            self.all.append(message.text)

    def _failed(self, request: Request) -> None:
        if request.failure != _LEFT:
            self.all.append(f"{request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        """A form that is refused is no failure; a picture that is missing is."""
        document = response.request.resource_type == "document"
        if response.status >= 500 or (response.status >= 400 and not document):
            self.all.append(f"{response.url}: {response.status}")
