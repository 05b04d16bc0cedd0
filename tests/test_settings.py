"""Every setting, from the environment or from a file; a wrong one is named in a sentence."""

import datetime as dt
import os
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content import phones
from elearn.errors import Invalid
from elearn.settings import Settings, data_dir, parse_threshold

KEY = "k3yThatIsLongEnough-0123456789-a"


@pytest.fixture(autouse=True)
def _no_settings_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ELEARN_")]:
        monkeypatch.delenv(name)


def read(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Settings.from_environment()


def test_without_any_setting_the_defaults_hold() -> None:
    settings = Settings.from_environment()
    assert (settings.database_url, settings.courses_dir) == ("sqlite:///var/elearn.db", data_dir("courses"))
    assert (settings.threshold, settings.due_days, settings.renewal_days, settings.small_group) == (
        Fraction(9, 10),
        90,
        90,
        5,
    )
    assert (settings.trusted_proxies, settings.today, settings.demo, settings.is_https) == (
        0,
        None,
        False,
        False,
    )
    assert 1 <= settings.workers <= 4
    assert settings.municipality == "Botkyrka kommun"
    assert settings.keep_left_days is None  # nobody is erased (S51)


def test_each_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        ELEARN_DATABASE_URL="sqlite:////a.db",
        ELEARN_COURSES_DIR="/k",
        ELEARN_PUBLIC_URL="https://kurs.se/",
        ELEARN_TRUSTED_PROXIES="2",
        ELEARN_WORKERS="7",
        ELEARN_MUNICIPALITY="Ängå",
        ELEARN_THRESHOLD="0,8",
        ELEARN_DUE_DAYS="30",
        ELEARN_RENEWAL_DAYS="60",
        ELEARN_SMALL_GROUP="10",
        ELEARN_QUICK_EXIT_URL="https://svt.se",
        ELEARN_CONTACT_EMAIL=" vpc@kommun.se ",
        ELEARN_CONTACT_PHONE="08-530 610 00",
        ELEARN_TODAY="2026-11-24",
        ELEARN_DEMO="1",
        ELEARN_SECRET_KEY=KEY,
        ELEARN_BACKUP_DIR="/b",
        ELEARN_BACKUP_KEY_FILE="/n",
        ELEARN_BACKUP_KEEP="7",
    )
    assert (settings.backup_dir, settings.backup_key_file, settings.backup_keep) == (
        Path("/b"),
        Path("/n"),
        7,
    )
    assert (settings.database_url, settings.courses_dir, settings.public_url) == (
        "sqlite:////a.db",
        Path("/k"),
        "https://kurs.se",
    )
    assert settings.is_https
    assert (settings.trusted_proxies, settings.workers, settings.municipality, settings.threshold) == (
        2,
        7,
        "Ängå",
        Fraction(4, 5),
    )
    assert (settings.due_days, settings.renewal_days, settings.small_group) == (30, 60, 10)
    assert (settings.quick_exit_url, settings.today, settings.demo) == (
        "https://svt.se",
        dt.date(2026, 11, 24),
        True,
    )
    assert settings.secret_key.get_secret_value() == KEY
    assert (settings.contact_email, settings.contact_phone) == ("vpc@kommun.se", "08-530 610 00")


def test_no_place_for_backups_is_never_the_current_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (Settings.from_environment().backup_dir, Settings.from_environment().backup_keep) == (None, 30)
    settings = read(monkeypatch, ELEARN_BACKUP_DIR="", ELEARN_BACKUP_KEY_FILE="")
    assert (settings.backup_dir, settings.backup_key_file) == (None, None)
    with pytest.raises(Invalid, match="ELEARN_BACKUP_KEEP: Talet ska vara minst 1"):
        read(monkeypatch, ELEARN_BACKUP_KEEP="0")


def test_a_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("ELEARN_DUE_DAYS=30\nELEARN_RENEWAL_DAYS=31\n")
    settings = read(monkeypatch, ELEARN_SETTINGS=str(file), ELEARN_RENEWAL_DAYS="62")
    assert (settings.due_days, settings.renewal_days) == (30, 62)


