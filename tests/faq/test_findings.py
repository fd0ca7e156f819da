"""What a maintainer is told about wordings, answers and quality."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.errors import DataError
from bot.faq.bank import Bank, load_bank
from bot.faq.checks import check_bank
from bot.faq.encoder import Encoder
from bot.faq.evaluate import (
    Answered,
    calibration_curve,
    expected_cases,
    labelled_cases,
    summarise,
    worst_entries,
)
from bot.faq.explain import explain
from bot.faq.publish import publish
from bot.faq.report import write_report
from bot.faq.similarity import check_similarity, similar_to
from tests.conftest import Hands
from tests.faq.small import INTENTS, OFF_TOPIC

TODAY = date(2026, 3, 2)


def test_wordings_of_two_entries_that_look_alike(folder: Path, small_encoder: Encoder) -> None:
    path = folder / "transfer.yml"
    path.write_text(path.read_text().replace("      - 到账时间", "      - 挂失要收费吗"))
    bank = load_bank(folder)
    assert check_bank(bank, INTENTS, TODAY) == []
    findings = check_similarity(bank, small_encoder)
    assert {finding.level for finding in findings} == {"warning"}
    line = 1 + path.read_text().splitlines().index("      - 挂失要收费吗")
    told = [str(finding) for finding in findings if "挂失要收费吗" in str(finding)]
    assert any(
        "很像" in each and each.startswith(f"{path}:{line}: entry transfer") for each in told
    )
    assert any("更像条目 loss.fee" in each for each in told)
    copy = replace(bank.get("loss.fee"), id="loss.copy", question="挂失要收费不", variants=())
    (near, *_) = similar_to(copy, bank, small_encoder)
    assert near.other_id in ("loss.fee", "transfer.arrival") and near.cosine > 0.8


def test_a_text_is_explained(folder: Path, small_encoder: Encoder, tmp_path: Path) -> None:
    publish(load_bank(folder), tmp_path / "faq", small_encoder, OFF_TOPIC)
    (exact,) = explain(tmp_path / "faq", small_encoder, "挂失要钱吗？", TODAY)
    assert exact.decision == "answer" and "相同" in exact.why and exact.publication.number == 1
    (near,) = explain(tmp_path / "faq", small_encoder, "请问挂失要不要交钱", TODAY)
    assert near.candidates[0].entry_id == "loss.fee" and near.candidates[0].evidence
    (nothing,) = explain(tmp_path / "faq", small_encoder, "abc", TODAY)
    assert nothing.decision != "answer" and nothing.answer == ""


def test_figures_of_known_answers(tmp_path: Path, clock: Hands) -> None:
    answered = [
        Answered("一", "a", "answer", ("a", "b"), (0.95, 0.1)),
        Answered("二", "a", "answer", ("b", "a"), (0.92, 0.1)),
        Answered("三", "b", "clarify", ("a", "b"), (0.4, 0.35)),
        Answered("四<b>", "b", "none", (), ()),
        Answered("五", None, "answer", ("a",), (0.6,)),
        Answered("六", None, "none", ("a",), (0.05,)),
    ]
    report = summarise(answered)
    assert (report.recall_at_1, report.recall_at_3, report.mrr) == (0.25, 0.75, 0.5)
    assert report.wrong == pytest.approx(2 / 3)
    assert (report.unanswered, report.false_answers) == (0.25, 0.5)
    assert worst_entries(answered) == [("a", 1, 2), ("b", 1, 2)]
    (last,) = [b for b in calibration_curve(answered) if b.predicted > 0.9]
    assert (last.count, last.right) == (2, 0.5)
    page = tmp_path / "out" / "report.html"
    write_report(answered, page, clock(), "第 1 版")
    text = page.read_text()
    HTMLParser().feed(text)
    assert text.count("<svg") == 3 and "四&lt;b&gt;" in text and "四<b>" not in text
    first = text
    write_report(answered, page, clock(), "第 1 版")
    assert len(page.read_text()) == len(first)


def test_questions_to_evaluate(folder: Path, tmp_path: Path) -> None:
    bank = load_bank(folder)
    fee = replace(bank.get("loss.fee"), expected=("报失要不要钱",))
    gone = replace(bank.get("loss.how"), expected=("咋挂失",), status="withdrawn")
    assert expected_cases(Bank((fee, gone), {}).entries, TODAY) == [("报失要不要钱", "loss.fee")]
    data = tmp_path / "nlu.yml"
    data.write_text(
        "nlu:\n- intent: faq/loss.fee\n  examples: |\n    - 挂失收钱\n"
        "- intent: out_of_scope\n  examples: |\n    - 天气\n- intent: greet\n  examples: |\n    - 你好\n"
    )
    assert labelled_cases(tmp_path) == [("挂失收钱", "loss.fee"), ("天气", None)]
    data.write_text("- 甲\n")
    with pytest.raises(DataError, match="NLU"):
        labelled_cases(tmp_path)
