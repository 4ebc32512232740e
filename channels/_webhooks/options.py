"""What a city says of its calls to other systems."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from channels._webhooks.networks import NAMEABLE, Network, may_be_named

Bounded = Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(seconds=60))]


class Options(BaseModel):
    """`networks` are the inner ones that may be called: none by themselves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    networks: tuple[Network, ...] = ()
    connect_timeout: Bounded = timedelta(seconds=5)
    read_timeout: Bounded = timedelta(seconds=10)

    @field_validator("networks")
    @classmethod
    def _inner(cls, value: tuple[Network, ...]) -> tuple[Network, ...]:
        """One word too wide, 0.0.0.0/0, and the guard would be no guard."""
        for one in value:
            if not may_be_named(one):
                known = "、".join(map(str, NAMEABLE))
                raise ValueError(
                    f"{one} 不全是内部网络，请写窄一些，如 10.12.0.0/16；"
                    f"只能写 {known} 以内的网段，公网地址不用写就能访问"
                )
        return value