THRESHOLD = "Tröskeln ska vara ett tal över 0 och högst 1, till exempel 0.9."
EMAIL = "Skriv en e-postadress, till exempel vpc@kommun.se."
PHONE = "Skriv telefonnumret med riktnummer, till exempel 08-530 610 00."
DATE = "Skriv datumet som 2026-12-31."


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ELEARN_THRESHOLD", "90", THRESHOLD),
        ("ELEARN_THRESHOLD", "1.001", THRESHOLD),
        ("ELEARN_THRESHOLD", "0", THRESHOLD),
        ("ELEARN_THRESHOLD", "nio", THRESHOLD),
        ("ELEARN_THRESHOLD", "nan", THRESHOLD),
        ("ELEARN_THRESHOLD", "1/0", THRESHOLD),
        ("ELEARN_TRUSTED_PROXIES", "-1", "Talet ska vara minst 0."),
        ("ELEARN_TRUSTED_PROXIES", "11", "Talet får vara högst 10."),
        ("ELEARN_WORKERS", "0", "Talet ska vara minst 1."),
        ("ELEARN_SMALL_GROUP", "0", "Talet ska vara minst 1."),
        ("ELEARN_DUE_DAYS", "-1", "Talet ska vara minst 0."),
        ("ELEARN_RENEWAL_DAYS", "-1", "Talet ska vara minst 0."),
        ("ELEARN_DUE_DAYS", "3651", "Talet får vara högst 3650."),
        ("ELEARN_RENEWAL_DAYS", "3651", "Talet får vara högst 3650."),
        ("ELEARN_RENEWAL_DAYS", "snart", "Skriv ett heltal."),
        ("ELEARN_WORKERS", "", "Skriv ett heltal."),
        ("ELEARN_KEEP_LEFT_DAYS", "29", "Talet ska vara minst 30."),
        ("ELEARN_KEEP_LEFT_DAYS", "ett år", "Skriv ett heltal."),
        ("ELEARN_SMALL_GROUP", "4.5", "Skriv ett heltal."),
        ("ELEARN_DEMO", "kanske", "Skriv 1 för ja eller 0 för nej."),
        ("ELEARN_TODAY", "i dag", DATE),
        ("ELEARN_TODAY", "2026-02-29", DATE),
        ("ELEARN_TODAY", "86400", DATE),
        ("ELEARN_TODAY", "20261231", DATE),
        ("ELEARN_TODAY", "2026-W48-1", DATE),
        ("ELEARN_CONTACT_EMAIL", "vpc", EMAIL),
        ("ELEARN_CONTACT_EMAIL", "vpc@kommun", EMAIL),
        ("ELEARN_CONTACT_EMAIL", "vpc@kommun.se, chef@kommun.se", EMAIL),
        ("ELEARN_CONTACT_PHONE", "530 610 00", PHONE),
        ("ELEARN_CONTACT_PHONE", "08-530 61 00-09", PHONE),
        ("ELEARN_CONTACT_PHONE", "08-530 6", PHONE),
        ("ELEARN_CONTACT_PHONE", "08-530 610 000 00", PHONE),
    ],
)
def test_a_wrong_value_is_named_and_told_in_swedish(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(monkeypatch, **{name: value})
    assert refused.value.faults == (f"{name}: {sentence}",)


@pytest.mark.parametrize(
    ("name", "value", "read_as"),
    [
        ("threshold", "1", Fraction(1)),
        ("threshold", "0.001", Fraction(1, 1000)),
        ("threshold", " 0,5 ", Fraction(1, 2)),
        ("trusted_proxies", "0", 0),
        ("trusted_proxies", "10", 10),
        ("workers", "1", 1),
        ("small_group", "1", 1),
        ("due_days", "0", 0),
        ("renewal_days", "0", 0),
        ("due_days", "3650", 3650),
        ("renewal_days", "3650", 3650),
        ("demo", "0", False),
        ("today", "2028-02-29", dt.date(2028, 2, 29)),
        ("today", "", None),
        ("keep_left_days", "", None),
        ("keep_left_days", "30", 30),
        ("keep_left_days", "36500", 36500),
        ("public_url", "http://localhost:8000//", "http://localhost:8000"),
    ],
)
def test_the_outermost_values_are_taken(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read_as: object
) -> None:
    assert getattr(read(monkeypatch, **{f"ELEARN_{name.upper()}": value}), name) == read_as


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid) as refused:
        read(monkeypatch, ELEARN_THRESHOLD="2", ELEARN_WORKERS="0")
    assert "ELEARN_THRESHOLD" in str(refused.value)
    assert "ELEARN_WORKERS" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ELEARN_TRESHOLD", "THRESHOLD"),
        ("elearn_treshold", "THRESHOLD"),
        ("ELEARN_DATABASE", "DATABASE_URL"),
        ("ELEARN_RENEWAL_DAY", "RENEWAL_DAYS"),
    ],
)
def test_a_name_that_is_nearly_ours_is_refused_and_not_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, meant: str
) -> None:
    sentence = f"{name.upper()}: Inställningen finns inte. Menade du ELEARN_{meant}?"
    file = tmp_path / "settings"
    file.write_text(f"{name}=0.8\n")
    monkeypatch.setenv("ELEARN_SETTINGS", str(file))
    with pytest.raises(Invalid) as refused:
        Settings.from_environment()
    assert refused.value.faults == (sentence,)
    monkeypatch.delenv("ELEARN_SETTINGS")
    with pytest.raises(Invalid) as refused:
        read(monkeypatch, **{name: "0.8", "ELEARN_WORKERS": "0"})
    assert refused.value.faults == (sentence, "ELEARN_WORKERS: Talet ska vara minst 1.")


