"""Tables of the FAQ bank's history, whose rows are only ever added: changes, reviews, publications
and decisions on what was mined; and of what customers asked, for mining."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

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

faq_mined_decisions = Table(
    "faq_mined_decisions",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(64), nullable=False),
    # accepted or rejected
    Column("verdict", String(8), nullable=False),
    Column("mined_id", String(16), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("suggestion", Text, nullable=False),
    # The entry that it is about, or that it became.
    Column("entry_id", String(128), index=True),
    Column("why", Text, nullable=False),
    Column("change_id", ForeignKey("faq_changes.id")),
    # What it settles: pairs of entry id and wording.
    Column("keys", JSON, nullable=False),
)

faq_asked = Table(
    "faq_asked",
    metadata,
    # No foreign key: the message log is another room's.
    Column("conversation_id", String(36), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("entry_id", String(128)),
    Column("offered", JSON, nullable=False),
    Column("shown", Text, nullable=False),
    Column("thumb_down", Boolean, nullable=False),
    Column("cause", String(16)),
    Column("remark", Text, nullable=False),
    Column("answer", Text, nullable=False),
)

faq_mined = Table(
    "faq_mined",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("texts", JSON, nullable=False),
    Column("entry_id", String(128)),
    Column("suggestion", Text, nullable=False),
    Column("draft_answer", Text, nullable=False),
    Column("signals", JSON, nullable=False),
    Column("causes", JSON, nullable=False),
    Column("remarks", JSON, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    # open, accepted or rejected
    Column("state", String(8), nullable=False, index=True),
)

# One row: how far the log was read. Who mines locks it.
faq_mining = Table(
    "faq_mining",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("mined_to", UtcDateTime),
)
