"""Wordings of different entries that the encoder can hardly tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.faq.bank import Bank
from bot.faq.checks import Finding
from bot.faq.encoder import Encoder
from bot.faq.entry import Entry

# From this cosine on two questions of different entries are told as near-duplicates.
DUPLICATE = 0.8
# A wording is told as another entry's when that one is so much nearer, and near at all: the
# encoder's smaller differences are noise, and a far neighbour says nothing.
NEARER_BY, NEAR = 0.1, 0.6
# Rows of the product held at once: 2048 rows of 20 000 questions are 160 MB.
BLOCK = 2048


@dataclass(frozen=True)
class Near:
    """A question, the other entry's question it resembles, and their cosine.

    ``own``: cosine to the nearest other wording of its own entry; -1 where it has none.
    """

    entry_id: str
    field: str
    item: int
    question: str
    other_id: str
    other: str
    cosine: float
    own: float = -1.0


@dataclass(frozen=True)
class _Wording:
    entry: int
    field: str
    item: int
    text: str


def _wordings(entries: Sequence[Entry]) -> list[_Wording]:
    return [
        _Wording(number, "variants" if item >= 0 else "question", item, text)
        for number, entry in enumerate(entries)
        for item, text in enumerate(entry.questions, -1)
    ]


def check_similarity(bank: Bank, encoder: Encoder) -> list[Finding]:
    """Warnings: near-duplicates across entries, then wordings nearer to another entry."""
    duplicates, strays = compare_wordings(bank, encoder)
    findings = []
    for near in duplicates:
        what = (
            f"“{near.question}”与条目 {near.other_id} 的“{near.other}”很像"
            f"（相似度 {near.cosine:.2f}；合并、删去其一或写明差别）"
        )
        findings.append(_finding(bank, near, what))
    for near in strays:
        what = (
            f"“{near.question}”更像条目 {near.other_id} 的“{near.other}”"
            f"（相似度 {near.cosine:.2f}，与本条目只有 {near.own:.2f}；移过去或补几种相近的问法）"
        )
        findings.append(_finding(bank, near, what))
    return findings


def _finding(bank: Bank, near: Near, what: str) -> Finding:
    entry = bank.get(near.entry_id)
    return Finding("warning", near.entry_id, str(bank.error(entry, what, near.field, near.item)))


def compare_wordings(bank: Bank, encoder: Encoder) -> tuple[list[Near], list[Near]]:
    """Near-duplicates (each pair of entries once, by its nearest pair of wordings, most alike
    first), and wordings nearer to another entry than to their own (largest gap first)."""
    entries = [entry for entry in bank.entries if entry.status != "withdrawn"]
    wordings = _wordings(entries)
    if not wordings:
        return [], []
    owners = np.array([wording.entry for wording in wordings])
    vectors = encoder.encode([wording.text for wording in wordings])
    pairs: dict[tuple[int, int], Near] = {}
    strays: list[Near] = []

    def near(row: int, column: int, cosine: float, own: float = -1.0) -> Near:
        here, there = wordings[row], wordings[column]
        return Near(
            entries[here.entry].id, here.field, here.item, here.text,
            entries[there.entry].id, there.text, round(float(cosine), 4), round(float(own), 4),
        )  # fmt: skip

    for start, cosines in _products(vectors):
        rows = np.arange(start, start + len(cosines))
        same = owners[rows][:, None] == owners[None, :]
        others = np.where(same, -1.0, cosines)
        cosines[np.arange(len(rows)), rows] = -1.0
        own = np.where(same, cosines, -1.0).max(axis=1)
        nearest = others.argmax(axis=1)
        best = others[np.arange(len(rows)), nearest]
        for at in np.flatnonzero((best - own > NEARER_BY) & (best >= NEAR) & (own > -1.0)):
            strays.append(near(rows[at], nearest[at], best[at], own[at]))
        for at, column in np.argwhere(others >= DUPLICATE):
            row, cosine = rows[at], others[at, column]
            pair = (owners[row], owners[column])
            # Told at the later entry: the earlier one was there first.
            if pair[0] > pair[1] and (pair not in pairs or cosine > pairs[pair].cosine):
                pairs[pair] = near(row, column, cosine)
    return (
        sorted(pairs.values(), key=lambda each: -each.cosine),
        sorted(strays, key=lambda each: each.own - each.cosine),
    )


def _products(vectors: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    for start in range(0, len(vectors), BLOCK):
        yield start, vectors[start : start + BLOCK] @ vectors.T


def similar_to(entry: Entry, bank: Bank, encoder: Encoder, least: float = DUPLICATE) -> list[Near]:
    """Questions of other entries that one of ``entry``'s resembles, most alike first: what a
    maintainer is told before saving it. Each other entry once."""
    others = [each for each in bank.entries if each.id != entry.id and each.status != "withdrawn"]
    mine, theirs = _wordings([entry]), _wordings(others)
    if not theirs:
        return []
    vectors = encoder.encode([wording.text for wording in (*mine, *theirs)])
    cosines = vectors[: len(mine)] @ vectors[len(mine) :].T
    best: dict[int, Near] = {}
    for row, column in np.argwhere(cosines >= least):
        here, there, cosine = mine[row], theirs[column], float(cosines[row, column])
        if there.entry not in best or cosine > best[there.entry].cosine:
            best[there.entry] = Near(
                entry.id, here.field, here.item, here.text,
                others[there.entry].id, there.text, round(cosine, 4),
            )  # fmt: skip
    return sorted(best.values(), key=lambda each: -each.cosine)
