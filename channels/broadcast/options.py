"""What a city sets for its radio and TV scripts."""

from pydantic import BaseModel, ConfigDict, Field

from channels.broadcast.spoken import Policy


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: str = Field(default="broadcast", pattern=r"^[0-9A-Za-z_-]{1,40}$")
    """The newsroom's folder inside the output folder."""
    chars_per_minute: int = Field(default=240, ge=120, le=320)
    max_seconds: int = Field(default=180, ge=30, le=3600)
    """A longer text is read in outline; an urgent one is always read whole."""
    opening: str = "听众朋友，下面播送政务公开信息。"
    opening_urgent: str = "听众朋友请注意，下面播送紧急信息。"
    opening_correction: str = "听众朋友，下面播送更正启事。"
    opening_withdrawal: str = "听众朋友，下面播送撤回说明。"
    shortened: str = "全文较长，这里播送要点。"
    """Said after the lead when only an outline is read."""
    policy: Policy = Field(default_factory=Policy)
