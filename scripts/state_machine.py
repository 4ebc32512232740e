"""Write docs/state-machine.md from the code: `python scripts/state_machine.py [--check]`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from publisher.model import ARROWS, Status  # noqa: E402 - the path must be set first
from publisher.report import STATUS_WORDS  # noqa: E402

MEANING = {
    Status.QUEUED: "will go out at `due_at`: its time, its digest, or its next try",
    Status.HELD: "blocked on purpose",
    Status.SENDING: "a worker has it; a call may be in flight",
    Status.ACCEPTED: "the other side took it; the end is not known yet",
    Status.AWAITING: "a person must air, post or hand over, and then confirm",
    Status.DELIVERED: "verified visible, or confirmed by a person",
    Status.UNKNOWN: "it may be out; never resent by machine",
    Status.FAILED: "it is certainly not out; the reason class says whose move it is",
    Status.LOST: "was delivered, later found gone, blocked or altered",
    Status.CANCELLED: "stopped before anything left",
}

OURS = """## Where our responsibility ends

| channel | accepted | awaiting | delivered |
| --- | --- | --- | --- |
| website | — | — | every file of the page was replaced and read back with its hash |
| wechat | WeChat returned a publish id | — | WeChat says published; the article URL is kept |
| sms | the gateway took the batch | — | every recipient has an end; counts stand in the reason |
| broadcast | — | the script lies in the newsroom's folder | a person confirms the airing |
| noticeboard | — | the sheet lies in the print folder | a person confirms place and time |
"""


def page() -> str:
    lines = [
        "# Delivery status",
        "",
        "Generated from `publisher/model.py` by `scripts/state_machine.py`; a test compares them.",
        "",
        "| status | for staff | meaning | may go to |",
        "| --- | --- | --- | --- |",
    ]
    for status in Status:
        arrows = ", ".join(to for to in Status if to in ARROWS[status]) or "—"
        lines.append(f"| `{status}` | {STATUS_WORDS[status]} | {MEANING[status]} | {arrows} |")
    lines += ["", "```mermaid", "stateDiagram-v2", "    [*] --> queued"]
    lines += [
        f"    {status} --> {to}" for status in Status for to in Status if to in ARROWS[status]
    ]
    lines += ["    cancelled --> [*]", "```", ""]
    return "\n".join(lines) + "\n" + OURS


def main() -> int:
    target = ROOT / "docs" / "state-machine.md"
    if "--check" in sys.argv:
        return 0 if target.read_text("utf-8") == page() else 1
    target.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
