"""The guards in SQL, for SQLite and PostgreSQL, and how to find out what stands in a database."""

# ruff: noqa: S608  table and column names come from our own models, never from a request

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

PREFIX = "guard_"
EFFECT_NOT_NEEDED = (
    "Entries no longer need their effect: put back the deferred foreign key ledger_entry.effect_id."
)
LONGEST = 63  # PostgreSQL cuts longer names
ROW, BEFORE, INSERT, DELETE, UPDATE, TRUNCATE = 1, 2, 4, 8, 16, 32  # pg_trigger.tgtype


@dataclass(frozen=True)
class Guard:
    """One trigger: how it is made, and what is found in the database when it is as it should be."""

    name: str
    statements: tuple[str, ...]
    fingerprint: tuple[Any, ...]


@dataclass(frozen=True)
class States:
    """The guard of one stateful model."""

    model: type[models.Model]
    field: str
    free_states: tuple[str, ...]

    def guards(self, connection: BaseDatabaseWrapper) -> list[Guard]:
        made = _sqlite_states if connection.vendor == "sqlite" else _postgresql_states
        return made(self, connection)

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def columns(self) -> dict[str, str]:
        meta = self.model._meta
        return {
            "table": meta.db_table,
            "label": meta.label_lower,
            "key": meta.pk.column,
            "state": meta.get_field(self.field).column,
            "entry": meta.get_field("entry").column,
            "free": ", ".join(f"'{state}'" for state in self.free_states) or "NULL",
        }


def frozen(
    model: type[models.Model], connection: BaseDatabaseWrapper, *, erasable: bool
) -> list[Guard]:
    """No row is changed, replaced or, unless erasable, deleted; no table is truncated."""
    table = model._meta.db_table
    says = f"{table}: rows are written once"
    if connection.vendor == "sqlite":
        made = [
            _sqlite(table, "replace", "BEFORE INSERT", _taken(model, connection), says),
            _sqlite(table, "update", "BEFORE UPDATE", "1", says),
        ]
        return made if erasable else [*made, _sqlite(table, "delete", "BEFORE DELETE", "1", says)]
    events = "UPDATE" if erasable else "UPDATE OR DELETE"
    return [_refuse(table, "change", events, says), _refuse(table, "truncate", "TRUNCATE", says)]


def effects(stateful: list[States], connection: BaseDatabaseWrapper) -> list[Guard]:
    """An effect is added only for an entry whose state some row has taken."""
    taken = " OR ".join(
        'EXISTS (SELECT 1 FROM "{table}" r JOIN "ledger_entry" e ON e."index" = r."{entry}" '
        'WHERE r."{entry}" = NEW."index" AND r."{state}" = e."state")'.format(**states.columns)
        for states in stateful
    )
    says = "ledger_effect: no row has taken the state of this entry"
    untaken = f"NOT ({taken or 'FALSE'})"
    if connection.vendor == "sqlite":
        return [_sqlite("ledger_effect", "untaken", "BEFORE INSERT", untaken, says)]
    body = f"""
BEGIN
  IF {untaken} THEN
    RAISE EXCEPTION '{says}' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
"""
    return [_postgresql("ledger_effect", "untaken", "BEFORE INSERT", body)]


