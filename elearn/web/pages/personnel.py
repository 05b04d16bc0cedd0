"""The personnel system's files come in by the administrator's hand: sent, seen whole before anything is
changed, accepted or rejected."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from elearn import clock
from elearn.directory import files as directory_files
from elearn.directory import preview, uploads
from elearn.directory.changes import BrakeKind, Plan
from elearn.directory.files import DirectoryFiles
from elearn.directory.holders import Choices
from elearn.directory.uploads import PlanChanged, Stopped, Upload
from elearn.errors import Invalid
from elearn.identity import ending, grants
from elearn.operations import lockout
from elearn.people import queries
from elearn.people.access import Permission
from elearn.source import SentFile
from elearn.web.pages.confirm import ask_again
from elearn.web.request import catalog, deed, person_id, session, today
from elearn.web.security import requires
from elearn.web.transaction import let_go
from elearn.web.turns import LARGEST_UPLOAD
from elearn.web.uploads import sent_file

blueprint = Blueprint("personnel", __name__)

FILES = {"organisation": "organisation.csv", "personal": "personal.csv"}
CHOOSE = {"organisation": "Välj filen med organisationen.", "personal": "Välj filen med de anställda."}
ACCEPTED = {"sluta": BrakeKind.ENDED, "andras": BrakeKind.CHANGED}
READ_IN = "Filerna är inlästa."
ANSWERED = "Filerna är redan besvarade, kanske av någon annan. Här står vad det blev."
REJECTED = "Filerna är raderade. Ingenting är inläst."
CHOSEN = "Svaret är sparat, och planen är gjord på nytt."


@dataclass(frozen=True, slots=True)
class FileFaults:
    """What is wrong with the file of one field: the sentence at the field, and each fault of the file."""

    field: str
    sentence: str
    lines: tuple[str, ...] = ()


@blueprint.get("/personal")
@requires(Permission.IMPORT_DIRECTORY)
def start() -> str:
    return start_page([])


@blueprint.post("/personal")
@requires(Permission.IMPORT_DIRECTORY)
def send() -> Response | tuple[str, int]:
    sent = {field: sent_file(field, name) for field, name in FILES.items()}
    organisation, staff = sent["organisation"], sent["personal"]
    faults = [FileFaults(field, CHOOSE[field]) for field, file in sent.items() if file is None]
    if not faults and organisation and staff:
        let_go()  # nobody waits for the database while the files are read
        faults = faults_of(read(organisation, staff))
    if faults or not (organisation and staff):
        return start_page(faults), 422
    id = uploads.receive_upload(session(), deed(), organisation, staff)
    return redirect(url_for(".plan", id=id), 303)


@blueprint.get("/personal/<int(max=2147483647):id>")
@requires(Permission.IMPORT_DIRECTORY)
def plan(id: int) -> str:
    return plan_page(uploads.find_upload(session(), id, clock.now()))


@blueprint.post("/personal/<int(max=2147483647):id>")
@requires(Permission.IMPORT_DIRECTORY)
def answer(id: int) -> Response | tuple[str, int]:
    """``svar``: ``las-in``, with the ``plan`` that was shown and the boxes ``sluta`` and ``andras``; or
    ``kasta``."""
    here = url_for(".plan", id=id)
    if request.form.get("svar") != "las-in":
        if not uploads.reject_upload(session(), deed(), id):
            flash(ANSWERED)
            return redirect(here, 303)
        flash(REJECTED)
        return redirect(url_for(".start"), 303)
    if again := ask_again(here):
        return again
    return accept(id) or redirect(here, 303)


@blueprint.post("/personal/<int(max=2147483647):id>/val")
@requires(Permission.IMPORT_DIRECTORY)
def choose(id: int) -> Response:
    """``person-<number>``: ``samma`` or ``ny``; ``samma-enhet``: each code that is the same unit."""
    answers = {
        name.removeprefix("person-"): value
        for name, value in request.form.items()
        if name.startswith("person-")
    }
    same, new = (
        frozenset(number for number, said in answers.items() if said == one) for one in ("samma", "ny")
    )
    choices = Choices(same, new, frozenset(request.form.getlist("samma-enhet")))
    flash(CHOSEN if uploads.choose(session(), deed(), id, choices) else ANSWERED)
    return redirect(url_for(".plan", id=id), 303)


def accept(id: int) -> tuple[str, int] | None:
    """Read the files in; the page again with the reason when that is refused."""
    upload = uploads.find_upload(session(), id, clock.now())
    if upload.outcome:
        flash(ANSWERED)
        return None
    let_go()
    files = read(upload.organisation, upload.staff)
    boxes = [kind for box, kind in ACCEPTED.items() if request.form.get(box)]
    shown = request.form.get("plan", "")
    grants.lock_grants(session())
    try:
        is_read = uploads.accept_upload(session(), deed(), id, files, shown, boxes, ending.end_access, stops)
    except PlanChanged as refusal:
        let_go()
        return plan_page(upload, [("planen", str(refusal))]), 409
    except Stopped as refusal:
        let_go()
        return plan_page(upload, [("godkann", str(refusal))]), 422
    flash(READ_IN if is_read else ANSWERED)
    return None


def stops(plan: Plan) -> list[str]:
    """What stops an import whatever is accepted."""
    return lockout.stops(session(), plan, today())


def read(organisation: SentFile, staff: SentFile) -> DirectoryFiles:
    """The same reader as the command's."""
    return directory_files.read_files(organisation, staff, catalog().required_courses())


def faults_of(files: DirectoryFiles) -> list[FileFaults]:
    """What is wrong with each file by itself."""
    found = []
    for field, table in (("organisation", files.unit_table), ("personal", files.job_table)):
        if count := table.faults.count:
            told = "ett fel" if count == 1 else f"{count} fel"
            found.append(
                FileFaults(
                    field, f"Filen har {told}. Rätta och skicka båda filerna igen.", tuple(table.faults.all())
                )
            )
    return found


def start_page(faults: list[FileFaults]) -> str:
    now = clock.now()
    waiting, ended = uploads.waiting(session(), now), uploads.ended(session(), now)
    actors = [actor for one in (*waiting, *ended) for actor in (one.sent_by, one.ended_by) if actor]
    return render_template(
        "personnel/start.html",
        faults=faults,
        waiting=waiting,
        ended=ended,
        names=queries.actors_in_words(session(), actors, sees_protected=False),
        largest=LARGEST_UPLOAD // 1024 // 1024,
    )


def plan_page(upload: Upload, faults: list[tuple[str, str]] | None = None) -> str:
    """The whole plan; of files that are answered, what became of them."""
    names = queries.actors_in_words(
        session(), filter(None, (upload.sent_by, upload.ended_by)), sees_protected=False
    )
    if upload.outcome:
        return render_template("personnel/ended.html", upload=upload, names=names)
    text, opened = request.args.get("sok", "").strip(), request.args.get("visa", "")
    told: dict[str, object] = {"shown": None, "file_faults": (), "is_own": False, "hard": ()}
    try:
        files = read(upload.organisation, upload.staff)
        made, shown = uploads.plan_of(session(), upload, files, today(), text, opened)
        told |= {"shown": shown, **about(made)}
    except Invalid as refusal:
        told["file_faults"] = refusal.faults
    return render_template(
        "personnel/plan.html",
        upload=upload,
        names=names,
        text=text,
        opened=opened,
        faults=faults or [],
        **told,
    )


def about(made: Plan) -> dict[str, object]:
    """What the plan does to whoever looks at it, and what stops it whatever is accepted."""
    return {"is_own": person_id() in preview.locked_out(made, today()), "hard": stops(made)}
