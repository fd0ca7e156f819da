"""How good retrieval is on questions whose right entry is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import DataError
from bot.faq.compound import Compounds
from bot.faq.ellipsis import Vocabulary
from bot.faq.entry import Entry
from bot.faq.found import Lookup
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from bot.faq.retriever import Retriever

# Intents of labelled data: a question of the bank is `faq/<entry id>`, the other has no answer.
FAQ_INTENT, FOREIGN_INTENT = "faq", "out_of_scope"
# Parts that the calibration curve cuts 0..1 into.
BINS = 10

Case = tuple[str, str | None]


@dataclass(frozen=True)
class Report:
    """Shares in 0..1. ``recall_at_1``, ``recall_at_3`` and ``mrr`` count answerable questions;
    ``wrong`` is the share of given answers that are wrong, ``unanswered`` that of answerable
    questions left without an answer or an offer holding it, ``false_answers`` that of
    unanswerable ones answered."""

    questions: int
    recall_at_1: float
    recall_at_3: float
    mrr: float
    wrong: float
    unanswered: float
    false_answers: float


@dataclass(frozen=True)
class Answered:
    """What a question got: candidate ids and their probabilities, best first."""

    text: str
    wanted: str | None
    decision: str
    ids: tuple[str, ...]
    scores: tuple[float, ...]

    @property
    def rank(self) -> int:
        """Place of the right entry from 1; 0 where it is not among the candidates."""
        return self.ids.index(self.wanted) + 1 if self.wanted in self.ids else 0

    @property
    def missed(self) -> bool:
        """Whether the customer does not get what is right: at most a choice that holds it."""
        if self.wanted is None:
            return self.decision == "answer"
        if self.decision == "answer":
            return self.rank != 1
        return self.decision == "none" or self.rank == 0


@dataclass(frozen=True)
class Bin:
    """First candidates of about one probability, and the share of them that is right."""

    count: int
    predicted: float
    right: float


def evaluate(retriever: Retriever, cases: Iterable[Case], today: date) -> Report:
    """Ask every (text, entry id or ``None``) of the retriever."""
    return summarise(ask_all(retriever, cases, today))


def ask_all(
    retriever: Retriever,
    cases: Iterable[Case],
    today: date,
    audiences: Mapping[str, str] | None = None,
) -> list[Answered]:
    """Every question's result, asked as the assistant asks it; ``audiences`` says who asks for an
    entry (else the public)."""
    compounds = Compounds(Vocabulary.load())
    return [
        _answered(text, wanted, compounds, Lookup(retriever, today, _of(audiences, wanted)))
        for text, wanted in cases
    ]


def _of(audiences: Mapping[str, str] | None, wanted: str | None) -> str:
    return (audiences or {}).get(wanted or "", "public")


def _answered(text: str, wanted: str | None, compounds: Compounds, bank: Lookup) -> Answered:
    found = compounds.understand(text, None, bank)
    # A message that asks two things gets two answers; its case is about one of them.
    about = next((each for each in found if each.entry and each.entry.id == wanted), found[0])
    got = about.retrieval
    return Answered(
        text,
        wanted,
        got.decision,
        tuple(candidate.entry.id for candidate in got.candidates),
        tuple(candidate.score for candidate in got.candidates),
    )


def summarise(answered: Sequence[Answered]) -> Report:
    """The figures over all questions asked."""
    known = [each for each in answered if each.wanted is not None]
    foreign = [each for each in answered if each.wanted is None]
    given = [each for each in answered if each.decision == "answer"]
    lost = [each for each in known if each.missed and each.decision != "answer"]
    total = max(1, len(known))
    return Report(
        questions=len(answered),
        recall_at_1=sum(each.rank == 1 for each in known) / total,
        recall_at_3=sum(0 < each.rank <= 3 for each in known) / total,
        mrr=sum(1 / each.rank for each in known if each.rank) / total,
        wrong=sum(each.rank != 1 for each in given) / max(1, len(given)),
        unanswered=len(lost) / total,
        false_answers=sum(each.decision == "answer" for each in foreign) / max(1, len(foreign)),
    )


def calibration_curve(answered: Sequence[Answered], bins: int = BINS) -> list[Bin]:
    """Predicted probability of the first candidate against how often it is right; bins without
    a question are left out."""
    groups: dict[int, list[Answered]] = {}
    for each in answered:
        if each.scores:
            groups.setdefault(min(bins - 1, int(each.scores[0] * bins)), []).append(each)
    return [
        Bin(
            len(group),
            sum(each.scores[0] for each in group) / len(group),
            sum(each.rank == 1 for each in group) / len(group),
        )
        for _, group in sorted(groups.items())
    ]


def worst_entries(answered: Sequence[Answered], most: int = 20) -> list[tuple[str, int, int]]:
    """(entry id, questions missed, questions asked), most missed first; sound ones left out."""
    asked: dict[str, list[bool]] = {}
    for each in answered:
        if each.wanted is not None:
            asked.setdefault(each.wanted, []).append(each.missed)
    counted = [(key, sum(misses), len(misses)) for key, misses in asked.items() if any(misses)]
    return sorted(counted, key=lambda row: (-row[1], -row[1] / row[2], row[0]))[:most]


def expected_cases(entries: Iterable[Entry], today: date) -> list[Case]:
    """The regression questions of every entry that may answer today."""
    return [
        (normalise(question), entry.id)
        for entry in entries
        if entry.answers(today, entry.audience)
        for question in entry.expected
    ]


def labelled_cases(folder: Path) -> list[Case]:
    """Questions of Rasa NLU files: intents ``faq/<id>``, and ``out_of_scope`` for no answer.

    Raises:
        DataError: there is no file, or one cannot be read.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    paths = sorted(folder.rglob("*.yml")) if folder.is_dir() else [folder]
    found: list[Case] = []
    for path in paths:
        try:
            content = YAML(typ="safe").load(path)
            # Stories may lie in the same folder.
            for block in content.get("nlu") or []:
                intent, _, entry = str(block.get("intent", "")).partition("/")
                if intent == FOREIGN_INTENT or (intent == FAQ_INTENT and entry):
                    lines = (line.strip() for line in block["examples"].splitlines())
                    texts = [normalise(line[1:]) for line in lines if line.startswith("-")]
                    found += [(text, entry or None) for text in texts if text]
        except OSError as error:
            raise DataError(f"{path}: 读不了（{error.strerror}）") from None
        except (YAMLError, KeyError, TypeError, AttributeError):
            raise DataError(f"{path}: 不是 Rasa 的 NLU 数据（要有 nlu: 和 examples:）") from None
    if not found:
        raise DataError(f"{folder}: 没有 {FAQ_INTENT}/… 或 {FOREIGN_INTENT} 的问法")
    return found
