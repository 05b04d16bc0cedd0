"""Every setting, in one frozen object. Nothing else in the application reads the environment.

A setting is an environment variable ``ELEARN_…`` or a line ``NAME=value`` in the file that
``ELEARN_SETTINGS`` names; the environment wins. The table for operators stands in docs/operations.md.
"""

import datetime as dt
import difflib
import itertools
import os
import re
from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict

from elearn import clock
from elearn.errors import Invalid
from elearn.logs import LogForm

MINIMUM_KEY_BYTES = 32
MINIMUM_TOKEN = 20  # characters
NEARLY = 0.85  # of 1.0: how alike a misspelt name is to the one that was meant
SENTENCES = {  # pydantic's faults that a wrong setting can have; those of our own are sentences already
    "int_parsing": "Skriv ett heltal.",
    "greater_than_equal": "Talet ska vara minst {ge}.",
    "less_than_equal": "Talet får vara högst {le}.",
    "enum": "Skriv ett av: {expected}.",
    "bool_parsing": "Skriv 1 för ja eller 0 för nej.",
}


class PasswordUse(StrEnum):
    """Who may log in with a password."""

    ALL = "all"
    EXTERNAL = "external"  # externals and administrators
    ADMINISTRATORS = "administrators"


class PersonColumn(StrEnum):
    """What a claim of the municipality's accounts is compared with: a column of personal.csv."""

    NUMBER = "anställningsnr"
    EMAIL = "e-post"