def found(connection: BaseDatabaseWrapper) -> dict[str, tuple[Any, ...]]:
    """The fingerprints of all guards that stand in the database, by name."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, tbl_name, sql FROM sqlite_master "
                "WHERE type = 'trigger' AND name LIKE 'guard\\_%' ESCAPE '\\'"
            )
        else:
            cursor.execute(
                "SELECT t.tgname, c.relname, t.tgtype, t.tgenabled::text, t.tgqual IS NULL, "
                "t.tgattr::text, l.lanname, p.prosrc "
                "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang "
                "JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE NOT t.tgisinternal AND t.tgname LIKE 'guard\\_%' "
                "AND n.nspname = current_schema()"
            )
        return {name: tuple(rest) for name, *rest in cursor.fetchall()}


def removal(connection: BaseDatabaseWrapper, standing: dict[str, tuple[Any, ...]]) -> list[str]:
    """Statements that drop these guards."""
    if connection.vendor == "sqlite":
        return [f'DROP TRIGGER "{name}"' for name in standing]
    drops = [f'DROP TRIGGER "{name}" ON "{table}"' for name, (table, *_) in standing.items()]
    return drops + [f'DROP FUNCTION IF EXISTS "{name}"()' for name in standing]


def weaknesses(connection: BaseDatabaseWrapper) -> list[str]:
    """What else the guards rest on: enforced, deferred foreign keys, and on SQLite one writer."""
    if connection.vendor == "sqlite":
        return list(_sqlite_weaknesses(connection))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND condeferrable "
            "AND condeferred AND convalidated AND conrelid = 'ledger_entry'::regclass "
            "AND confrelid = 'ledger_effect'::regclass"
        )
        if cursor.fetchone() == (0,):
            return [EFFECT_NOT_NEEDED]
    return []


def _sqlite_weaknesses(connection: BaseDatabaseWrapper) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys")
        if cursor.fetchone() != (1,):
            yield "SQLite does not enforce foreign keys: take PRAGMA foreign_keys out of OPTIONS."
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'ledger_entry'")
        deferred = 'REFERENCES "ledger_effect" ("index") DEFERRABLE INITIALLY DEFERRED'
        if deferred not in "".join(*cursor.fetchall()):
            yield EFFECT_NOT_NEEDED
    if connection.transaction_mode != "IMMEDIATE":
        yield 'SQLite lets two writers read the same head: set OPTIONS["transaction_mode"] = "IMMEDIATE".'


# SQLite


def _sqlite(table: str, what: str, event: str, condition: str, says: str) -> Guard:
    """A trigger that refuses the event when the condition holds."""
    return _sqlite_trigger(table, what, event, f"SELECT RAISE(ABORT, '{says}') WHERE {condition};")


def _sqlite_trigger(table: str, what: str, event: str, body: str) -> Guard:
    name = _name(table, what)
    sql = f'CREATE TRIGGER "{name}" {event} ON "{table}" BEGIN {body} END'
    return Guard(name, (sql,), (table, sql))


def _sqlite_states(states: States, connection: BaseDatabaseWrapper) -> list[Guard]:
    columns = states.columns
    table, says = states.table, f"{states.table}: a state needs a fresh entry of its own"
    fresh = (
        'EXISTS (SELECT 1 FROM "ledger_entry" WHERE "index" = NEW."{entry}" '
        'AND "subject" = \'{label}:\' || NEW."{key}" AND "state" = NEW."{state}") '
        'AND NOT EXISTS (SELECT 1 FROM "ledger_effect" WHERE "index" = NEW."{entry}")'
    ).format(**columns)
    free = (
        'NEW."{state}" IN ({free}) '
        'AND EXISTS (SELECT 1 FROM "ledger_entry" WHERE "index" = NEW."{entry}")'
    ).format(**columns)
    changed = ('(NEW."{state}" IS NOT OLD."{state}" OR NEW."{entry}" IS NOT OLD."{entry}")').format(
        **columns
    )
    later = 'NEW."{entry}" > COALESCE(OLD."{entry}", -1)'.format(**columns)
    moved = 'NEW."{key}" IS NOT OLD."{key}"'.format(**columns)
    effect = 'INSERT INTO "ledger_effect" ("index") SELECT NEW."{entry}" WHERE '.format(**columns)
    refuse = f"SELECT RAISE(ABORT, '{says}') WHERE "
    after_insert = f"{refuse}({fresh}) IS NOT TRUE AND ({free}) IS NOT TRUE; {effect}{fresh};"
    after_update = f"{refuse}{changed} AND ({later} AND {fresh}) IS NOT TRUE; {effect}{changed};"
    others = f"rowid IS NOT OLD.rowid AND ({_taken_rows(states.model, connection)})"
    replaces = f'{moved} OR EXISTS (SELECT 1 FROM "{table}" WHERE {others})'
    kept = f"{table}: rows are never replaced or deleted"
    return [
        _sqlite(table, "replace", "BEFORE INSERT", _taken(states.model, connection), kept),
        _sqlite(table, "move", "BEFORE UPDATE", replaces, kept),
        _sqlite(table, "delete", "BEFORE DELETE", "1", kept),
        _sqlite_trigger(table, "take_first_state", "AFTER INSERT", after_insert),
        _sqlite_trigger(table, "take_state", "AFTER UPDATE", after_update),
    ]


def _taken(model: type[models.Model], connection: BaseDatabaseWrapper) -> str:
    """INSERT OR REPLACE fires no delete trigger: refuse a row whose place is taken."""
    rows = _taken_rows(model, connection)
    return f'EXISTS (SELECT 1 FROM "{model._meta.db_table}" WHERE {rows})'


def _taken_rows(model: type[models.Model], connection: BaseDatabaseWrapper) -> str:
    """The rows that share any unique key with NEW, and would be replaced by it."""
    meta = model._meta
    columns = [field.column for field in meta.local_concrete_fields]
    keys = ["rowid = NEW.rowid"]
    keys += [_same(field.column) for field in meta.local_concrete_fields if field.unique]
    for names in meta.unique_together:
        keys.append(_all_same(model, names))
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            key = _all_same(model, constraint.fields)
            if constraint.condition:
                applies = constraint._get_condition_sql(model, connection.schema_editor())  # noqa: SLF001
                new = ", ".join(f'NEW."{column}" AS "{column}"' for column in columns)
                key += f" AND ({applies}) AND EXISTS (SELECT 1 FROM (SELECT {new}) WHERE {applies})"
            keys.append(key)
    return " OR ".join(f"({key})" for key in keys)


def _all_same(model: type[models.Model], names: tuple[str, ...]) -> str:
    return " AND ".join(_same(model._meta.get_field(name).column) for name in names)


def _same(column: str) -> str:
    return f'"{column}" = NEW."{column}"'


# PostgreSQL


def _postgresql(table: str, what: str, event: str, body: str, each: str = "ROW") -> Guard:
    """A function and its trigger, which fires for replication roles as well."""
    name = _name(table, what)
    function = f'FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$'
    statements = (
        f"CREATE OR REPLACE {function}",
        f'CREATE TRIGGER "{name}" {event} ON "{table}" FOR EACH {each} EXECUTE FUNCTION "{name}"()',
        f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"',
    )
    words = {"BEFORE": BEFORE, "INSERT": INSERT, "DELETE": DELETE, "UPDATE": UPDATE}
    kind = sum(bit for word, bit in (words | {"TRUNCATE": TRUNCATE}).items() if word in event)
    kind += ROW if each == "ROW" else 0
    return Guard(name, statements, (table, kind, "A", True, "", "plpgsql", body))


def _refuse(table: str, what: str, events: str, says: str) -> Guard:
    body = f"""
