"""Settings of the fraud part, from the environment: FRAUD_TIMEOUT=0.2 sets `timeout`, and so on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from helpers.models.reaching import NAME
from helpers.serving.fraud.policy import RULE_ABOVE


class FraudSettings(BaseSettings):
    """What differs between a test and a shop; the service's own settings stay as they are.

    folder: where labels, the log of decisions and a copy of the champion are kept; left out,
    they are forgotten at the end. model: the registered model's name. every: seconds between two
    looks into the registry; 0 looks at the start and when asked. timeout: seconds that a model
    may take for one payment. failures: so many in a row give the model a rest, of `rest` seconds.
    rule_above: cents above which the rule declines where no model decides. carried: a folder with
    the one model that is served, as an image carries it; the registry is then not asked. shared:
    whether other processes take payments into the same ledger, whose payments count here too.
    """

    model_config = SettingsConfigDict(env_prefix="FRAUD_", frozen=True)

    folder: Path | None = None
    model: str = NAME
    every: Annotated[float, Field(ge=0)] = 5.0
    timeout: Annotated[float, Field(gt=0)] = 0.1
    failures: Annotated[int, Field(ge=1)] = 3
    rest: Annotated[float, Field(ge=0)] = 5.0
    rule_above: Annotated[int, Field(ge=0)] = RULE_ABOVE
    carried: Path | None = None
    shared: bool = False
