"""Gunicorn instead of `elearn serve`, for those whose machines run it already:

    gunicorn --config gunicorn.conf.py

The settings are elearn's own, the refusals too. The proxy before it reads each form whole (nginx.conf).
"""

import os
import tempfile

from elearn import logs
from elearn.cli import serving
from elearn.settings import Settings

settings = Settings.from_environment()
wsgi_app = "elearn.app:create_app()"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = settings.workers
# Threads wait for what is sent slowly; one of them at a time has the application (elearn/web/turns.py).
worker_class = "gthread"
threads = serving.THREADS_PER_WORKER
graceful_timeout = serving.STOP_SECONDS
timeout = 60
accesslog = None  # a visit to /stod is recorded nowhere
logconfig_dict = logs.configuration(settings.log_format)
logconfig_dict["loggers"] = {"gunicorn.error": {"level": "WARNING", "propagate": True, "handlers": []}}
# Where the workers put their figures together (elearn/web/metrics.py).
figures = tempfile.TemporaryDirectory(prefix="elearn-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures.name


def on_starting(_server: object) -> None:
    """Refuses what `elearn serve` refuses. Raises ``Refused`` with every reason."""
    serving.refuse_unsafe(settings, bind.rpartition(":")[0].strip("[]"))
    serving.refuse_unfinished(settings)
