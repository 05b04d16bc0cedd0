"""One's certificates, each to show, print and keep as PDF; and the page where anybody can ask whether one is
genuine."""

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from elearn.errors import NotFound
from elearn.people.access import Permission
from elearn.training import certificate_codes, queries
from elearn.training.queries import Certificate
from elearn.web import certificate_pdf, certificate_text
from elearn.web.request import catalog, person_id, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("certificates", __name__)


@blueprint.get("/intyg")
@requires(Permission.TAKE_COURSES)
def own() -> str | BaseResponse:
    """All of mine; straight to it where there is one."""
    mine = queries.certificates(session(), person_id())
    if len(mine) == 1:
        return redirect(url_for(".show", id=mine[0].id), 303)
    holding = [one for one in mine if one.valid_until >= today()]
    return render_template(
        "certificates/own.html", holding=holding, ended=[one for one in mine if one not in holding]
    )


@blueprint.get("/intyg/<int(max=2147483647):id>")
@requires(Permission.TAKE_COURSES)
def show(id: int) -> str:
    found = find(id)
    return render_template(
        "certificates/certificate.html",
        certificate=found,
        body=certificate_text.said_of(found, catalog().course(found.course)),
        check_address=check_address(),
    )


@blueprint.get("/intyg/<int(max=2147483647):id>.pdf")
@requires(Permission.TAKE_COURSES)
def pdf(id: int) -> Response:
    """Named so that a folder of downloads tells nobody what the course was about."""
    found = find(id)
    link = f"{check_address()}?{urlencode({'kod': certificate_codes.shown(found.code)})}"
    body = certificate_text.said_of(found, catalog().course(found.course))
    data = certificate_pdf.draw(found, body, settings().municipality, link)
    answer = Response(data, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="intyg.pdf"'
    return answer


@blueprint.get("/intyg/kontrollera")
def check() -> tuple[str, int, dict[str, str]]:
    """Of whoever asks nothing is known and nothing is stored. Nobody guesses a code: it has 80 random
    bits."""
    text = request.args.get("kod", "").strip()
    code = certificate_codes.read(text)
    found = queries.genuine_certificate(session(), code) if code else None
    page = render_template("certificates/check.html", text=text, found=found)
    return page, 200, {"X-Robots-Tag": "noindex"}


def find(id: int) -> Certificate:
    """The visitor's own certificate, or the 404 of one that does not exist."""
    found = queries.certificate(session(), id, person_id())
    if found is None:
        raise NotFound
    return found


def check_address() -> str:
    """Where anybody can check a certificate, as it is printed and linked."""
    return (settings().public_url or request.host_url.rstrip("/")) + url_for(".check")
