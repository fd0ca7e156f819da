"""A small bank, its encoder, and what works on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.faq.bank import load_bank
from bot.faq.editing import Editor
from bot.faq.encoder import Encoder, Training, load_encoder, train_encoder
from bot.faq.release import Releases
from bot.storage import Database
from tests.conftest import Hands
from tests.faq.small import INTENTS, write_bank

# A bank of four entries needs no more.
QUICK = Training(buckets=4096, dimension=64)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_bank(tmp_path / "bank")


@pytest.fixture(scope="session")
def small_encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    bank = load_bank(write_bank(tmp_path_factory.mktemp("bank")))
    folder = tmp_path_factory.mktemp("small-encoder")
    train_encoder([entry.questions for entry in bank.entries], folder, QUICK)
    return load_encoder(str(folder))


@pytest.fixture
def editor(folder: Path, db: Database, clock: Hands) -> Editor:
    return Editor(folder, db, INTENTS, clock)


@pytest.fixture
def releases(tmp_path: Path, db: Database, small_encoder: Encoder, clock: Hands) -> Releases:
    return Releases(tmp_path / "faq", db, lambda: small_encoder, clock)
