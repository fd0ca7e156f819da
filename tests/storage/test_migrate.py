"""A migrated database is the database the code expects."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.complaints.store import CaseStore
from bot.handoff.queue import TicketQueue
from bot.storage import Database, metadata
from bot.storage.migrate import load_tables, upgrade


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/bank.db")


def test_migrations_make_the_schema_of_the_tables(either_db: Database) -> None:
    load_tables()
    with either_db.read() as connection:
        # SQLite's own counter table is nobody's business.
        options = {"include_object": lambda _o, name, *_: name != "sqlite_sequence"}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_upgrading_twice_changes_nothing(db: Database) -> None:
    upgrade(db)
    upgrade(db)


def test_inner_transaction_joins_the_outer(db: Database) -> None:
    with db.begin() as connection:
        connection.execute(text("create table t (x integer)"))
    with pytest.raises(RuntimeError), db.begin() as outer:
        outer.execute(text("insert into t values (1)"))
        with db.begin() as inner:
            inner.execute(text("insert into t values (2)"))
        raise RuntimeError
    with db.read() as connection:
        assert connection.execute(text("select count(*) from t")).scalar_one() == 0


def test_what_follows_a_transaction_follows_its_commit_only(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def follow() -> None:
        with db.begin() as tx:
            done.append(str(tx.execute(text("select count(*) from t")).scalar_one()))

    with db.begin() as tx:
        tx.execute(text("create table t (x integer)"))
    with db.begin() as outer:
        with db.begin():
            db.after_commit(follow)
            db.after_commit(follow)
        outer.execute(text("insert into t values (1)"))
        assert done == []
    assert done == ["1"]
    with pytest.raises(RuntimeError), db.begin():
        db.after_commit(follow)
        raise RuntimeError
    assert done == ["1"]
    db.after_commit(follow)
    assert done == ["1", "1"]
    with db.begin():
        db.after_commit(lambda: 1 / 0)  # what is committed has happened all the same
    assert "failed" in caplog.text


def test_tickets_of_before_go_on_in_the_new_queue(db: Database) -> None:
    upgrade(db, "0011")
    old = {
        "conversation_id": "c", "reason": "fraud", "line": "card", "priority": 1, "summary": "x",
        "slots": "{}", "created_at": "2026-11-01 08:00:00", "updated_at": "2026-11-01 08:05:00",
    }  # fmt: skip
    with db.begin() as tx:
        for number, (state, conversation) in enumerate(
            (("waiting", "c1"), ("active", "c2"), ("resolved", "c1"))
        ):
            row = {**old, "id": f"T{number}", "state": state, "conversation_id": conversation}
            names = ", ".join(row)
            marks = ", ".join(f":{name}" for name in row)
            tx.execute(text(f"insert into tickets ({names}) values ({marks})"), row)
    upgrade(db)
    queue = TicketQueue(db)
    waiting, active = queue.list()
    assert (waiting.state, waiting.urgent, waiting.why) == ("waiting", True, ())
    assert (active.state, queue.state_of("c2")) == ("active", "human")
    assert queue.get("T2").ended_at is not None
    with pytest.raises(IntegrityError), db.begin() as tx:
        tx.execute(text("update tickets set state = 'offered' where id = 'T2'"))


def test_an_answer_given_before_its_parts_were_five_keeps_its_words(db: Database) -> None:
    upgrade(db, "0011")
    now = "2026-03-02 04:00:00.000000"
    with db.begin() as tx:
        tx.execute(
            text(
                "insert into complaints (number, customer_id, key, body_hash, relation, category, "
                "channel, source, text, state, received_at, root_note) values ('CT20260302-0001', "
                f"'C1', 'k', 'h', 'self', 'fee', 'chat', 'customer', 'x', 'drafted', '{now}', '')"
            )
        )
        tx.execute(
            text(
                "insert into complaint_answers (number, outcome, findings, decision, grounds, "
                "remedies, written_by, written_at) values ('CT20260302-0001', 'upheld', 'f', 'd', "
                f"'领用合约第五条', 'r', 'A1', '{now}')"
            )
        )
    upgrade(db)
    answer = CaseStore(db).answer("CT20260302-0001")
    assert answer and (answer.grounds, answer.reasons) == ("领用合约第五条", "领用合约第五条")
    assert CaseStore(db).get("CT20260302-0001").filing.people == 1
