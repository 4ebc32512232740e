"""What every section of the settings shares."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Positive = Annotated[timedelta, Field(gt=timedelta(0))]


class Section(BaseModel):
    """One table of the TOML file; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
