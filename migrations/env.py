"""Alembic's way in. ``elearn migrate`` hands over an open connection: there is no second place with a
database address."""

from alembic import context

from elearn.database import Base
from elearn.directory import models as directory_models
from elearn.identity import models as identity_models
from elearn.journal import models as journal_models
from elearn.operations import models as operations_models
from elearn.people import models as people_models
from elearn.reports import models as reports_models
from elearn.training import meeting_models
from elearn.training import models as training_models

TABLES_OF = (
    journal_models,
    people_models,
    directory_models,
    identity_models,
    training_models,
    meeting_models,
    reports_models,
    operations_models,
)

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
