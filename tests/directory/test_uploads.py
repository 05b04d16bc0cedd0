"""Files that wait for an administrator's answer, on both engines: nothing is read in that was not shown, and
nothing of them stays."""

import datetime as dt
import json
import threading
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.directory import files as directory_files
from elearn.directory import preview, uploads
from elearn.directory.changes import BrakeKind, Plan
from elearn.directory.holders import Choices
from elearn.directory.models import StaffUpload
from elearn.directory.uploads import PlanChanged, Stopped
from elearn.errors import NotFound
from elearn.identity import ending
from elearn.journal.deed import Deed, person
from elearn.journal.models import JournalEntry
from elearn.people.models import Employment, Person
from elearn.source import SentFile
from tests import builders
from tests.builders import NOW, TODAY
from tests.directory.staff_files import ROLES

UNIT_HEADER = "enhetskod;namn;nivå;överordnad;nämnd;yrkesroll;chef\n"
JOB_HEADER = "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till\n"
ORGANISATION = SentFile(
    "organisation.csv",
    f"{UNIT_HEADER}U;Utbildning;förvaltning;;;;\nF1;Ängen;enhet;U;;förskola;1\n".encode(),
)
DAY = dt.timedelta(days=1)
MIRJAM = builders.deed(by=person(7))


def staff(*rows: str) -> SentFile:
    """``number;first name;last name``: each works in F1."""
    lines = [f"{row};;F1;;Lärare;2020-01-01;\n" for row in rows]
    return SentFile("personal.csv", (JOB_HEADER + "".join(lines)).encode())


PAIR = staff("1;Sara;Lind", "2;Åke;Ek")


def read(sent: SentFile) -> directory_files.DirectoryFiles:
    return directory_files.read_files(ORGANISATION, sent, ROLES)


def no_stop(_plan: Plan) -> Sequence[str]:
    return ()


def mark_of(session: Session, id: int, sent: SentFile, deed: Deed = MIRJAM) -> str:
    upload = uploads.find_upload(session, id, deed.now)
    return uploads.plan_of(session, upload, read(sent), deed.today)[1].mark


def accept(
    session: Session,
    id: int,
    sent: SentFile,
    mark: str,
    *accepted: BrakeKind,
    deed: Deed = MIRJAM,
    stops: uploads.Stops = no_stop,
) -> None:
    uploads.accept_upload(session, deed, id, read(sent), mark, accepted, ending.end_access, stops)


def import_pair(session: Session, sent: SentFile = PAIR) -> int:
    id = uploads.receive_upload(session, MIRJAM, ORGANISATION, sent)
    accept(session, id, sent, mark_of(session, id, sent))
    return id


def entries(session: Session) -> list[tuple[str, dict[str, object]]]:
    rows = session.execute(sa.select(JournalEntry.kind, JournalEntry.details).order_by(JournalEntry.id))
    return [(kind, json.loads(details)) for kind, details in rows]


def test_what_was_shown_is_read_in_and_nothing_of_the_files_stays(session: Session) -> None:
    id = import_pair(session)
    assert set(session.scalars(sa.select(Person.number))) == {"1", "2"}
    row = session.get_one(StaffUpload, id)
    assert (row.organisation, row.staff, row.outcome) == (None, None, "accepted")
    assert row.summary == "2 nya enheter, 2 nya personer, 2 nya anställningar, 1 nytt chefskap."
    assert [kind for kind, _ in entries(session)] == [
        "received-directory",
        "imported-directory",
        "accepted-directory",
    ]


def test_a_second_answer_changes_nothing(session: Session) -> None:
    id = import_pair(session)
    before = entries(session)
    accept(session, id, PAIR, "whatever")
    uploads.reject_upload(session, MIRJAM, id)
    assert entries(session) == before
    assert session.get_one(StaffUpload, id).outcome == "accepted"


