"""How many requests were answered, with what, and how fast, for a Prometheus that has the token
(``ELEARN_METRICS_TOKEN``).

A page is known by its view, never by its address, which may name a unit. The pages for everybody are not
counted at all: a visit to the support page leaves no trace in a figure either (S5).
"""

import hmac
import os
import time
from typing import Final

from flask import Blueprint, Flask, abort, current_app, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector
from werkzeug.wrappers import Response

from elearn.settings import Settings
from elearn.web.security import PUBLIC
from elearn.web.turns import BEGAN, is_for_everybody

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"  # where the workers of one server put their figures together
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
UNKNOWN: Final = "unknown"  # an address that is none of ours

blueprint = Blueprint("metrics", __name__)


class Metrics:
    """One worker's figures."""

    def __init__(self) -> None:
        # The library decides where figures are kept when it is imported, which the main process has done
        # before there was a folder.
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "elearn_requests",
            "Answered requests, the pages for everybody left out.",
            ("view", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "elearn_request_seconds",
            "From when a request has been read whole to its answer, the wait for its turn included.",
            ("view",),
            buckets=SECONDS,
            registry=self.registry,
        )

    def count(self, response: Response) -> Response:
        view = request.endpoint or UNKNOWN
        if view not in PUBLIC and not is_for_everybody(request.path):
            # A method that anybody can make up would be a new line in the figures.
            method = request.method if request.endpoint else UNKNOWN
            self.requests.labels(view, method, response.status_code).inc()
            self.seconds.labels(view).observe(time.perf_counter() - request.environ[BEGAN])
        return response

    def text(self) -> bytes:
        """Every worker's figures added up, or this one's when it is alone."""
        if FOLDER not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


@blueprint.get("/metrics")
def show() -> Response:
    """Raises 404 without the setting, and 401 without the token."""
    token = current_app.extensions["elearn"].settings.metrics_token.get_secret_value()
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if not hmac.compare_digest(given, token.encode()):
        return Response("", 401, {"WWW-Authenticate": "Bearer"})
    metrics: Metrics = current_app.extensions["metrics"]
    return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)


def register(app: Flask, settings: Settings) -> None:
    """Counts nothing unless the figures have a reader."""
    app.register_blueprint(blueprint)
    if settings.metrics_token.get_secret_value():
        metrics = app.extensions["metrics"] = Metrics()
        app.after_request(metrics.count)
