"""Every setting, typed and frozen, from the environment with working defaults.

Each is read from `ALPHEUS_<NAME>`; `docs/operations.md` lists them all and a test keeps it complete.
"""

import json
import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from alpheus.config.database import database_of
from alpheus.config.edges import named_edges, own_edge
from alpheus.config.sign_in import KINDS, Provider, twice
from alpheus.rights.rules import Access
from alpheus.values.errors import MoneyInvalid
from alpheus.values.money import exactly, parse_currency


class SettingsError(Exception):
    """A setting is unusable; the message names it, says why, and what to write instead."""


class Settings(BaseSettings):
    """The installation's settings. Built once per process by `load`."""

    # What is wrong is told without what was given: a URL may hold a password.
    model_config = SettingsConfigDict(
        env_prefix="ALPHEUS_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    data: Path = Field(
        default=Path("data"), description="The one data folder: database, objects, logs, secrets."
    )
    bind: str = Field(default="127.0.0.1", description="Address that web and edge listen on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port of web.")
    edge_port: int = Field(
        default=8001, ge=1, le=65535, description="Port of the edge; of several here, the first of theirs."
    )
    edge_count: int = Field(
        default=1, ge=1, le=16, description="Edges that `alpheus up` runs on this machine, on ports in a row."
    )
    edges: str = Field(
        default="",
        description="Edges on several machines: `id public internal`, with semicolons; one more word, `draining`, for none that get new streams.",
    )
    edge_id: str = Field(default="", description="Which of them runs here; the first when empty.")
    public_url: str = Field(
        default="",
        description="Where listeners reach web, such as https://music.example; derived when empty.",
    )
    edge_url: str = Field(
        default="", description="Where listeners reach the edge; derived from the page's host when empty."
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("127.0.0.1", "localhost", "[::1]"),
        description="Host names that web answers to, with commas.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=8,
        description="How many proxies in front of web append to X-Forwarded-For; 0 ignores that header.",
    )
    territory: str = Field(
        default="",
        pattern=r"^([A-Z]{2})?$",
        description="Where listeners are when no header says so (ISO 3166-1 alpha-2, such as NL); empty: not known.",
    )
    territory_header: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9-]*$",
        description="Header in which a proxy says where a listener is, such as CF-IPCountry; needs trusted_proxies.",
    )
    access: Access = Field(
        default=Access.OPEN, description="Who hears whole recordings: open, members or by_right."
    )
    title: str = Field(default="Alpheus", max_length=60, description="The installation's name on its pages.")
    isrc_prefix: str = Field(
        default="",
        pattern=r"^([A-Z]{2}[A-Z0-9]{3})?$",
        description="Country and registrant code that the ISRC agency gave you, such as JPABC; recordings are then given ISRCs.",
    )
    gs1_prefix: str = Field(
        default="",
        pattern=r"^([0-9]{6,11})?$",
        description="Company prefix that GS1 gave you, its digits (one for UPCs only has a 0 before it); releases are then given UPCs.",
    )
    debug: bool = Field(default=False, description="Django's debug pages; never on a public machine.")
    log_level: str = Field(default="info", description="debug, info, warning or error.")
    log_json: bool = Field(default=False, description="Logs as JSON lines instead of coloured text.")
    import_jobs: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        description="Processes that decode and encode at once.",
    )
    database_url: str = Field(
        default="",
        description="postgresql://user:password@host:port/name; SQLite under data when empty.",
        repr=False,
    )
    storage_url: str = Field(
        default="", description="Object store, such as s3://bucket/prefix; a folder under data when empty."
    )
    key_encryption_key: str = Field(
        default="",
        description="32 bytes as hex that wrap all storage keys; kept in data/secrets when empty (doctor warns).",
        repr=False,
    )
    epoch_seconds: int = Field(default=3600, ge=10, description="How long an epoch's names and keys hold.")
    epoch_grace_seconds: int = Field(
        default=120, ge=1, description="How long the last epoch is still honoured."
    )
    lead_seconds: float = Field(
        default=20.0, ge=8, description="Music released ahead of the playhead at most; two segments or more."
    )
    seek_seconds: float = Field(default=60.0, ge=0, description="Extra music that seeking may release.")
    cache_bytes: int = Field(default=256 * 2**20, ge=2**20, description="Memory of the edge's cloud cache.")
    preview_seconds: int = Field(default=30, ge=5, le=120, description="Length of a preview.")
    tls_certificate: str = Field(default="", description="PEM file; with tls_key, web and edge speak HTTPS.")
    tls_key: str = Field(default="", description="PEM file of the certificate's private key.")
    mail_url: str = Field(
        default="console://", description="console:// or smtp://user:password@host:port; +tls with smtps://."
    )
    mail_from: str = Field(default="alpheus@localhost", description="Sender of the installation's letters.")
    verify_email: Literal["auto", "required", "optional"] = Field(
        default="auto",
        description="Whether a new account must confirm its address; auto asks for it where letters go by SMTP. Passkeys alone sign up only then.",
    )
    sign_ups_daily: int = Field(
        default=20,
        ge=1,
        description="New accounts from one network (an IPv4 address, an IPv6 /64) in a day (UTC); each is a whole listening gate.",
    )
    sign_in_providers: Annotated[tuple[Provider, ...], NoDecode] = Field(
        default=(),
        description="Whom else accounts may sign in with: a JSON list, see Signing in.",
        repr=False,
    )
    erase_after_days: int = Field(
        default=14, ge=0, le=90, description="Days from asking to delete an account until it is erased."
    )
    export_days: int = Field(
        default=7, ge=1, le=30, description="Days that an account's exported data can be loaded."
    )
    upload_bytes_max: int = Field(
        default=2 * 2**30, ge=2**20, le=4 * 2**30, description="Bytes that one uploaded file may have."
    )
    upload_account_bytes_max: int = Field(
        default=4 * 2**30, ge=2**20, description="Bytes of uploads that one account may keep unfinished."
    )
    upload_days: int = Field(
        default=7, ge=1, le=90, description="Days that an unfinished upload waits for its next byte."
    )
    currency: str = Field(
        default="CNY",
        description="The house's currency (ISO 4217): rates refer to it, and new prices are in it.",
    )
    default_track_price: str = Field(
        default="0.80",
        pattern=r"^\d{1,9}(\.\d{1,3})?$",
        description="What a track costs whose musician set no price, in that currency.",
    )
    clean_daily: bool = Field(default=True, description="Whether the worker cleans once a day.")
    clean_grace_hours: int = Field(
        default=24,
        ge=1,
        description="Hours that objects stay which nothing names; running imports need them.",
    )
    clean_renditions_days: int = Field(
        default=0,
        ge=0,
        description="Days that a removed recording keeps its renditions; 0 for ever, because no other copy may be left.",
    )
    clean_keylog_days: int = Field(
        default=35, ge=8, description="Days that key log segments stay which are sealed and folded."
    )
    clean_grants_days: int = Field(
        default=35, ge=8, description="Days that expired grants stay under which nothing was heard."
    )
    clean_guests_days: int = Field(
        default=90, ge=1, description="Days that guests stay who heard nothing and do not come back."
    )
    clean_notices_days: int = Field(
        default=1095,
        ge=1,
        description="Days that a dismissed notice keeps who gave it; what was decided stays for ever.",
    )
    clean_tasks_days: int = Field(default=14, ge=1, description="Days that results of finished tasks stay.")
    clean_logs_days: int = Field(default=30, ge=1, description="Days that rotated logs stay.")

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("sign_in_providers", mode="before")
    @classmethod
    def _list_of_providers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            given = json.loads(value or "[]")
        except json.JSONDecodeError:
            given = None
        if not isinstance(given, list):
            raise ValueError(f"must be a JSON list of objects; each has a kind: {', '.join(KINDS)}")  # noqa: TRY004
        return tuple(given)

    @field_validator("sign_in_providers")
    @classmethod
    def _providers_differ(cls, value: tuple[Provider, ...]) -> tuple[Provider, ...]:
        if name := twice(value):
            raise ValueError(f"names {name} twice; give each its own id")
        return value

    @field_validator("key_encryption_key")
    @classmethod
    def _hex_of_32_bytes(cls, value: str) -> str:
        if value and (len(value) != 64 or not set(value.lower()) <= set("0123456789abcdef")):
            raise ValueError("must be 64 hexadecimal digits; make one with: openssl rand -hex 32")
        return value

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, value: str) -> str:
        return parse_currency(value)

    @model_validator(mode="after")
    def _a_price_of_the_currency(self) -> "Settings":
        try:
            is_something = exactly(Decimal(self.default_track_price), parse_currency(self.currency)).minor > 0
        except MoneyInvalid as error:
            raise ValueError(f"ALPHEUS_DEFAULT_TRACK_PRICE: {error}") from error
        if not is_something:
            raise ValueError("ALPHEUS_DEFAULT_TRACK_PRICE: a price is more than nothing")
        return self

    @field_validator("edges")
    @classmethod
    def _edges(cls, value: str) -> str:
        named_edges(value)
        return value

    @model_validator(mode="after")
    def _one_way_to_name_edges(self) -> "Settings":
        if self.edges and (self.edge_count > 1 or self.edge_url):
            raise ValueError(
                "ALPHEUS_EDGES names all edges; leave ALPHEUS_EDGE_COUNT and ALPHEUS_EDGE_URL out beside it"
            )
        if self.edge_url and self.edge_count > 1:
            raise ValueError(
                "ALPHEUS_EDGE_URL is one address, and there are several edges: name each with its own in ALPHEUS_EDGES"
            )
        if (
            self.edge_port + self.edge_count > 65536
            or self.edge_port <= self.port < self.edge_port + self.edge_count
        ):
            raise ValueError(
                f"ALPHEUS_EDGE_COUNT: ports from {self.edge_port} on do not hold {self.edge_count} edges beside web's {self.port}"
            )
        own_edge(self, "")
        return self

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        database_of(value, data=Path())
        return value

    @property
    def is_https(self) -> bool:
        """Whether listeners reach web by TLS only: its own, or that of a proxy which the public address names."""
        return bool(self.tls_certificate) or self.public_url.startswith("https://")

    @property
    def must_verify_email(self) -> bool:
        """Whether a new account signs in only once its address is confirmed."""
        if self.verify_email == "auto":
            return self.mail_url.startswith("smtp")
        return self.verify_email == "required"

    @property
    def objects_url(self) -> str:
        """The object store's URL, the folder under `data` by default."""
        return self.storage_url or (self.data.resolve() / "objects").as_uri()


@cache
def load() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: a value is unusable, or a variable with our prefix names no setting.
    """
    known = {f"ALPHEUS_{name.upper()}" for name in Settings.model_fields} | {"ALPHEUS_EDGE_OPTIONS"}
    unknown = sorted(name for name in os.environ if name.startswith("ALPHEUS_") and name not in known)
    if unknown:
        raise SettingsError(f"{', '.join(unknown)}: no such setting. See docs/operations.md for the list.")
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"ALPHEUS_{str(e['loc'][0]).upper()}: {''.join(f'{part}: ' for part in e['loc'][1:])}{e['msg']}"
            if e["loc"]
            else e["msg"]
            for e in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from error
