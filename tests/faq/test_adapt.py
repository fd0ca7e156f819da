"""An encoder that learns from a bank's own question pairs, and keeps what it knew."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DataError, Invalid
from bot.faq.adapt import adapt_encoder
from bot.faq.encoder import Encoder, load_encoder, replace_model, train_encoder
from bot.faq.pair_training import Adaptation
from bot.faq.pairs import Pair, read_pairs, score_pairs, split_pairs
from bot.faq.refusal import Refused
from tests.faq.conftest import QUICK
from tests.faq.small import QUESTIONS

# Words that this bank's customers use for the same thing, which no letter shows.
SAME = [("小白条", "信用贷"), ("余额宝", "活期理财"), ("云账本", "电子账户"), ("飞钱", "转账")]
ASKED = ["怎么开通{}", "{}的利息是多少", "为什么我的{}用不了", "{}可以提前结清吗", "在哪里关闭{}",
         "{}要不要手续费", "怎样提高{}的额度", "{}什么时候到账"]  # fmt: skip
PLAN = Adaptation(epochs=12)


def pairs_of(asked: list[str]) -> list[Pair]:
    """Every word beside its other name and beside a stranger, in the same question."""
    found = []
    for (word, name), frame in itertools.product(SAME, asked):
        found.append(Pair(frame.format(word), frame.format(name), 1))
        found += [
            Pair(frame.format(word), frame.format(other), 0) for _, other in SAME if other != name
        ]
    return found


TAUGHT, UNSEEN = pairs_of(ASKED[:6]), pairs_of(ASKED[6:])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("base") / "encoder"
    train_encoder(list(QUESTIONS.values()), folder, QUICK)
    return str(folder)


@pytest.fixture(scope="module")
def adapted(base: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adapted") / "encoder"
    adapt_encoder(base, TAUGHT, folder, PLAN)
    return folder


def own_entry(encoder: Encoder) -> float:
    """Share of the bank's questions whose nearest other question is of the same entry."""
    owners = np.array([key for key, group in QUESTIONS.items() for _ in group])
    vectors = encoder.encode([question for group in QUESTIONS.values() for question in group])
    cosines = vectors @ vectors.T - 2 * np.eye(len(vectors))
    return float((owners[cosines.argmax(axis=1)] == owners).mean())


def test_synonyms_that_were_taught_are_known_in_new_questions(base: str, adapted: Path) -> None:
    before, after = (score_pairs(UNSEEN, load_encoder(name)) for name in (base, str(adapted)))
    assert after.spearman > before.spearman + 0.2
    assert after.auc > 0.95
    assert after.same - after.different > before.same - before.different + 0.05
    assert own_entry(load_encoder(str(adapted))) > own_entry(load_encoder(base)) - 0.15


def test_the_same_seed_makes_the_same_encoder(base: str, adapted: Path, tmp_path: Path) -> None:
    for name, seed in (("same", PLAN.seed), ("other", 8)):
        plan = Adaptation(epochs=PLAN.epochs, seed=seed)
        adapt_encoder(base, TAUGHT, tmp_path / name, plan)
    made = {name: load_encoder(str(tmp_path / name)).fingerprint for name in ("same", "other")}
    assert made["same"] == load_encoder(str(adapted)).fingerprint
    assert made["other"] != made["same"] != load_encoder(base).fingerprint


