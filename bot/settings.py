"""The only reader of the environment: every setting, its default and its meaning.

A setting ``foo_bar`` is read from ``BANKBOT_FOO_BAR`` or from a ``.env`` file beside
``config.yml``. Only entry points call :func:`load_settings`; everything below takes values.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from pydantic import BaseSettings, Field, ValidationError

from bot.errors import ConfigError

# Shorter keys can be guessed; RFC 7518 section 3.2 asks 256 bits of an HS256 key.
MIN_SECRET_CHARS = 32


class Settings(BaseSettings):
    """All settings; times in seconds, sizes in characters unless the name says otherwise."""

    demo: bool = Field(default=False, description="demo customers, demo outbox and the page at /")

    var_dir: Path = Field(default=Path("var"), description="everything written at run time")
    faq_dir: Path = Field(default=Path("data/faq"), description="the FAQ bank's source files")
    database_url: str = Field(default="sqlite:///var/bankbot.db", description="SQLAlchemy URL")
    bank: str = Field(
        default="bot.banking.stub:make_bank",
        description="banking adapters, module:factory; the factory takes (db, secret)",
    )
    service_phone: str = Field(
        default="400-000-9527",
        description="the bank's telephone number, told when its systems do not answer",
    )
    faq_encoder: str | None = Field(
        default=None,
        description="a sentence-transformers model by path or hub name; default: the project's own",
    )

    complaint_codes: Path = Field(
        default=Path("data/complaints/codes-example.csv"),
        description="the bank's table of codes after JR/T 0169-2018; the default is an example",
    )

    secret_key: str | None = Field(
        default=None,
        description="signs conversation tokens, seals one-time codes; needed outside demo mode",
    )
    customer_jwt_key: str | None = Field(
        default=None,
        description="key the bank's app signs customer tokens with: HS256 secret or PEM public key",
    )
    customer_jwt_algorithm: str = Field(default="HS256", description="HS256, RS256 or ES256")
    conversation_ttl: int = Field(default=86_400, description="life of a conversation token")

    gateway_host: str = Field(default="127.0.0.1", description="address the public door listens on")
    gateway_port: int = 8000
    rasa_port: int = 5005
    actions_port: int = 5055
    rasa_url: str | None = Field(default=None, description="default: loopback at rasa_port")
    actions_url: str | None = Field(default=None, description="default: loopback at actions_port")
    assistant_timeout: float = Field(
        default=12.0, description="longest wait for the assistant's answer"
    )
    allowed_origins: list[str] = Field(
        default=[], description="pages of the bank that embed the widget"
    )

    message_max_chars: int = 2_000
    messages_per_minute: int = Field(default=30, description="of one conversation")
    conversations_per_minute: int = Field(default=20, description="opened from one address")
    suggestions_per_minute: int = Field(
        default=300, description="asked for while typing, from one address"
    )
    files_per_minute: int = Field(default=10, description="handed in by one conversation")
    file_max_bytes: int = Field(default=10_000_000, description="of one file, in bytes")
    hot_questions: list[str] = Field(
        default=[
            "loss.how",
            "transfer.time",
            "transfer.limit",
            "mobile.statement",
            "credit.annual_fee",
        ],
        description="FAQ entries an empty conversation opens with while the log is young",
    )

    sign_ins_per_minute: int = Field(default=20, description="of staff, tried from one address")
    staff_failures: int = Field(default=5, description="wrong passwords that lock a name")
    staff_lockout: int = Field(default=900, description="how long a name stays locked")
    staff_session_idle: int = Field(default=1_800, description="unused for so long, staff are out")
    staff_session_ttl: int = Field(default=43_200, description="a staff session's longest life")

    routes_file: Path = Field(
        default=Path("data/routes.yml"), description="who serves what; see bankbot desk check"
    )
    replies_file: Path = Field(
        default=Path("data/replies.yml"), description="agents' canned replies"
    )
    reveals_a_day: int = Field(
        default=100, description="customers' values an agent may see in plain (T/PCAC 0001-2023)"
    )
    handoff_url: str | None = Field(
        default=None, description="the bank's own desk, which takes events there; default: ours"
    )
    handoff_key: str | None = Field(
        default=None, description="signs events to and from the bank's own desk"
    )
    agent: str | None = Field(
        default=None, description="who `bankbot desk` and `bankbot complaints` act as, e.g. A001"
    )

    class Config:
        env_prefix = "BANKBOT_"
        env_file = ".env"

    @property
    def rasa_base_url(self) -> str:
        """Where the gateway reaches Rasa."""
        return self.rasa_url or f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_base_url(self) -> str:
        """Where the action server answers its health check."""
        return self.actions_url or f"http://127.0.0.1:{self.actions_port}"

    @property
    def encoder_path(self) -> str:
        """The encoder to load: the configured one, or the one trained on the FAQ bank."""
        return self.faq_encoder or str(self.var_dir / "encoder")

    @property
    def faq_publications(self) -> Path:
        """Folder of FAQ publications."""
        return self.var_dir / "faq"

    def secret(self) -> bytes:
        """The signing key; demo mode makes one on first use and keeps it under ``var/``."""
        if self.secret_key is not None:
            if len(self.secret_key) < MIN_SECRET_CHARS:
                raise ConfigError(
                    f"BANKBOT_SECRET_KEY has {len(self.secret_key)} characters: "
                    f"use at least {MIN_SECRET_CHARS}"
                )
            return self.secret_key.encode()
        if not self.demo:
            raise ConfigError(
                "BANKBOT_SECRET_KEY is not set: give it a random value of "
                f"{MIN_SECRET_CHARS}+ characters (only demo mode makes one by itself)"
            )
        return _kept_secret(self.var_dir / "secret.key")

    def desk_elsewhere(self) -> tuple[str, bytes] | None:
        """Address and key of the bank's own desk; None for the built-in one."""
        if self.handoff_url is None:
            return None
        if self.handoff_key is None:
            raise ConfigError(
                "BANKBOT_HANDOFF_KEY is not set: events to BANKBOT_HANDOFF_URL have to be signed"
            )
        return self.handoff_url, self.handoff_key.encode()

    def customer_key(self) -> str:
        """What customer tokens are verified with; demo mode signs its own customers."""
        if self.customer_jwt_key is not None:
            return self.customer_jwt_key
        if not self.demo:
            raise ConfigError(
                "BANKBOT_CUSTOMER_JWT_KEY is not set: give the key your app signs customers with"
            )
        return self.secret().hex()


def load_settings() -> Settings:
    """Read the environment; a bad value is a :class:`ConfigError` naming the variable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "BANKBOT_" + str(first["loc"][0]).upper()
        raise ConfigError(f"{name}: {first['msg']}") from None


def _kept_secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        # Of two processes starting at once one links its key, whole, and both read that one.
        with suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text().strip().encode()
