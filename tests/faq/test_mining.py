"""From the message log to a checked draft: what is suggested, and what never comes back."""

from __future__ import annotations

import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.exc import DatabaseError

from bot.conversations.questions import read_questions
from bot.errors import Conflict, Invalid, NotFound
from bot.faq.asked import as_question
from bot.faq.bank import Bank, load_bank
from bot.faq.changes import ChangeLog
from bot.faq.editing import Editor
from bot.faq.encoder import Encoder, held_out
from bot.faq.entry import Entry
from bot.faq.grouping import CUTS, PURE, USUAL, cut_for, grouped
from bot.faq.mined import KEPT, Mined, MinedQueue
from bot.faq.publish import build
from bot.faq.retriever import Retriever, Thresholds
from bot.faq.review import Reviews
from bot.faq.tables import faq_asked, faq_mined_decisions
from bot.storage import Database
from tests import sqlite
from tests.conftest import Hands
from tests.conversations.talk import Talk
from tests.faq.small import INTENTS, OFF_TOPIC, write_bank

TODAY = date(2026, 3, 2)
FEE, LIMIT = "挂失收费吗？", "转账一天最多多少？"
NIGHT = ("夜市贷怎么申请", "你好，夜市贷如何申请？", "夜市贷在哪申请")
ANSWER = "夜市贷请在手机银行“贷款”里申请，两个工作日内出结果。"


@pytest.fixture(scope="session")
def retriever(tmp_path_factory: pytest.TempPathFactory, small_encoder: Encoder) -> Retriever:
    bank = load_bank(write_bank(tmp_path_factory.mktemp("published")))
    return build(bank, small_encoder, OFF_TOPIC).retriever()


class Bench:
    """Customers, the queue and the maintainer's tools on one database."""

    def __init__(self, db: Database, clock: Hands, editor: Editor, encoder: Encoder) -> None:
        self.db = db
        self.clock = clock
        self.editor = editor
        self.encoder = encoder
        self.queue = MinedQueue(db, clock)
        self.retriever: Retriever | None = None

    def talk(self) -> Talk:
        self.clock.forward(minutes=1)
        return Talk(self.db, self.clock)

    def ask(self, *texts: str) -> None:
        """Each text in a conversation of its own, unanswered."""
        for text in texts:
            self.talk().unanswered(text)

    def mine(self) -> int:
        self.clock.forward(minutes=1)
        talks = read_questions(self.db, self.queue.mined_to())
        bank = self.editor.load()
        return self.queue.refresh(talks, self.encoder, self.retriever, bank, TODAY)

    def only(self) -> Mined:
        (found,) = self.queue.list()
        return found

    def accept(self, found: Mined, entry: Entry | None) -> Entry:
        change = self.queue.accept(
            self.editor, self.editor.load(), found.id, entry, by="甲", why="常问"
        )
        assert change.after is not None
        return change.after

    def written(self, found: Mined, **values: object) -> Entry:
        begun = {**found.draft, "answer": found.draft["answer"] or "待写。"}
        like = self.editor.load().get("loss.fee")
        return replace(like, **{"id": "loan.night", "topic": "贷款", **begun, **values})


@pytest.fixture
def bench(db: Database, clock: Hands, editor: Editor, small_encoder: Encoder) -> Bench:
    return Bench(db, clock, editor, small_encoder)


def test_from_three_conversations_to_a_checked_draft(bench: Bench, db: Database) -> None:
    bench.ask(*NIGHT[:2])
    third = bench.talk()
    third.unanswered(NIGHT[2])
    third.unanswered(NIGHT[2])
    third.agent("您好", ANSWER)
    bench.ask("卡里的芯片坏了能换吗")
    assert bench.mine() == 1
    found = bench.only()
    assert (found.kind, found.entry_id, found.draft_answer) == ("answer", None, ANSWER)
    assert found.suggestion in {as_question(text) for text in NIGHT}
    assert {wording.text for wording in found.texts} == {
        "夜市贷怎么申请", "你好,夜市贷如何申请?", "夜市贷在哪申请"
    }  # fmt: skip
    # Conversations, not messages: one customer who repeats is one.
    assert found.signals == {
        "asked": 3, "unanswered": 3, "none_of_these": 0, "thumbs_down": 0, "picked": 0,
        "by_person": 1,
    }  # fmt: skip
    entry = bench.accept(found, bench.written(found))
    assert entry.status == "draft"
    assert bench.editor.load().get("loan.night") == entry
    (change,) = ChangeLog(db).list()
    assert (change.by, change.action, change.entry_id) == ("甲", "add", "loan.night")
    (waiting,) = Reviews(db).pending(bench.editor.load())
    assert waiting.entry_id == "loan.night" and not waiting.stops_publishing
    (decision,) = bench.queue.decisions()
    assert (decision.verdict, decision.by, decision.change_id) == ("accepted", "甲", change.id)
    assert decision.entry_id == "loan.night"
    assert bench.queue.list() == []
    assert bench.mine() == 0
    (accepted,) = bench.queue.list("accepted")
    assert accepted.id == found.id
    with pytest.raises(Conflict, match="已采纳"):
        bench.accept(found, bench.written(found, id="loan.again"))


