"""Append-only tables, held by the database itself."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION yangguang_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END
$$ LANGUAGE plpgsql
"""

POSTGRESQL = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION yangguang_append_only()
"""


def trigger_statements(*, vendor: str, table: str) -> list[str]:
    """The statements that make `table` append-only on SQLite or PostgreSQL (UPDATE, DELETE and TRUNCATE refused)."""
    if vendor == "sqlite":
        return [SQLITE.format(table=table, verb=verb) for verb in ("UPDATE", "DELETE")]
    if vendor == "postgresql":
        return [POSTGRESQL_FUNCTION, POSTGRESQL.format(table=table)]
    raise NotImplementedError(f"no append-only trigger is written for {vendor}")


class AppendOnly(Operation):
    """Migration operation: rows of `table` can be added and never changed or removed."""

    reversible = False

    def __init__(self, table: str) -> None:
        """Name the database table."""
        self.table = table

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models' state as it is."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        """Create the triggers."""
        for statement in trigger_statements(vendor=schema_editor.connection.vendor, table=self.table):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Refuse: a log does not become writable again by a migration."""
        raise NotImplementedError(f"{self.table} stays append-only")

    def describe(self) -> str:
        """Say what this does."""
        return f"Make {self.table} append-only"