def test_names_that_are_others_own_are_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("LANG=sv_SE.UTF-8\nELEARN_SETTINGS=x\n")
    read(
        monkeypatch,
        ELEARN_SETTINGS=str(file),
        ELEARN_IMAGE="elearn:1",
        DATABASE_URL="x",
        E_LEARN_THRESHOLD="1",
    )


def test_the_key_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY + "\n")
    assert read(monkeypatch, ELEARN_SECRET_KEY_FILE=str(file)).secret_key.get_secret_value() == KEY
    given = read(
        monkeypatch, ELEARN_SECRET_KEY_FILE=str(tmp_path / "saknas"), ELEARN_SECRET_KEY="a key of its own"
    )
    assert given.secret_key.get_secret_value() == "a key of its own"


@pytest.mark.parametrize("name", ["ELEARN_SECRET_KEY_FILE", "ELEARN_SETTINGS"])
@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_never_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, content: bytes | None
) -> None:
    """A misspelt name of the settings file must not start the server with the defaults."""
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Invalid, match=f"^{name}: {file} går inte att läsa som text"):
        read(monkeypatch, **{name: str(file)})


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("", "saknas"),
        (KEY[:31], "för svag"),
        ("abcdefg" * 9, "för svag"),
        (KEY, None),
        ("abcdefgh" * 4, "för svag"),
        ("åäöabcde" * 3, "för svag"),
        ("byt ut mig nu!! " * 2, "för svag"),
        ("abcdefghijklmnopqrstuvwxyz0123456789", "för svag"),
        ("9876543210" * 3 + "zyxwvuts", "för svag"),
        ("k" * 20 + "9f3c1a7be24d58", "för svag"),
        ("k" * 20 + "9f3c1a7be24d58600fa1", None),
        ("9f3c1a7be24d58600fa1c2d7e8b94a06", None),
    ],
)
def test_a_key_is_32_bytes_of_many_kinds(key: str, fault: str | None) -> None:
    """S58."""
    found = Settings(secret_key=key).key_fault()
    assert found is None if fault is None else fault in (found or "")


def test_a_key_is_not_shown_when_settings_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """S29."""
    assert KEY not in repr(read(monkeypatch, ELEARN_SECRET_KEY=KEY))


@given(st.integers(1, 1000))
def test_a_threshold_is_exact(thousandths: int) -> None:
    assert (
        parse_threshold(f"{thousandths / 1000:.3f}")
        == parse_threshold(f"{thousandths / 1000:.3f}".replace(".", ","))
        == Fraction(thousandths, 1000)
    )


def test_what_the_municipality_has_to_decide_is_named_until_it_is_set() -> None:
    names = ("CONTACT_EMAIL", "LEGAL_BASIS", "DPO_EMAIL", "PERIOD_PEOPLE", "PERIOD_RESULTS")
    assert [sentence.partition(" ")[0] for sentence in Settings().undecided()] == [
        f"ELEARN_{name}" for name in names
    ]
    set_all = {"legal_basis": "x", "dpo_email": "a@b.se", "period_people": "x", "period_results": "x"}
    assert len(Settings(**set_all).undecided()) == 1
    assert Settings(contact_phone="08-530 610 00", **set_all).undecided() == ()
    assert Settings(contact_email="a@b.se", **set_all).undecided() == ()


@given(st.from_regex(r"0[0-9]{1,3}-[0-9]{1,3}( [0-9]{2,3}){0,4}", fullmatch=True))
def test_whatever_number_is_taken_can_be_dialled(written: str) -> None:
    try:
        settings = Settings(contact_phone=written)
    except ValueError:
        return
    assert phones.dialled(settings.contact_phone).startswith("+46")