def test_mining_again_changes_nothing(bench: Bench) -> None:
    bench.ask(*NIGHT)
    assert bench.mine() == 1
    before = bench.queue.list()
    assert bench.mine() == 0
    assert bench.queue.list() == before
    bench.clock.forward(hours=2)
    bench.ask(NIGHT[0])
    assert bench.mine() == 0
    assert bench.only().id == before[0].id
    assert bench.only().signals["asked"] == 4


def test_what_was_picked_is_a_wording_of_it(bench: Bench) -> None:
    for text in ("报失要掏钱吗", "报失要掏钱不"):
        talk = bench.talk()
        talk.offered(text, FEE, LIMIT)
        talk.picks(FEE, "loss.fee")
    once = bench.talk()
    once.offered("夜里汇款能汇几万", LIMIT)
    once.picks(LIMIT, "transfer.limit")
    assert bench.mine() == 2
    first, second = bench.queue.list(kind="variant")
    assert (first.suggestion, first.entry_id, first.signals["picked"]) == (
        "报失要掏钱吗", "loss.fee", 2
    )  # fmt: skip
    entry = bench.accept(first, None)
    assert entry.variants[-1] == "报失要掏钱吗" and entry.status == "approved"
    # What is a wording now still speaks for one like it.
    bench.mine()
    assert bench.only().id == second.id
    bench.queue.reject(second.id, by="甲", why="太像")
    assert bench.mine() == 0 and bench.queue.list() == []


def test_one_choice_is_enough_where_the_search_chose_the_same(
    bench: Bench, small_encoder: Encoder
) -> None:
    built = build(bench.editor.load(), small_encoder, OFF_TOPIC)
    # It lets the customer choose, however sure it is.
    bench.retriever = Retriever(
        {entry.id: entry for entry in built.entries},
        built.judges,
        built.calibration,
        small_encoder,
        Thresholds(answer=1.1),
    )
    for text, pick, faq_id in (
        ("挂失要收多少手续费", FEE, "loss.fee"),
        ("挂失是免费的吗", LIMIT, "transfer.limit"),
    ):
        talk = bench.talk()
        talk.offered(text, FEE, LIMIT)
        talk.picks(pick, faq_id)
    bench.mine()
    assert (bench.only().suggestion, bench.only().entry_id) == ("挂失要收多少手续费", "loss.fee")


def _mined(bench: Bench) -> list[Mined]:
    bench.mine()
    return bench.queue.list()


def _texts(bench: Bench) -> set[str]:
    return {wording.text for each in _mined(bench) for wording in each.texts}


def test_a_choice_that_others_did_not_make_is_disputed(bench: Bench) -> None:
    for pick in (FEE, FEE, None, None):
        talk = bench.talk()
        talk.offered("卡丢了要紧吗", FEE)
        if pick:
            talk.picks(FEE, "loss.fee")
        else:
            talk.none_of_these()
    assert [each.kind for each in _mined(bench)] == ["cluster"]


def test_none_of_these_and_thumbs_down_reach_the_same_queue(bench: Bench) -> None:
    talk = bench.talk()
    talk.offered(NIGHT[0], FEE, LIMIT)
    talk.none_of_these()
    other = bench.talk()
    other.thumb_down(other.answered(NIGHT[2], "loss.fee"), "off_point", "问的不是这个")
    assert bench.mine() == 1
    found = bench.only()
    assert (found.kind, found.draft_answer) == ("cluster", "")
    assert (found.signals["none_of_these"], found.signals["thumbs_down"]) == (1, 1)
    assert (found.causes, found.remarks) == ({"off_point": 1}, ("问的不是这个",))


