"""What the database itself holds to: append-only tables, and that no public entry is left out of the log."""

from collections.abc import Sequence

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

SQLITE_WAITING = """
CREATE TRIGGER witness_entry_waits AFTER INSERT ON witness_entry
BEGIN INSERT INTO witness_pending (entry_id) VALUES (NEW.id); END
"""

POSTGRESQL_WAITING_FUNCTION = """
CREATE OR REPLACE FUNCTION yangguang_entry_waits() RETURNS trigger AS $$
BEGIN INSERT INTO witness_pending (entry_id) VALUES (NEW.id); RETURN NULL; END
$$ LANGUAGE plpgsql
"""

POSTGRESQL_WAITING = """
CREATE TRIGGER witness_entry_waits AFTER INSERT ON witness_entry
FOR EACH ROW EXECUTE FUNCTION yangguang_entry_waits()
"""

WAITING = {"sqlite": (SQLITE_WAITING,), "postgresql": (POSTGRESQL_WAITING_FUNCTION, POSTGRESQL_WAITING)}


def trigger_statements(*, vendor: str, table: str) -> list[str]:
    """The statements that make `table` append-only on SQLite or PostgreSQL (UPDATE, DELETE and TRUNCATE refused)."""
    if vendor == "sqlite":
        return [SQLITE.format(table=table, verb=verb) for verb in ("UPDATE", "DELETE")]
    if vendor == "postgresql":
        return [POSTGRESQL_FUNCTION, POSTGRESQL.format(table=table)]
    raise NotImplementedError(f"no append-only trigger is written for {vendor}")


class Triggers(Operation):
    """Migration operation: triggers that stay for good."""

    reversible = False

    def statements(self, vendor: str) -> Sequence[str]:
        """The statements that create them on SQLite or PostgreSQL."""
        raise NotImplementedError

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
        for statement in self.statements(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Refuse: a log does not become writable again by a migration."""
        raise NotImplementedError(f"no way back: {self.describe()}")


class AppendOnly(Triggers):
    """Rows of `table` can be added and never changed or removed."""

    def __init__(self, table: str) -> None:
        """Name the database table."""
        self.table = table

    def statements(self, vendor: str) -> Sequence[str]:
        """Refuse UPDATE, DELETE and TRUNCATE."""
        return trigger_statements(vendor=vendor, table=self.table)

    def describe(self) -> str:
        """Say what this does."""
        return f"Make {self.table} append-only"


class EveryEntryWaits(Triggers):
    """Every public entry waits for its leaf number from the moment it is written, whoever writes it."""

    def statements(self, vendor: str) -> Sequence[str]:
        """Add a row of `Pending` with each `Entry`."""
        return WAITING[vendor]

    def describe(self) -> str:
        """Say what this does."""
        return "Let every entry wait for its leaf number"
