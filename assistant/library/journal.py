"""What was said: saved answers and chat sessions."""

from __future__ import annotations

from assistant.errors import UnknownKeyError
from assistant.library.database import Database


class Journal:
    """Answers and sessions of one library. Writing them does not change its generation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_answer(self, answer_id: str, time: str, question: str, data: str, session: str | None = None) -> None:
        """Store one answer as JSON."""
        sql = "INSERT OR REPLACE INTO answers (id, time, session, question, data) VALUES (?, ?, ?, ?, ?)"
        self._database.execute(sql, answer_id, time, session, question, data)

    def answer(self, answer_id: str) -> str:
        """Return a stored answer as JSON; any unambiguous beginning of its id will do.

        Raises:
            UnknownKeyError: no answer, or several, begin with `answer_id`.
        """
        rows = self._database.rows("SELECT data FROM answers WHERE substr(id, 1, ?) = ?", len(answer_id), answer_id)
        if len(rows) != 1 or not answer_id:
            found = "several answers begin" if rows else "no answer begins"
            raise UnknownKeyError(f"{found} with {answer_id!r}", "list them with: assistant answers list")
        return str(rows[0][0])

    def answers(self, limit: int, session: str | None = None) -> list[tuple[str, str, str, str]]:
        """Return (id, time, question, kind) of the last answers of a session, or of all, newest first.

        What has no kind is an answer to a question.
        """
        sql = (
            "SELECT id, time, question, coalesce(json_extract(data, '$.kind'), 'answer') FROM answers WHERE id IN "
            "(SELECT id FROM answers WHERE ?1 IS NULL OR session = ?1 ORDER BY time DESC LIMIT ?2) ORDER BY time DESC"
        )
        return [(row[0], row[1], row[2], row[3]) for row in self._database.rows(sql, session, limit)]

    def save_session(self, name: str, time: str, state: str) -> None:
        """Store the state of a chat session as JSON."""
        sql = (
            "INSERT INTO sessions VALUES (?1, ?2, ?2, ?3) "
            "ON CONFLICT (name) DO UPDATE SET updated = excluded.updated, state = excluded.state"
        )
        self._database.execute(sql, name, time, state)

    def session(self, name: str) -> str | None:
        """Return the stored state of a chat session, or None."""
        rows = self._database.rows("SELECT state FROM sessions WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def sessions(self) -> list[tuple[str, str, str]]:
        """Return (name, created, updated) of the sessions, last used first."""
        rows = self._database.rows("SELECT name, created, updated FROM sessions ORDER BY updated DESC")
        return [(row[0], row[1], row[2]) for row in rows]

    def first_question(self, session: str) -> str:
        """Return the question that a session began with, empty where it has none."""
        rows = self._database.rows("SELECT question FROM answers WHERE session = ? ORDER BY time LIMIT 1", session)
        return str(rows[0][0]) if rows else ""

    def rename_session(self, old: str, new: str) -> None:
        """Give a session and its answers another name."""
        with self._database.transaction():
            self._database.execute("UPDATE sessions SET name = ? WHERE name = ?", new, old)
            self._database.execute("UPDATE answers SET session = ? WHERE session = ?", new, old)
