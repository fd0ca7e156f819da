"""Nothing reaches customers unchecked, unseen by a second person, or worse than before."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.errors import ConfigError, Conflict, Forbidden, NotFound
from bot.faq.audit import audit
from bot.faq.bank import Bank, load_bank
from bot.faq.cells import with_settings
from bot.faq.checks import Finding
from bot.faq.editing import Editor
from bot.faq.encoder import Encoder, load_encoder, train_encoder
from bot.faq.publication import kept
from bot.faq.publish import LiveRetriever
from bot.faq.refusal import NotPublished
from bot.faq.release import Releases
from bot.faq.review import Reviews
from bot.storage import Database
from tests.conftest import Hands
from tests.faq.conftest import QUICK
from tests.faq.small import OFF_TOPIC

TODAY = date(2026, 3, 2)


@pytest.fixture
def reviews(db: Database, clock: Hands) -> Reviews:
    return Reviews(db, clock)


def test_whoever_wrote_cannot_approve(editor: Editor, reviews: Reviews, folder: Path) -> None:
    bank = editor.load()
    assert reviews.pending(bank) == []
    editor.edit(bank, with_settings(bank.get("loss.fee"), ["owner=乙部"]), by="A001", why="改")
    editor.edit(
        editor.load(),
        with_settings(editor.load().get("loss.fee"), ["source=新"]),
        by="B002",
        why="改",
    )
    bank = editor.load()
    (pending,) = reviews.pending(bank)
    assert pending.authors == ("A001", "B002") and pending.base is not None
    assert [change.field for change in pending.difference().fields] == ["owner", "source"]
    for who in ("a001", " Ｂ002 ", "system"):
        with pytest.raises(Forbidden):
            reviews.approve(bank, "loss.fee", pending.seen, by=who)
    with pytest.raises(Conflict, match="又被改过"):
        reviews.approve(bank, "loss.fee", pending.seen - 1, by="C003")
    reviews.reject(bank, "loss.fee", pending.seen, by="C003", note="依据不对")
    assert reviews.get(bank, "loss.fee").rejected is not None
    editor.edit(bank, with_settings(bank.get("loss.fee"), ["source=更新"]), by="A001", why="再改")
    again = reviews.get(editor.load(), "loss.fee")
    assert again.rejected is None
    reviews.approve(editor.load(), "loss.fee", again.seen, by="C003")
    assert reviews.pending(editor.load()) == []
    with pytest.raises(NotFound):
        reviews.approve(editor.load(), "loss.fee", again.seen, by="D004")
    # By git's own process: no record, nothing waits.
    path = folder / "loss.yml"
    path.write_text(path.read_text().replace("更新", "手改"))
    assert reviews.pending(editor.load()) == []


def test_put_back_there_is_nothing_to_approve(editor: Editor, reviews: Reviews) -> None:
    bank = editor.load()
    editor.withdraw(bank, "loss.fee", by="A001", why="误")
    waiting = reviews.get(editor.load(), "loss.fee")
    assert waiting.stops_publishing
    editor.revert(editor.load(), "loss.fee", waiting.base, by="A001", why="恢复")
    assert reviews.pending(editor.load()) == [] and editor.load().entries == bank.entries
    words = tuple(f"新问法{number}" for number in "一二三四五六七八")
    new = replace(bank.get("loss.fee"), id="loss.new", question="新？", variants=words)
    editor.add(editor.load(), new, by="A001", why="新增")
    editor.revert(editor.load(), "loss.new", None, by="B002", why="不要")
    # A draft waits, and stops nothing.
    (pending,) = reviews.pending(editor.load())
    assert editor.load().get("loss.new").status == "draft" and not pending.stops_publishing


def test_publishing_waits_for_approval_and_checks(
    editor: Editor, reviews: Reviews, releases: Releases
) -> None:
    with pytest.raises(ConfigError):
        releases.in_use()
    first = releases.publish(editor.load(), [], OFF_TOPIC)
    assert (first.publication.number, first.publication.by) == (1, "system")
    editor.withdraw(editor.load(), "loss.how", by="A001", why="停办")
    bank = editor.load()
    (change,) = releases.diff(bank)
    assert (change.kind, change.entry_id) == ("removed", "loss.how")
    with pytest.raises(NotPublished, match="复核") as refused:
        releases.publish(bank, [], OFF_TOPIC)
    assert "loss.how" in refused.value.reasons[0] and "A001" in refused.value.reasons[0]
    reviews.approve(bank, "loss.how", reviews.get(bank, "loss.how").seen, by="B002")
    with pytest.raises(NotPublished, match="1 处需要修改"):
        releases.publish(bank, [Finding("error", "", "x.yml:1: 坏")], OFF_TOPIC)
    warned = releases.publish(bank, [Finding("warning", "", "x.yml:1: 旧")], OFF_TOPIC, by="A001")
    assert warned.publication.number == 2 and releases.diff(bank) == []


def test_the_gate_stops_what_got_worse(
    folder: Path, releases: Releases, db: Database, clock: Hands
) -> None:
    good = load_bank(folder)
    asked = "转账多久可以到账"
    good = Bank(
        tuple(
            replace(entry, expected=(asked,)) if entry.id == "transfer.arrival" else entry
            for entry in good.entries
        ),
        good.places,
    )
    released = releases.publish(good, [], OFF_TOPIC)
    assert released.verdict.asked == released.verdict.passed == 1
    assert not released.verdict.compared
    # Another entry takes the wording over.
    bad = Bank(
        tuple(
            replace(entry, variants=(*entry.variants, asked)) if entry.id == "loss.fee" else entry
            for entry in good.entries
        ),
        good.places,
    )
    with pytest.raises(NotPublished, match="变差") as refused:
        releases.publish(bad, [], OFF_TOPIC)
    (reason,) = refused.value.reasons
    assert "transfer.arrival" in reason and "原来答对" in reason and "现在答错（loss.fee" in reason
    assert releases.in_use().number == 1
    clock.forward(minutes=1)
    releases.publish(bad, [], OFF_TOPIC, by="A001", why="试", override="临时活动")
    record = releases.history()[-1]
    assert (record.number, record.by, record.override) == (2, "A001", "临时活动")
    assert [worse.question for worse in record.worse] == [asked]
    (latest, *_) = audit(db).acts
    assert "第 2 版" in latest.text and "临时活动" in latest.details[0]


def test_going_back_and_on(
    folder: Path, releases: Releases, small_encoder: Encoder, tmp_path: Path
) -> None:
    bank = load_bank(folder)
    for count in (2, 3, 4):
        releases.publish(Bank(bank.entries[:count], bank.places), [], OFF_TOPIC)
    live = LiveRetriever(tmp_path / "faq", small_encoder)
    asked, newest = bank.entries[3].question, bank.entries[3].id
    assert live.current().search(asked, TODAY).candidates[0].entry.id == newest
    assert releases.rollback(by="A001", why="答错").number == 2
    live.look()
    assert live.current().search(asked, TODAY).candidates[0].entry.id != newest
    # Version 3 is not what was used before version 4.
    assert releases.publish(bank, [], OFF_TOPIC).publication.number == 4
    assert releases.rollback().number == 2
    assert releases.rollback(4).number == 4
    with pytest.raises(Conflict, match="正在使用"):
        releases.rollback(4)
    with pytest.raises(NotFound, match="可退回的版本：1、2、3、4"):
        releases.rollback(9)
    releases.rollback(1)
    for _ in range(6):
        releases.publish(bank, [], OFF_TOPIC)
    assert [each.number for each in kept(tmp_path / "faq")] == [6, 7, 8, 9, 10]
    kinds = [(record.kind, record.number) for record in releases.history(3)]
    assert kinds == [("publish", 8), ("publish", 9), ("publish", 10)]


def test_numbers_outlive_the_folder_and_the_database(
    folder: Path, releases: Releases, db: Database, small_encoder: Encoder, tmp_path: Path
) -> None:
    bank = load_bank(folder)
    releases.publish(bank, [], OFF_TOPIC)
    elsewhere = Releases(tmp_path / "fresh", db, lambda: small_encoder)
    assert elsewhere.publish(bank, [], OFF_TOPIC).publication.number == 2


def test_another_encoder_is_no_way_back_and_no_stop(
    folder: Path, releases: Releases, db: Database, tmp_path: Path
) -> None:
    bank = load_bank(folder)
    releases.publish(bank, [], OFF_TOPIC)
    train_encoder([entry.questions for entry in bank.entries[:2]], tmp_path / "other", QUICK)
    other = load_encoder(str(tmp_path / "other"))
    later = Releases(tmp_path / "faq", db, lambda: other)
    assert not later.publish(bank, [], OFF_TOPIC).verdict.compared
    with pytest.raises(ConfigError, match="另一个编码器"):
        later.rollback(1)
    assert later.in_use().number == 2


def test_what_cannot_be_recorded_does_not_come_into_use(
    folder: Path, releases: Releases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = load_bank(folder)
    releases.publish(bank, [], OFF_TOPIC)

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("bot.faq.release.insert", broken)
    with pytest.raises(OSError, match="disk full"):
        releases.publish(bank, [], OFF_TOPIC)
    assert releases.in_use().number == 1 and len(kept(tmp_path / "faq")) == 1


def test_whoever_asks_while_versions_are_published_gets_a_whole_answer(
    editor: Editor, releases: Releases, small_encoder: Encoder, tmp_path: Path
) -> None:
    """No question is dropped, and no answer comes with another version's name."""
    bank = editor.load()
    said: dict[str, str] = {}

    def publish(answer: str) -> None:
        entries = tuple(replace(entry, answer=answer) for entry in bank.entries)
        made = releases.publish(Bank(entries, bank.places), [], OFF_TOPIC)
        said[made.publication.version] = answer

    publish("第 0 次改")
    live = LiveRetriever(tmp_path / "faq", small_encoder)
    heard: list[tuple[str, str]] = []
    wrong: list[BaseException] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                retriever = live.current()
                (first, *_) = retriever.search("挂失要钱吗", TODAY).candidates
                heard.append((retriever.version, first.entry.answer))
            except BaseException as error:
                wrong.append(error)

    customers = [threading.Thread(target=ask) for _ in range(3)]
    for customer in customers:
        customer.start()
    for number in range(1, 8):
        publish(f"第 {number} 次改")
        live.look()
    over.set()
    for customer in customers:
        customer.join()
    assert wrong == []
    assert {said[version] == answer for version, answer in heard} == {True}
    assert live.current().version == max(said) and len({version for version, _ in heard}) > 1
