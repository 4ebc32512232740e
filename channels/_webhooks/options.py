"""What a city says of its calls to other systems."""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Bounded = Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(seconds=60))]


class Options(BaseModel):
    """`networks` are the inner ones that may be called: none by themselves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    connect_timeout: Bounded = timedelta(seconds=5)
    read_timeout: Bounded = timedelta(seconds=10)
