"""Settings, read from the environment: CHECKOUT_PORT=8000 sets `port`, and so on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from . import __version__
from .pricing import Voucher


class VoucherSetting(BaseModel):
    """A voucher as the environment gives it; see pricing.Voucher."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{3,20}$")]
    kind: Literal["percent", "amount"]
    value: Annotated[int, Field(ge=1)]
    minimum_cents: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _at_most_all(self) -> VoucherSetting:
        if self.kind == "percent" and self.value > 100:
            raise ValueError("a percentage is at most 100")
        return self


class Settings(BaseSettings):
    """All that differs between a laptop, a test and a shop.

    ledger: path of the SQLite file; ":memory:" forgets all payments at the end of the process.
    body_limit: bytes of a request's body. drain_seconds: how long the service still takes
    requests after it was told to stop, so that balancers notice; grace_seconds: how long it then
    waits for requests that are under way. vouchers: a JSON list.

    Raises pydantic.ValidationError where a variable has a value that cannot be.
    """

    model_config = SettingsConfigDict(env_prefix="CHECKOUT_", frozen=True)

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    ledger: str = ":memory:"
    version: Annotated[str, Field(pattern=r"^[\w.+-]{1,60}$")] = __version__
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    body_limit: Annotated[int, Field(ge=0)] = 64 * 1024
    drain_seconds: Annotated[float, Field(ge=0)] = 0.0
    grace_seconds: Annotated[int, Field(ge=0)] = 10
    vouchers: tuple[VoucherSetting, ...] = (
        VoucherSetting(code="WELCOME10", kind="percent", value=10, minimum_cents=2000),
        VoucherSetting(code="FIVER", kind="amount", value=500, minimum_cents=2500),
    )

    def voucher(self, code: str) -> Voucher | None:
        """The voucher with this code, or None."""
        found = next((v for v in self.vouchers if v.code == code), None)
        return Voucher(**found.model_dump()) if found else None