def test_the_same_files_sent_twice_wait_once_and_others_beside_them(session: Session) -> None:
    first, again = (uploads.receive_upload(session, MIRJAM, ORGANISATION, PAIR) for _ in range(2))
    other = uploads.receive_upload(session, MIRJAM, ORGANISATION, staff("3;Eva;Ek"))
    by_other = uploads.receive_upload(session, builders.deed(by=person(8)), ORGANISATION, PAIR)
    assert first == again
    assert len({first, other, by_other}) == 3
    assert [one.id for one in uploads.waiting(session, NOW)] == [by_other, other, first]


def test_rejected_files_are_erased_and_read_in_by_nobody(session: Session) -> None:
    id = uploads.receive_upload(session, MIRJAM, ORGANISATION, PAIR)
    mark = mark_of(session, id, PAIR)
    uploads.reject_upload(session, MIRJAM, id)
    accept(session, id, PAIR, mark)
    row = session.get_one(StaffUpload, id)
    assert (row.organisation, row.staff, row.outcome) == (None, None, "rejected")
    assert list(session.scalars(sa.select(Person.number))) == []
    assert entries(session)[-1] == ("rejected-directory", {"upload": id})


@pytest.mark.parametrize(("age", "is_there"), [(dt.timedelta(hours=23, minutes=59), True), (DAY, False)])
def test_files_wait_for_a_day_and_are_erased_then(
    session: Session, age: dt.timedelta, is_there: bool
) -> None:
    id = uploads.receive_upload(session, MIRJAM, ORGANISATION, PAIR)
    mark = mark_of(session, id, PAIR)
    later = NOW + age
    assert bool(uploads.waiting(session, later)) == is_there
    assert bool(uploads.find_upload(session, id, later).staff.data) == is_there
    accept(session, id, PAIR, mark, deed=builders.deed(now=later))
    assert (session.scalar(sa.select(sa.func.count()).select_from(Person)) == 2) == is_there
    assert uploads.erase_old(session, later) == (0 if is_there else 1)
    session.expire_all()
    assert session.get_one(StaffUpload, id).staff is None


def test_a_plan_that_has_changed_since_it_was_shown_is_shown_again(session: Session) -> None:
    """Two administrators at once: the second sees what the first has done."""
    mine = uploads.receive_upload(session, MIRJAM, ORGANISATION, PAIR)
    mark = mark_of(session, mine, PAIR)
    import_pair(session, staff("1;Sara;Lind"))
    with pytest.raises(PlanChanged):
        accept(session, mine, PAIR, mark)
    assert list(session.scalars(sa.select(Person.number))) == ["1"]
    accept(session, mine, PAIR, mark_of(session, mine, PAIR))
    assert set(session.scalars(sa.select(Person.number))) == {"1", "2"}


def test_a_plan_shown_yesterday_is_another_one_today(session: Session) -> None:
    """What is missing ends on the day before the import."""
    import_pair(session)
    id = uploads.receive_upload(session, MIRJAM, ORGANISATION, staff("1;Sara;Lind"))
    yesterday = builders.deed(today=TODAY - DAY)
    mark = mark_of(session, id, staff("1;Sara;Lind"), yesterday)
    with pytest.raises(PlanChanged):
        accept(session, id, staff("1;Sara;Lind"), mark, BrakeKind.ENDED)


@pytest.mark.parametrize("accepted", [(), (BrakeKind.CHANGED,)])
def test_the_brake_holds_until_its_own_box_is_ticked(
    session: Session, accepted: tuple[BrakeKind, ...]
) -> None:
    import_pair(session)
    fewer = staff("1;Sara;Lind")
    id = uploads.receive_upload(session, MIRJAM, ORGANISATION, fewer)
    mark = mark_of(session, id, fewer)
    with pytest.raises(Stopped, match="1 av 2 pågående anställningar"):
        accept(session, id, fewer, mark, *accepted)
    accept(session, id, fewer, mark, BrakeKind.ENDED)
    ended = session.scalars(sa.select(Employment.ends_on).join(Person).where(Person.number == "2")).one()
    assert ended == TODAY - DAY
    assert entries(session)[-1] == ("accepted-directory", {"upload": id, "accepted_ended": 1})


