"""The web application: joins the settings, the engine, the catalogue and the web room. Nothing imports this
but a server."""

import multiprocessing
import os
import signal
import threading
import time

from flask import Flask

from elearn import database, demo
from elearn.content import live_catalog
from elearn.settings import Settings, data_dir
from elearn.web import register
from elearn.web.request import Application

STOP_SECONDS = 10


def create_app(settings: Settings | None = None, *, as_planned: bool = True) -> Flask:
    """Build the application. Raises ``Invalid`` with every fault when the courses cannot be read, or, if
    ``as_planned``, do not hold what the municipality's plan demands."""
    settings = settings or Settings.from_environment()
    engine = database.make_engine(settings.database_url, is_serving=True)
    application = Application(
        settings=settings,
        engine=engine,
        shelf=live_catalog.LiveCatalog(
            settings.courses_dir,
            complete=demo.invent_numbers if settings.demo else list,
            as_planned=as_planned,
        ),
        personas=demo.PERSONAS if settings.demo else (),
    )
    app = Flask("elearn.web", static_folder=str(data_dir("static")), static_url_path="/static")
    register(app, application)
    return app


def create_worker_app() -> Flask:
    """The application in a worker process of ``elearn serve``: it ends when it is told to, also while it
    starts, and with the main process."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until the server's own handler is there
    main = multiprocessing.parent_process()
    if main is not None and main.pid is not None:
        threading.Thread(target=_end_with, args=(main.pid,), daemon=True).start()
    return create_app()


def _end_with(main: int) -> None:
    """End this process when its main process is gone, killed or not."""
    while os.getppid() == main:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)
