"""A measurement as a file: the full form for VPC and, of the own departments, a coordinator; the public form
of those that are given out for whoever sees measurements. Each file stands in the journal."""

from flask import Blueprint, Response, request

from elearn.errors import Forbidden, NotFound
from elearn.people.access import Permission, deciding_departments
from elearn.people.models import AccessRole
from elearn.reports import measurement_files, measurements, narrowing, suppression
from elearn.reports.export import AnyCoverage, FileFormat, Form
from elearn.reports.fetches import Fetch
from elearn.reports.measurement import Measurement
from elearn.web.fetching import part_of, remember_fetch
from elearn.web.pages.exports import CONTENT_TYPES
from elearn.web.request import access, session, settings
from elearn.web.security import requires

blueprint = Blueprint("measurement_files", __name__)


@blueprint.get("/matningar/<int(max=2147483647):id>/export")
@requires(Permission.SEE_MEASUREMENTS)
def fetch(id: int) -> Response:
    form, file_format = read_asked()
    one = found(id, form)
    data = measurement_files.written(one, told(one, form), file_format, settings().municipality)
    part = part_of("", one.on) if form == Form.FULL else None
    remember_fetch(Fetch(f"measurement-{id}", one.on, form, file_format, part))
    answer = Response(data, content_type=CONTENT_TYPES[file_format])
    name = f"matning-{id}-{'offentlig-' if form == Form.PUBLIC else ''}{one.on}.{file_format}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def forms() -> list[Form]:
    """What this person may fetch, the first one if none is asked for."""
    is_answering = access().roles & {AccessRole.VPC, AccessRole.COORDINATOR}
    return [Form.FULL, Form.PUBLIC] if is_answering else [Form.PUBLIC]


def read_asked() -> tuple[Form, FileFormat]:
    """Raises ``NotFound`` for a form or format that is none, ``Forbidden`` for a form that is not this
    person's."""
    allowed = forms()
    try:
        form = Form(request.args.get("form") or allowed[0])
        file_format = FileFormat(request.args.get("format", FileFormat.CSV))
    except ValueError:
        raise NotFound from None
    if form not in allowed:
        raise Forbidden("Du kan hämta mätningen i offentlig form.")
    return form, file_format


def found(id: int, form: Form) -> Measurement:
    """Raises ``NotFound`` for a number that is none, ``Refused`` for one that is not given out in this form
    and for one that was changed since it was frozen."""
    one = measurements.load_whole(session(), id)
    if form == Form.PUBLIC:
        measurements.refuse_close(session(), id)
    return one


def told(one: Measurement, form: Form) -> AnyCoverage:
    """The rows of the file: in full only those that this person answers for (S4)."""
    if form == Form.PUBLIC:
        return suppression.public(one.coverage, settings().small_group, is_whole=True)
    reach = deciding_departments(access())
    if reach is None:
        return one.coverage
    own = {row.code for row in narrowing.departments(one.coverage) if row.unit_id in reach}
    return narrowing.of_departments(one.coverage, own)