BEGIN
  RAISE EXCEPTION '{says}' USING ERRCODE = 'check_violation';
END
"""
    each = "STATEMENT" if events == "TRUNCATE" else "ROW"
    return _postgresql(table, what, f"BEFORE {events}", body, each)


def _postgresql_states(states: States, _: BaseDatabaseWrapper) -> list[Guard]:
    table, kept = states.table, f"{states.table}: rows are never replaced or deleted"
    body = """
DECLARE
  fresh boolean;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW."{key}" IS DISTINCT FROM OLD."{key}" THEN
      RAISE EXCEPTION '{table}: rows are never replaced or deleted'
        USING ERRCODE = 'check_violation';
    END IF;
    IF NEW."{state}" IS NOT DISTINCT FROM OLD."{state}"
      AND NEW."{entry}" IS NOT DISTINCT FROM OLD."{entry}" THEN
      RETURN NULL;
    END IF;
  END IF;
  fresh := EXISTS (
    SELECT 1 FROM "ledger_entry" WHERE "index" = NEW."{entry}"
    AND "subject" = '{label}:' || replace(NEW."{key}"::text, '-', '')
    AND "state" = NEW."{state}"
  ) AND NOT EXISTS (SELECT 1 FROM "ledger_effect" WHERE "index" = NEW."{entry}");
  IF TG_OP = 'UPDATE' THEN
    fresh := fresh AND NEW."{entry}" > COALESCE(OLD."{entry}", -1);
  END IF;
  IF fresh THEN
    INSERT INTO "ledger_effect" ("index") VALUES (NEW."{entry}");
  ELSIF TG_OP = 'INSERT' AND NEW."{state}" IN ({free})
    AND EXISTS (SELECT 1 FROM "ledger_entry" WHERE "index" = NEW."{entry}") THEN
    RETURN NULL;
  ELSE
    RAISE EXCEPTION '{table}: a state needs a fresh entry of its own'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
""".format(**states.columns)
    return [
        _postgresql(table, "take_state", "AFTER INSERT OR UPDATE", body),
        _refuse(table, "delete", "DELETE", kept),
        _refuse(table, "truncate", "TRUNCATE", kept),
    ]


def _name(table: str, what: str) -> str:
    name = f"{PREFIX}{table}_{what}"
    if len(name) > LONGEST:
        raise ValueError(f"{name} is longer than {LONGEST} characters.")
    return name