def test_an_answer_that_does_not_help_is_rewritten(bench: Bench) -> None:
    answer = bench.editor.load().get("loss.fee").answer
    for text, cause in (("挂失多少钱", "outdated"), ("办挂失得交多少费呀", "unclear")):
        talk = bench.talk()
        talk.thumb_down(talk.answered(text, "loss.fee", answer), cause)
    bench.mine()
    found = bench.only()
    assert (found.kind, found.entry_id, found.suggestion) == ("answer", "loss.fee", FEE)
    assert found.causes == {"outdated": 1, "unclear": 1}
    better = replace(bench.editor.load().get("loss.fee"), answer="挂失**不收费**。")
    entry = bench.accept(found, replace(better, status="draft"))
    # A published entry stays one, and waits for review.
    assert entry.status == "approved"
    # Whoever complained of the former answer did not see this one.
    talk = bench.talk()
    talk.thumb_down(talk.answered("挂失多少钱", "loss.fee", answer), "unclear")
    assert _mined(bench) == []


def test_what_is_answered_by_now_is_gone(bench: Bench, retriever: Retriever) -> None:
    bench.ask("挂失要钱吗", "挂失要钱吗", "挂失要收多少手续费", "挂失要收多少手续费")
    for _ in range(2):
        talk = bench.talk()
        talk.offered("挂失是免费的吗", FEE)
        talk.none_of_these()
    for text in ("挂失要收多少手续费", "挂失是免费的吗"):
        assert retriever.search(text, TODAY).decision == "answer"
    # A stored wording needs no publication to be known.
    assert _texts(bench) == {"挂失要收多少手续费", "挂失是免费的吗"}
    bench.retriever = retriever
    # What it would answer is just what the customer did not mean.
    assert _texts(bench) == {"挂失是免费的吗"}


def test_rejected_comes_back_only_with_several_new_conversations(bench: Bench) -> None:
    bench.ask(*NIGHT[:2])
    bench.mine()
    found = bench.only()
    with pytest.raises(Invalid, match="为什么"):
        bench.queue.reject(found.id, by="甲", why=" ")
    bench.queue.reject(found.id, by="甲", why="不办这项业务")
    with pytest.raises(Conflict, match="未采纳"):
        bench.queue.reject(found.id, by="乙", why="不办")
    assert bench.mine() == 0
    bench.ask(NIGHT[2], NIGHT[0])
    assert bench.mine() == 0
    assert [each.id for each in bench.queue.list("rejected")] == [found.id]
    bench.ask(NIGHT[1])
    assert bench.mine() == 1
    assert bench.only().id == found.id
    assert bench.only().signals["asked"] == 5


def test_decisions_are_history(bench: Bench, db: Database) -> None:
    bench.ask(*NIGHT)
    bench.mine()
    bench.queue.reject(bench.only().id, by="甲", why="不办")
    with pytest.raises(DatabaseError, match="only grows"), db.begin() as tx:
        tx.execute(delete(faq_mined_decisions))


def test_an_accepted_cluster_needs_an_entry_and_a_sound_one(bench: Bench) -> None:
    bench.ask(*NIGHT)
    bench.mine()
    found = bench.only()
    with pytest.raises(Invalid, match="先写好条目"):
        bench.accept(found, None)
    with pytest.raises(Exception, match="相同"):
        bench.accept(found, bench.written(found, variants=("转账限额",)))
    assert bench.only() == found
    with pytest.raises(NotFound):
        bench.queue.get("nothing")


def test_nothing_personal_is_stored(bench: Bench, db: Database) -> None:
    personal = ("尾号8866的夜市贷怎么申请", "我叫王建国，夜市贷怎么申请", "夜市贷验证码482913")
    for text in personal * 2:
        talk = bench.talk()
        talk.unanswered(text)
        talk.agent("王先生您好，您的身份证号是110101199003078515对吗")
    assert _mined(bench) == []
    with db.read() as tx:
        assert tx.execute(select(faq_asked)).all() == []


