"""Tables of the FAQ bank's history: changes, reviews and publications. Rows are only ever added."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from bot.storage.base import BigId, UtcDateTime, metadata

faq_changes = Table(
    "faq_changes",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(64), nullable=False),
    Column("action", String(16), nullable=False),
    Column("entry_id", String(128), nullable=False, index=True),
    Column("why", Text, nullable=False),
    # The whole entry as `Entry.to_json` writes it; none before it was added.
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
)

faq_reviews = Table(
    "faq_reviews",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(64), nullable=False),
    Column("verdict", String(8), nullable=False),
    Column("entry_id", String(128), nullable=False, index=True),
    # The last change that the reviewer saw; what came later is not covered.
    Column("change_id", ForeignKey("faq_changes.id"), nullable=False),
    Column("note", Text, nullable=False),
)

faq_publications = Table(
    "faq_publications",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(64), nullable=False),
    # publish or rollback
    Column("kind", String(16), nullable=False),
    Column("number", Integer, nullable=False),
    Column("version", String(64), nullable=False),
    Column("why", Text, nullable=False),
    Column("entries", Integer, nullable=False),
    # Why the gate's objections were overruled, and what they were.
    Column("override", Text),
    Column("worse", JSON, nullable=False),
)
# A number is given to one publication only; going back to one is another row.
Index(
    "uq_faq_publications_published_number",
    faq_publications.c.number,
    unique=True,
    sqlite_where=faq_publications.c.kind == "publish",
    postgresql_where=faq_publications.c.kind == "publish",
)
