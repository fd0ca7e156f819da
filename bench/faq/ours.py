"""Our retrieval: the publication in use as it is, and an edit of a copy of its bank."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.faq.command import publish_by_command
from bench.faq.live import Marked, Running
from bot.faq.bank import load_bank
from bot.faq.encoder import Encoder, load_encoder, train_encoder
from bot.faq.evaluate import Answered, Case, ask_all
from bot.faq.publish import build, load_publication
from bot.faq.surroundings import off_topic
from bot.faq.yaml_text import FileText
from bot.settings import load_settings
from bot.text.clock import shanghai, utc_now


class Ours:
    """Reads the project's own settings."""

    def __init__(self) -> None:
        self._settings = load_settings()
        self._encoder: Encoder = load_encoder(self._settings.encoder_path)
        self._retriever = load_publication(self._settings.faq_publications, self._encoder)
        self._today = shanghai(utc_now()).date()

    def answer(self, text: str, wanted: str | None) -> Answered:
        """What a customer gets."""
        return ask_all(self._retriever, [(text, wanted)], self._today)[0]

    def from_nothing(self, scratch: Path) -> float:
        """Seconds to train the encoder and build what a publication holds."""
        bank = load_bank(self._settings.faq_dir)
        begun = time.perf_counter()
        groups = [entry.questions for entry in bank.entries if entry.status == "approved"]
        train_encoder(groups, scratch / "encoder")
        build(bank, load_encoder(str(scratch / "encoder")), off_topic())
        return time.perf_counter() - begun

    def edit(self, scratch: Path, asked: Sequence[Case]) -> float:
        """Seconds from a saved edit to its being answered: the whole command ``bankbot faq
        publish``, and a running retriever taking the new version up."""
        settings, marked = self._settings, Marked()
        bank, folder = scratch / "bank", scratch / "faq"
        shutil.copytree(settings.faq_dir, bank)
        shutil.copytree(settings.faq_publications, folder)
        running = Running(folder, settings.encoder_path, asked, marked)
        source = load_bank(bank).files[0]
        entry = next(each for each in source.entries if each.status == "approved")
        edited, text = asdict(marked.edit(entry)), FileText(source.text)
        text.change(entry.id, {name: edited[name] for name in ("answer", "variants")})
        source.path.write_text(text.text)
        begun = time.time()
        publish_by_command(scratch, bank, settings.encoder_path)
        return running.take_up().seen - begun