def test_what_cannot_be_accepted_stops_whatever_is_ticked(session: Session) -> None:
    id = uploads.receive_upload(session, MIRJAM, ORGANISATION, PAIR)
    with pytest.raises(Stopped, match="Aldrig"):
        accept(
            session, id, PAIR, mark_of(session, id, PAIR), *BrakeKind, stops=lambda _plan: ["Aldrig så här."]
        )
    assert list(session.scalars(sa.select(Person.number))) == []


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (Choices(same_persons=frozenset({"2"})), {"2": "Eva Ström"}),
        (Choices(new_persons=frozenset({"2"})), {"2": "Eva Ström", "2 (till 2026-11-22)": "Åke Ek"}),
        # Both at once, as only a made-up form says: the same person takes nothing from anybody.
        (Choices(frozenset({"2"}), frozenset({"2"})), {"2": "Eva Ström"}),
    ],
)
def test_a_question_about_a_number_is_answered_on_the_page(
    session: Session, chosen: Choices, names: dict[str, str]
) -> None:
    import_pair(session)
    renamed = staff("1;Sara;Lind", "2;Eva;Ström")
    id = uploads.receive_upload(session, MIRJAM, ORGANISATION, renamed)
    shown = uploads.plan_of(session, uploads.find_upload(session, id, NOW), read(renamed), TODAY)[1]
    assert [one.number for one in shown.questions] == ["2"]
    uploads.choose(session, MIRJAM, id, chosen)
    mark = mark_of(session, id, renamed)
    assert mark != shown.mark
    accept(session, id, renamed, mark, BrakeKind.ENDED, BrakeKind.CHANGED)
    session.expire_all()
    found = {one.number: one.name for one in session.scalars(sa.select(Person)) if one.number != "1"}
    assert found == names


def test_a_choice_about_what_is_not_in_the_files_is_none(session: Session) -> None:
    id = uploads.receive_upload(session, MIRJAM, ORGANISATION, PAIR)
    before = mark_of(session, id, PAIR)
    uploads.choose(session, MIRJAM, id, Choices(frozenset({"9"}), frozenset({"8"}), frozenset({"F9", "F1"})))
    assert mark_of(session, id, PAIR) == before


def test_an_unknown_number_of_files_is_not_found(session: Session) -> None:
    for act in (
        lambda: uploads.find_upload(session, 1, NOW),
        lambda: uploads.reject_upload(session, MIRJAM, 1),
        lambda: accept(session, 1, PAIR, ""),
    ):
        with pytest.raises(NotFound):
            act()


def test_whom_a_plan_locks_out_is_told(session: Session) -> None:
    """Whoever has no employment left today, and whoever's number goes to somebody else."""
    import_pair(session, staff("1;Sara;Lind", "2;Åke;Ek", "3;Mona;Alm"))
    ids = {row.number: row.id for row in session.execute(sa.select(Person.number, Person.id))}
    sent = staff("1;Sara;Lind", "3;Eva;Ström")
    id = uploads.receive_upload(session, MIRJAM, ORGANISATION, sent)
    uploads.choose(session, MIRJAM, id, Choices(new_persons=frozenset({"3"})))
    upload = uploads.find_upload(session, id, NOW)
    plan, _shown = uploads.plan_of(session, upload, read(sent), TODAY)
    assert preview.locked_out(plan, TODAY) == {ids["2"], ids["3"]}


def test_two_answers_at_once_read_the_files_in_once(engine: sa.Engine) -> None:
    with database.transaction(engine) as session:
        id = uploads.receive_upload(session, MIRJAM, ORGANISATION, PAIR)
        mark = mark_of(session, id, PAIR)
    barrier = threading.Barrier(4)

    def answer() -> None:
        barrier.wait()
        with database.transaction(engine) as session:
            accept(session, id, PAIR, mark)

    threads = [threading.Thread(target=answer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.snapshot(engine) as session:
        assert [kind for kind, _ in entries(session)].count("imported-directory") == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 2
