"""How it is shown: HTTP, HTML, forms, login. The only room with Flask in it; it holds no query and no rule of
the subject."""

from flask import Flask

from elearn.web import errors, metrics, security, templating, transaction
from elearn.web.pages import (
    activities,
    certificates,
    committee_report,
    components,
    confirm,
    exports,
    goals,
    grants,
    knowledge,
    learn,
    lesson,
    log,
    login,
    mail_code,
    measurement_files,
    measurements,
    meetings,
    needs,
    operations,
    personnel,
    privacy,
    public,
    report,
    sign_on,
    start,
    target_group,
    team,
)
from elearn.web.request import Application


def register(app: Flask, application: Application) -> None:
    """Everything that the application consists of, on one page."""
    templating.register(app, application)
    security.register(app, application.settings)
    for room in (
        public,
        privacy,
        login,
        sign_on,
        mail_code,
        start,
        learn,
        lesson,
        certificates,
        team,
        report,
        exports,
        committee_report,
        knowledge,
        needs,
        activities,
        meetings,
        target_group,
        measurements,
        measurement_files,
        goals,
        personnel,
        grants,
        confirm,
        log,
        operations,
        components,
    ):
        app.register_blueprint(room.blueprint)
    metrics.register(app, application.settings)
    security.read_rules(app)
    errors.register(app)
    transaction.register(app)
    templating.share_macros(app)