def test_customers_words_are_not_kept_for_ever(bench: Bench, db: Database) -> None:
    bench.ask(*NIGHT)
    assert bench.mine() == 1
    bench.clock.now += KEPT + timedelta(days=1)
    assert _mined(bench) == []
    with db.read() as tx:
        assert tx.execute(select(faq_asked)).all() == []


TEXTS = (*NIGHT, "卡里的芯片坏了能换吗", "芯片坏了怎么换卡", "报失要掏钱吗")
Step = Callable[[Talk, str], object]


def _picks(talk: Talk, text: str) -> None:
    talk.offered(text, FEE)
    talk.picks(FEE, "loss.fee")


def _refuses(talk: Talk, text: str) -> None:
    talk.offered(text, FEE)
    talk.none_of_these()


def _is_served(talk: Talk, text: str) -> None:
    talk.unanswered(text)
    talk.agent(ANSWER)


STEPS: tuple[Step, ...] = (
    Talk.unanswered,
    _picks,
    _refuses,
    _is_served,
    lambda talk, text: talk.thumb_down(talk.answered(text, "loss.fee"), "off_point"),
    lambda talk, text: talk.thumb_down(talk.unanswered(text)),
)
HAPPENINGS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(TEXTS), st.sampled_from(STEPS)), max_size=10
)


@pytest.fixture(scope="module")
def bank_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank")
    write_bank(folder)
    return folder


@given(HAPPENINGS, st.sets(st.integers(0, 9), max_size=3))
@settings(deadline=None, max_examples=12)
def test_mining_in_parts_finds_the_same_as_at_once(
    bank_files: Path, small_encoder: Encoder, happened: list[tuple[int, str, Step]], stops: set[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = Hands()
        dbs = [sqlite.database(Path(folder) / f"{name}.db") for name in ("often", "once")]
        editor = Editor(bank_files, dbs[0], INTENTS, clock)
        often = Bench(dbs[0], clock, editor, small_encoder)
        talks = [often.talk() for _ in range(4)]
        for number, (who, text, step) in enumerate(happened):
            clock.forward(minutes=30)
            step(talks[who], text)
            if number in stops:
                often.mine()
        often.mine()
        once = MinedQueue(dbs[1], clock)
        bank = editor.load()
        once.refresh(read_questions(dbs[0]), small_encoder, None, bank, TODAY)
        assert often.queue.list() == once.list()
        for db in dbs:
            db.dispose()


def test_like_questions_are_one_group() -> None:
    # Entries whose wordings point the same way but for noise; no small bank has so many.
    chance = np.random.default_rng(7)
    vectors = chance.normal(size=(60, 128)).repeat(4, axis=0)
    vectors = vectors + chance.normal(size=vectors.shape) * 0.9
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    groups = grouped(vectors, 0.3)
    assert sorted(row for group in groups for row in group) == list(range(240))
    assert {tuple(row // 4 for row in group) for group in groups} == {(n,) * 4 for n in range(60)}


def test_the_cut_is_the_lowest_that_makes_pure_groups(folder: Path) -> None:
    like = load_bank(folder).get("loss.fee")
    entries = tuple(
        replace(like, id=f"a.e{n}", variants=tuple(f"第{n}题第{m}说" for m in range(24)))
        for n in range(120)
    )

    def encode(texts: Sequence[str]) -> np.ndarray:
        """Wordings of one entry lie around one point, some of them far from it."""
        rows = []
        for text in texts:
            noise = np.random.default_rng(zlib.crc32(text.encode())).normal(size=32)
            point = np.random.default_rng(zlib.crc32(text[:4].encode())).normal(size=32)
            rows.append(point + 1.2 * noise)
        found = np.array(rows)
        return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)

    cut = cut_for(Bank(entries, {}), Encoder(encode, "noisy"))
    assert CUTS[0] < cut < CUTS[-1]
    kept = [(text, e.id) for e in entries for text in e.questions if held_out(text)]
    vectors = encode([text for text, _ in kept])

    def purity(at: float) -> float:
        joined = [[kept[row][1] for row in rows] for rows in grouped(vectors, at) if len(rows) > 1]
        right = sum(Counter(owners).most_common(1)[0][1] for owners in joined)
        return right / sum(map(len, joined))

    assert purity(cut) >= PURE > purity(cut - 0.01)


def test_a_small_bank_has_the_usual_cut(folder: Path, small_encoder: Encoder) -> None:
    assert cut_for(load_bank(folder), small_encoder) == USUAL