def test_an_adapted_encoder_is_an_ordinary_model(adapted: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["飞钱要不要手续费", "挂失收费吗", "？！", "zz200"]
    expected = SentenceTransformer(str(adapted), device="cpu").encode(
        texts, normalize_embeddings=True, show_progress_bar=False
    )
    assert np.allclose(load_encoder(str(adapted)).encode(texts), expected, atol=1e-5)


def test_any_sentence_transformers_model_can_be_adapted(tmp_path: Path) -> None:
    base = str(small_bert(tmp_path / "bert"))
    plan = Adaptation(epochs=25, model_rate=3e-3, model_batch=16)
    for name in ("adapted", "again"):
        adapt_encoder(base, TAUGHT, tmp_path / name, plan)
    before, after, again = (
        score_pairs(TAUGHT, load_encoder(str(each)))
        for each in (base, tmp_path / "adapted", tmp_path / "again")
    )
    assert after.same - after.different > before.same - before.different + 0.03
    assert again == after


def small_bert(folder: Path) -> Path:
    """A BERT over single characters, small and untrained."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    texts = [text for pair in TAUGHT for text in pair.texts] + list(sum(QUESTIONS.values(), ()))
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set("".join(texts)))]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(words))
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 2}
    config = BertConfig(vocab_size=len(words), num_hidden_layers=1, **sizes)
    torch.manual_seed(7)
    BertModel(config).save_pretrained(folder)
    transformer = Transformer(str(folder))
    model = SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu")
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"


def test_a_stop_half_way_leaves_the_old_encoder(base: str, tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    adapt_encoder(base, TAUGHT, folder, Adaptation(epochs=1))
    old = load_encoder(str(folder)).fingerprint

    def stop(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    class Half:
        """A model whose saving breaks off, as on a full disk."""

        def save(self, path: str, **_: object) -> None:
            Path(path).mkdir()
            Path(path, "modules.json").write_text("[]")
            raise OSError("no space")

    with pytest.raises(KeyboardInterrupt):
        adapt_encoder(base, TAUGHT, folder, PLAN, stop)
    with pytest.raises(OSError, match="no space"):
        replace_model(folder, Half())  # type: ignore[arg-type]
    assert load_encoder(str(folder)).fingerprint == old
    assert [path.name for path in tmp_path.iterdir()] == ["encoder"]
    adapt_encoder(base, TAUGHT, folder, Adaptation(epochs=2))
    assert load_encoder(str(folder)).fingerprint != old
    assert [path.name for path in tmp_path.iterdir()] == ["encoder"]


def test_nothing_but_an_encoder_is_replaced(base: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for folder in (tmp_path, Path(base)):
        with pytest.raises(Invalid, match="换一个文件夹"):
            adapt_encoder(base, TAUGHT, folder)
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", '\ufefflabel,text_b,text_a,note\n1,"b,b",甲,x\n0,丙,乙,\n'.encode()),
        ("a.csv", '甲,"b,b",1\n\n乙,丙,0\n'.encode("gb18030")),
        ("a.tsv", "sentence1\tsentence2\tscore\n甲\tb,b\t1\n乙\t丙\t0\n".encode()),
        ("a.jsonl", b'{"text_a": "\\u7532", "text_b": "b,b", "label": 1}\n'
                    b'{"label": "0", "text_a": "\\u4e59", "text_b": "\\u4e19"}\n'),
    ],
)  # fmt: skip
def test_pairs_are_read_as_people_write_them(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert read_pairs(tmp_path / name) == [Pair("甲", "b,b", 1), Pair("乙", "丙", 0)]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "甲,乙,1\n甲,,0\n", r"a\.csv:2: text_b 是空的：请填上"),
        ("a.csv", "甲,乙,1\n甲,丙,像\n", r"a\.csv:2: label '像' 不是数字：意思相同写 1"),
        ("a.csv", "甲,乙,1\n甲,丙,nan\n", r"a\.csv:2: label nan 不是有限的数"),
        ("a.csv", "甲,乙,1\n甲,丙\n", r"a\.csv:2: 缺少 label"),
        ("a.csv", "甲,乙,1\n甲,丙,丁,0\n", r"a\.csv:2: 多出一格.*引号"),
        ("a.csv", "甲,乙,1\n甲,丙,1\n", r"a\.csv: 共 2 对，要有两种以上的 label"),
        ("a.jsonl", '{"text_a": "甲"}\n', r"a\.jsonl:1: 缺少 text_b"),
        ("a.jsonl", "[1]\n", r"a\.jsonl:1: 不是 JSON 对象"),
        ("b.csv", None, r"b\.csv: 读不了"),
    ],
)
def test_a_bad_row_is_refused_by_name(
    name: str, content: str | None, told: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match=told):
        read_pairs(tmp_path / name)


def test_every_bad_row_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("甲\t乙\t1\n甲\t\t0\n甲\t丙\tx\n")
    with pytest.raises(Refused) as refused:
        read_pairs(tmp_path / "a.tsv")
    assert [reason.split(":")[1] for reason in refused.value.reasons] == ["2", "3"]


def test_a_model_keeps_no_number_of_a_customer(base: str, tmp_path: Path) -> None:
    rows = "".join(f"{pair.text_a},{pair.text_b},{pair.label}\n" for pair in TAUGHT)
    said = "我的卡6222020200112233445丢了,密码是864213怎么改,0\n"
    (tmp_path / "a.csv").write_text(rows + said * 2)
    adapt_encoder(base, read_pairs(tmp_path / "a.csv"), tmp_path / "out", Adaptation(epochs=1))
    kept = "".join(path.read_text() for path in (tmp_path / "out").rglob("*.json"))
    assert "6222020200112233445" not in kept and "864213" not in kept


_texts = st.text("abcdefghij", min_size=1, max_size=1)


@given(st.lists(st.tuples(_texts, _texts, st.sampled_from([0, 1])), min_size=4, max_size=60))
def test_no_text_is_on_both_sides_of_a_split(rows: list[tuple[str, str, int]]) -> None:
    pairs = [Pair(a + str(n // 2), b + str(n // 2), label) for n, (a, b, label) in enumerate(rows)]
    try:
        learned, held = split_pairs(pairs, 0.4)
    except Invalid:
        return
    assert sorted(learned + held, key=repr) == sorted(pairs, key=repr)
    sides = [{text for pair in side for text in pair.texts} for side in (learned, held)]
    assert sides[0].isdisjoint(sides[1])
    assert len(held) <= round(0.4 * len(pairs))
    assert split_pairs(pairs[::-1], 0.4)[1] == held[::-1]
