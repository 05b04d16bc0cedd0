"""The web application: joins the settings, the engine, the catalogue and the web room. Nothing imports this
but a server."""

from flask import Flask

from elearn import database, demo
from elearn.content import shelf
from elearn.settings import Settings, data_dir
from elearn.web import register
from elearn.web.request import Application


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises ``Invalid`` with every fault when the courses cannot be read."""
    settings = settings or Settings.from_environment()
    engine = database.make_engine(settings.database_url, is_serving=True)
    application = Application(
        settings=settings,
        engine=engine,
        shelf=shelf.Shelf(settings.courses_dir),
        personas=demo.PERSONAS if settings.demo else (),
    )
    app = Flask("elearn.web", static_folder=str(data_dir("static")), static_url_path="/static")
    register(app, application)
    return app