def data_dir(name: str) -> Path:
    """The folder ``courses``, ``static`` or ``migrations``: beside the package in a checkout, inside an
    installed wheel."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / name
    return checkout if checkout.is_dir() else package / "_data" / name


DECIMAL = re.compile("[0-9]{1,9}([.][0-9]{1,9})?|[.][0-9]{1,9}")


def parse_threshold(text: object) -> Fraction:
    """An exact decimal, 0 < x <= 1 (measure.md, rule 8): ``"0.9"`` and ``"0,9"`` are nine tenths."""
    if isinstance(text, Fraction):
        value = text
    else:
        written = str(text).strip().replace(",", ".")
        if not DECIMAL.fullmatch(written):
            raise ValueError("Tröskeln ska vara ett tal över 0 och högst 1, till exempel 0.9.")
        value = Fraction(written)
    if not 0 < value <= 1:
        raise ValueError("Tröskeln ska vara ett tal över 0 och högst 1, till exempel 0.9.")
    return value


def check_email(text: str) -> str:
    """An e-mail address, or empty."""
    if text and not re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+", text):
        raise ValueError("Skriv en e-postadress, till exempel vpc@kommun.se.")
    return text


def check_phone(text: str) -> str:
    """A telephone number as it is written in Sweden, or empty. Whatever passes can be dialled
    (content/phones.py)."""
    digit_count = len(re.sub(r"\D", "", text))
    if text and not (
        re.fullmatch(r"0[1-9][0-9]{0,2}-[0-9]{1,3}(?: [0-9]{2,3})*", text) and 8 <= digit_count <= 10
    ):
        raise ValueError("Skriv telefonnumret med riktnummer, till exempel 08-530 610 00.")
    return text


Email = Annotated[str, AfterValidator(str.strip), AfterValidator(check_email)]
Phone = Annotated[str, AfterValidator(str.strip), AfterValidator(check_phone)]
Threshold = Annotated[Fraction, BeforeValidator(parse_threshold)]


class Settings(BaseSettings):
    """See docs/operations.md for each one in Swedish kommun's terms; the defaults stand there too."""

    model_config = SettingsConfigDict(
        env_prefix="ELEARN_", frozen=True, extra="ignore", arbitrary_types_allowed=True
    )

    database_url: str = "sqlite:///var/elearn.db"
    courses_dir: Path = Field(default_factory=lambda: data_dir("courses"))
    import_dir: Path | None = None
    secret_key: SecretStr = SecretStr("")
    secret_key_file: Path | None = None
    public_url: str = ""
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    workers: int = Field(default_factory=lambda: min(os.cpu_count() or 1, 4), ge=1)
    municipality: str = "Botkyrka kommun"
    threshold: Threshold = Fraction(9, 10)
    due_days: int = Field(default=90, ge=0, le=3650)
    renewal_days: int = Field(default=90, ge=0, le=3650)
    small_group: int = Field(default=5, ge=1)
    vpc_joins_from: int = Field(default=2, ge=1)
    vpc_leads_from: int = Field(default=3, ge=1)
    quick_exit_url: str = "https://www.smhi.se/vader"
    contact_email: Email = ""
    contact_phone: Phone = ""
    dpo_email: Email = ""
    legal_basis: str = ""
    period_people: str = ""
    period_results: str = ""
    keep_left_days: int | None = Field(default=None, ge=30, le=36500)
    backup_dir: Path | None = None
    backup_key_file: Path | None = None
    backup_keep: int = Field(default=30, ge=1, le=3650)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_client_secret_file: Path | None = None
    oidc_claim: str = "employeeid"
    oidc_person: PersonColumn = PersonColumn.NUMBER
    passwords: PasswordUse = PasswordUse.ALL
    smtp_url: SecretStr = SecretStr("")
    mail_from: Email = ""
    metrics_token: SecretStr = SecretStr("")
    log_format: LogForm = LogForm.TEXT
    today: dt.date | None = None
    demo: bool = False

    @field_validator("public_url")
    @classmethod
    def without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator("keep_left_days", mode="before")
    @classmethod
    def without_days(cls, value: object) -> object:
        """Empty is never."""
        return None if value == "" else value

    @field_validator("import_dir", "backup_dir", "backup_key_file", mode="before")
    @classmethod
    def nothing_is_none(cls, value: object) -> object:
        """Empty is no place. As a path it would be the current folder."""
        return value or None

    @field_validator("metrics_token")
    @classmethod
    def check_token(cls, token: SecretStr) -> SecretStr:
        if 0 < len(token.get_secret_value()) < MINIMUM_TOKEN:
            raise ValueError(f"Skriv en slumpad text med minst {MINIMUM_TOKEN} tecken.")
        return token

    @field_validator("today", mode="before")
    @classmethod
    def parse_today(cls, value: object) -> object:
        """Empty is the clock. A number is no date, though pydantic would count it in seconds."""
        if not isinstance(value, str):
            return value
        try:
            return clock.parse_date(value.strip()) if value.strip() else None
        except ValueError:
            raise ValueError("Skriv datumet som 2026-12-31.") from None

    @model_validator(mode="after")
    def read_secret_files(self) -> Self:
        """A secret's own variable wins over the file that another one names."""
        for name in ("secret_key", "oidc_client_secret"):
            file = getattr(self, f"{name}_file")
            if file and not getattr(self, name).get_secret_value():
                secret = _read_named(f"ELEARN_{name.upper()}_FILE", file).strip()
                object.__setattr__(self, name, SecretStr(secret))
        return self

    @property
    def signing_key(self) -> bytes:
        return self.secret_key.get_secret_value().encode()

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def has_sign_on(self) -> bool:
        return bool(self.oidc_issuer)

    @property
    def has_mail(self) -> bool:
        return bool(self.smtp_url.get_secret_value() and self.mail_from)

    @classmethod
    def from_environment(cls, **overrides: Any) -> Self:
        """Read the environment and the settings file; ``Invalid`` names every variable that is wrong."""
        file = os.environ.get("ELEARN_SETTINGS") or None
        if file:
            _read_named("ELEARN_SETTINGS", Path(file))
        faults = list(cls._misspelt(file))
        try:
            settings = cls(_env_file=file, **overrides)
        except ValidationError as error:
            faults += map(_sentence, error.errors())
        if faults:
            raise Invalid(*faults)
        return settings

    @classmethod
    def _misspelt(cls, file: str | None) -> Iterator[str]:
        """A name that is nearly ours. Passed over in silence, ``ELEARN_TRESHOLD`` would leave every figure on
        the default."""
        given = {*EnvSettingsSource(cls).env_vars, *DotEnvSettingsSource(cls, env_file=file).env_vars}
        known = {f"ELEARN_{name.upper()}" for name in (*cls.model_fields, "settings")}
        for name in sorted({name.upper() for name in given} - known):
            if name.startswith("ELEARN_") and (meant := difflib.get_close_matches(name, known, 1, NEARLY)):
                yield f"{name}: Inställningen finns inte. Menade du {meant[0]}?"

    def undecided(self) -> tuple[str, ...]:
        """What the municipality has to decide before the pages say all that the law asks for: a Swedish
        sentence each. Until then the pages say that it is not decided."""
        missing = {
            "ELEARN_CONTACT_EMAIL eller ELEARN_CONTACT_PHONE saknas: läsaren ser inte hur VPC nås, "
            "och kan inte anmäla brister i tillgängligheten.": self.contact_email or self.contact_phone,
            "ELEARN_LEGAL_BASIS saknas: läsaren ser ingen rättslig grund.": self.legal_basis,
            "ELEARN_DPO_EMAIL saknas: läsaren ser inte hur dataskyddsombudet nås.": self.dpo_email,
            "ELEARN_PERIOD_PEOPLE saknas: läsaren ser inte hur länge uppgifter sparas.": self.period_people,
            "ELEARN_PERIOD_RESULTS saknas: läsaren ser inte hur länge resultat sparas.": self.period_results,
        }
        return tuple(sentence for sentence, value in missing.items() if not value)

    def key_fault(self) -> str | None:
        """Why the secret key cannot be used for real (S58), or None. A key that repeats few characters is
        guessable."""
        key = self.secret_key.get_secret_value()
        if not key:
            return (
                "ELEARN_SECRET_KEY saknas. Skapa en med: python3 -c 'import secrets; "
                "print(secrets.token_hex(32))' "
                "och spara den i ELEARN_SECRET_KEY eller i en fil som ELEARN_SECRET_KEY_FILE pekar på."
            )
        if len(key.encode()) < MINIMUM_KEY_BYTES or len(set(key)) < 8 or _has_pattern(key):
            return (
                "ELEARN_SECRET_KEY är för svag: den ska vara slumpad och minst "
                f"{MINIMUM_KEY_BYTES} byte lång."
            )
        return None


def _has_pattern(key: str) -> bool:
    """Whether the key is the same piece again and again, or mostly characters in a row: ``abcdefgh``,
    ``00000000``."""
    is_repeated = key in (key + key)[1:-1]
    steps = [ord(after) - ord(before) for before, after in itertools.pairwise(key)]
    in_a_row = sum(len(list(run)) for step, run in itertools.groupby(steps) if step in (-1, 0, 1))
    return is_repeated or len(key) - in_a_row < MINIMUM_KEY_BYTES // 2


def _read_named(name: str, path: Path) -> str:
    """The file that a setting names. One that is missing is told: without it the defaults would hold,
    unseen."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Invalid(f"{name}: {path} går inte att läsa som text. Finns filen, och får den läsas?") from None


def _sentence(fault: ErrorDetails) -> str:
    message = SENTENCES.get(fault["type"], "").format(**fault.get("ctx", {})) or fault["msg"].removeprefix(
        "Value error, "
    )
    return f"ELEARN_{str(fault['loc'][0]).upper()}: {message}"
