"""Answers from a published bank, and what publishing does to readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.errors import ConfigError
from bot.faq.bank import Bank, load_bank
from bot.faq.encoder import Encoder, load_encoder, train_encoder
from bot.faq.publish import LiveRetriever, publish, versions
from bot.faq.surroundings import off_topic
from tests.faq.conftest import QUICK

TODAY = date(2026, 11, 1)
ROOT = Path(__file__).parents[2]
OFF_TOPIC = off_topic(ROOT / "data" / "nlu" / "out_of_scope.yml")[::12]


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank(ROOT / "data" / "faq")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(str(ROOT / "var" / "encoder"))


@pytest.fixture(scope="module")
def live(bank: Bank, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> LiveRetriever:
    folder = tmp_path_factory.mktemp("faq")
    publish(bank, folder, encoder, OFF_TOPIC)
    return LiveRetriever(folder, encoder)


def test_every_stored_question_finds_its_own_entry(bank: Bank, live: LiveRetriever) -> None:
    retriever = live.current()
    for entry in bank.entries:
        for question in entry.questions:
            found = retriever.search(question, TODAY)
            assert found.decision == "answer" and found.candidates[0].entry.id == entry.id


def test_what_a_bank_cannot_know_is_not_answered(live: LiveRetriever) -> None:
    for text in ("今天天气怎么样", "红烧肉怎么做", "量子力学是什么", "？？？", "a" * 2000):
        assert live.current().search(text, TODAY).decision != "answer", text


def test_an_entry_answers_in_its_time_and_to_its_audience(
    bank: Bank, encoder: Encoder, tmp_path: Path
) -> None:
    changes = {
        "loss.fee": {"expires": date(2026, 6, 1)},
        "loss.period": {"effective": date(2027, 1, 1)},
        "loss.how": {"audience": "signed_in"},
        "loss.cancel": {"status": "withdrawn"},
    }
    changed = Bank(
        tuple(replace(entry, **changes.get(entry.id, {})) for entry in bank.entries), bank.places
    )
    publish(changed, tmp_path, encoder, OFF_TOPIC)
    retriever = LiveRetriever(tmp_path, encoder).current()

    def answered_by(entry_id: str, audience: str = "public", on: date = TODAY) -> bool:
        question = bank.get(entry_id).question
        found = retriever.search(question, on, audience)
        return entry_id in [candidate.entry.id for candidate in found.candidates]

    assert answered_by("loss.fee", on=date(2026, 5, 31))
    assert not answered_by("loss.fee", on=date(2026, 6, 1))
    assert not answered_by("loss.period")
    assert answered_by("loss.period", on=date(2027, 1, 1))
    assert not answered_by("loss.how")
    assert answered_by("loss.how", "signed_in")
    assert not answered_by("loss.cancel", "agents")


def test_a_new_version_is_used_at_once_and_old_ones_go(
    bank: Bank, encoder: Encoder, tmp_path: Path
) -> None:
    small = Bank(bank.entries[:3], bank.places)
    publish(small, tmp_path, encoder, OFF_TOPIC)
    live = LiveRetriever(tmp_path, encoder)
    fresh = bank.entries[10]
    assert live.current().search(fresh.question, TODAY).decision != "answer"
    for _ in range(6):
        publish(Bank((*small.entries, fresh), bank.places), tmp_path, encoder, OFF_TOPIC)
    assert live.current().search(fresh.question, TODAY).candidates[0].entry.id == fresh.id
    assert len(versions(tmp_path)) == 5


def test_an_index_refuses_another_encoder(bank: Bank, encoder: Encoder, tmp_path: Path) -> None:
    train_encoder([entry.questions for entry in bank.entries[:5]], tmp_path / "other", QUICK)
    publish(Bank(bank.entries[:3], bank.places), tmp_path / "faq", encoder, OFF_TOPIC)
    with pytest.raises(ConfigError, match="重新发布"):
        LiveRetriever(tmp_path / "faq", load_encoder(str(tmp_path / "other"))).current()
    with pytest.raises(ConfigError, match="train-encoder"):
        load_encoder(str(tmp_path / "none"))
    with pytest.raises(ConfigError, match="faq publish"):
        LiveRetriever(tmp_path / "nothing", encoder).current()


def test_training_is_the_same_every_time(bank: Bank, tmp_path: Path) -> None:
    groups = [entry.questions for entry in bank.entries[:10]]
    for name in ("a", "b"):
        train_encoder(groups, tmp_path / name, QUICK)
    first, second = (load_encoder(str(tmp_path / name)) for name in ("a", "b"))
    assert first.fingerprint == second.fingerprint
    assert (first.encode(["挂失收费吗"]) == second.encode(["挂失收费吗"])).all()


def test_the_served_encoder_is_the_sentence_transformers_model(bank: Bank, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    train_encoder([entry.questions for entry in bank.entries[:10]], tmp_path, QUICK)
    texts = ["挂失收费吗", "zz200给小雨", "？！", *bank.entries[0].questions]
    ordinary = SentenceTransformer(str(tmp_path), device="cpu")
    expected = ordinary.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    assert np.allclose(load_encoder(str(tmp_path)).encode(texts), expected, atol=1e-5)
