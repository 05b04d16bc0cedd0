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
from elearn.identity.provider import Client, Provider
from elearn.messages import sending
from elearn.messages.post import Post
from elearn.settings import Settings, data_dir
from elearn.web import register
from elearn.web.pages import sign_on
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
        provider=_provider(settings),
        post=Post(sending.parse_server(settings.smtp_url.get_secret_value()), settings.mail_from)
        if settings.has_mail
        else None,
    )
    app = Flask("elearn.web", static_folder=str(data_dir("static")), static_url_path="/static")
    register(app, application)
    return app


def _provider(settings: Settings) -> Provider | None:
    """The municipality's provider of single sign-on, if one is configured. It is asked nothing yet."""
    if not settings.has_sign_on:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    answer_at = f"{settings.public_url}{sign_on.ANSWER_PATH}"
    return Provider(Client(settings.oidc_issuer, settings.oidc_client_id, secret, answer_at))


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
