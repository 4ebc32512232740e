"""How long what may stand before an inspector calls it stale, and how much of that is too much."""

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """The numbers of the inspection indicators of 2019; a city may set stricter ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home_days: int = Field(default=14, ge=1)
    home_warning_days: int = Field(default=10, ge=1)
    lively_days: int = Field(default=14, ge=1)
    """For columns of news: they are told by their type or by a word in their name."""
    lively_words: tuple[str, ...] = ("动态", "要闻")
    steady_days: int = Field(default=183, ge=1)
    """For notices and policy papers, and whatever is not news."""
    columns: tuple[str, ...] = ("field", "stage")
    """Which kinds of lists are columns. A year that is over and a bygone topic go stale rightly."""
    most_stale: int = Field(default=5, ge=1)
    most_empty: int = Field(default=5, ge=1)
    """From so many columns on, the whole site fails the inspection at once."""
