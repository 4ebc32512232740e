"""Alembic's way in: it runs on the connection that Database.upgrade hands over."""

from alembic import context

from publisher.store.base import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
# The transaction is the caller's, on both databases: a migration happens whole, or not at all.
with context.begin_transaction():
    context.run_migrations()
