// What a relay would have to keep so that no call is lost with it: each step in a transaction, in SQLite, as
// durable as Parley's.
import Database from "libsql";

const TABLES = `
  CREATE TABLE calls (id TEXT PRIMARY KEY, status TEXT NOT NULL, changed_at INTEGER NOT NULL);
  CREATE TABLE people (call_id TEXT NOT NULL REFERENCES calls, user TEXT NOT NULL, status TEXT NOT NULL,
    PRIMARY KEY (call_id, user)) WITHOUT ROWID;
  CREATE INDEX calls_of ON people (user, status);
  CREATE TABLE events (call_id TEXT NOT NULL REFERENCES calls, seq INTEGER NOT NULL, user TEXT NOT NULL,
    event TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (call_id, seq)) WITHOUT ROWID;
`;

export function keepIn(file) {
  const db = new Database(file);
  for (const pragma of ["journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"]) db.pragma(pragma);
  db.exec(TABLES);
  const call = db.prepare(
    "INSERT INTO calls VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET status = excluded.status, changed_at = excluded.changed_at",
  );
  const person = db.prepare("INSERT INTO people VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET status = excluded.status");
  const event = db.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?)");
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");

  /** The call as it is now, whose place in it has changed, and what happened. */
  return ({ id, status, steps }, changed, user, happened) => {
    const now = Date.now();
    begin.run();
    call.run(id, status, now);
    for (const one of changed) person.run(id, one, status);
    event.run(id, steps, user, happened, now);
    commit.run();
  };
}
