"""Fitted models of sequences: probabilities, decoding, files, stacks and what they must beat."""

import pickle

import numpy as np
import pytest

import bineural as bn
from bineural.nets.many import NetRun, fit_runs
from bineural.sequences.stepping import stepper_of
from long_cases import long_but

NAMES = ["anna", "hanna", "susanna", "banana", "ananas", "nathan", "ethan", "hannah", "ann", "ethna"] * 3
PAIRS = bn.make_sequences("reversal", 60, seed=1)
SMALL = {"units": (8,), "embedding": 4, "epochs": 2, "seed": 1, "verbose": 0}


@pytest.fixture(scope="module")
def language():
    """A language model of names."""
    return bn.fit_sequence(NAMES, **SMALL)


@pytest.fixture(scope="module")
def reversing():
    """A model that has begun to learn to turn words round."""
    return bn.fit_sequence(PAIRS["target"], PAIRS["source"], **SMALL)


@pytest.mark.long
def test_rows_of_a_batch_are_each_as_alone(language, reversing):
    words = ["a", "banana", "nn", ""]
    together = language.log_prob(words)
    assert together == pytest.approx([language.log_prob([word])[0] for word in words], rel=1e-5)
    target, source = PAIRS["target"][:5].tolist(), PAIRS["source"][:5].tolist()
    alone = [reversing.log_prob([a], [b])[0] for a, b in zip(target, source)]
    assert reversing.log_prob(target, source) == pytest.approx(alone, rel=1e-5)


def test_steps_add_up_to_log_prob_and_their_probabilities_to_one(language):
    (row,) = ([int(k) for k in r if k] for r in language.input_.numbers_of(["hanna"]))
    answers = [language.step_each(np.zeros(1, int), [tuple(row[:k])])[0][1] for k in range(len(row))]
    assert all(np.exp(values).sum() == pytest.approx(1, abs=1e-6) for values in answers)
    total = sum(values[symbol - 1] for symbol, values in zip(row, answers))
    assert total == pytest.approx(language.log_prob(["hanna"])[0], abs=1e-4)


@pytest.mark.parametrize(
    "options",
    long_but(
        [
            {"architecture": "gru"},
            {"architecture": "lstm", "units": (6, 5), "embedding": 0},
            {"architecture": "rnn", "units": (4, 6)},
        ],
        {"architecture": "gru"},
    ),
    ids=lambda options: options["architecture"],
)
@pytest.mark.parametrize("sourced", long_but([False, True], False))
def test_a_state_carried_on_says_what_the_whole_prefix_says(options, sourced):
    how = SMALL | {"epochs": 1} | options
    pairs = (PAIRS["target"], PAIRS["source"]) if sourced else (NAMES,)
    model = bn.fit_sequence(*pairs, **how)
    encoded = model.input_.numbers_of(PAIRS["source"][:3].tolist(), source=True) if sourced else None
    more, step, n = (encoded,) if sourced else (), stepper_of(model, encoded), len(model.symbols_)
    which, prefixes, rng = np.array([0, 2, 2]), [(), (), ()], np.random.default_rng(1)
    for _ in range(7):
        whole, kept = model.step_each(which, prefixes, *more), step(which, prefixes)
        for (_, a), (_, b) in zip(whole, kept):
            np.testing.assert_allclose(a, b, atol=1e-6)
        chosen = rng.integers(0, len(which), 3)  # some hypotheses go on twice, others not at all
        which = which[chosen]
        prefixes = [(*prefixes[k], int(rng.integers(1, n + 1))) for k in chosen]
    later = [prefix[:5] for prefix in prefixes]  # of no step before
    for (_, a), (_, b) in zip(model.step_each(which, later, *more), step(which, later)):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_the_history_is_the_mean_of_what_sequences_cost(language):
    from bineural.nets.watched_rows import hold_out

    watched = hold_out(np.arange(len(NAMES)), 0.1, 1)[0].watch
    costs = -language.log_prob([NAMES[k] for k in watched])
    assert language.history_["validation_loss"][language.best_epoch_ - 1] == pytest.approx(
        costs.mean(), rel=1e-4
    )


def test_bits_and_perplexity_are_those_of_the_definition(language):
    scored = bn.score_sequences(language, ["anna", "ban"]).iloc[0]
    bits = -language.log_prob(["anna", "ban"]).sum() / np.log(2) / (5 + 4)
    assert scored["n_symbols"] == 9
    assert scored["bits_per_symbol"] == pytest.approx(bits)
    assert scored["perplexity"] == pytest.approx(2**bits)
    assert np.isnan(scored["exact_match"])


def test_beams_score_as_scoring_again_and_one_beam_is_greedy(reversing):
    source = PAIRS["source"][:6].tolist()
    for beams in (1, 3):
        found = bn.generate(reversing, source, beams=beams)
        done = found[found["finished"]]
        if len(done):
            again = reversing.log_prob(done["sequence"].tolist(), done["source"].tolist())
            assert done["log_prob"].to_numpy() == pytest.approx(again, abs=1e-3)
    every = bn.generate(reversing, source[:1], beams=3)
    assert every["sequence"][0] == bn.generate(reversing, source, beams=3)["sequence"][0]
    assert len(every) == 3 and len(bn.plot_search_tree(every).axes) == 1
    greedy = bn.generate(reversing, source, temperature=0)
    assert greedy["sequence"].tolist() == bn.generate(reversing, source, beams=1)["sequence"].tolist()
    assert reversing.predict(source) == greedy["sequence"].tolist()


def test_a_language_model_is_searched_and_begun(language):
    found = bn.generate(language, 3, beams=4, start="ha", max_length=6)
    assert len(found) == 3 and found["sequence"].str.startswith("ha").all()
    done = found[found["finished"]]
    assert done["log_prob"].to_numpy() == pytest.approx(
        language.log_prob(done["sequence"].tolist()), abs=1e-3
    )


def test_draws_follow_the_seed_and_what_they_are_limited_to(language):
    first, second = (bn.generate(language, 5, seed=2)["sequence"].tolist() for _ in range(2))
    assert first == second != bn.generate(language, 5, seed=3)["sequence"].tolist()
    cold = bn.generate(language, 2, temperature=0, seed=1)["sequence"]
    assert cold.nunique() == 1 and cold[0] == bn.generate(language, 1, top_k=1, seed=5)["sequence"][0]


@pytest.mark.long
def test_a_net_turns_words_of_two_letters_round():
    letters = "abcd"
    source = [a + b for a in letters for b in letters] * 4
    target = [word[::-1] for word in source]
    model = bn.fit_sequence(
        target,
        source,
        units=(24,),
        embedding=8,
        epochs=60,
        learning_rate=0.02,
        validation=None,
        seed=1,
        verbose=0,
    )
    scored = bn.score_sequences(model, target[:16], source[:16]).iloc[0]
    assert scored["exact_match"] > 0.9
    assert model.errors_["net"] < model.errors_["baseline"]


@pytest.mark.long
def test_attention_sums_to_one_at_each_step(reversing):
    table = reversing.attention_to("cba", "abc")
    assert table.groupby("step")["weight"].sum().to_numpy() == pytest.approx(np.ones(4))
    assert table["said"].tolist()[::4] == ["a", "b", "c", "<end>"]
    with pytest.raises(bn.InputError, match="attention"):
        bn.fit_sequence(PAIRS["target"], PAIRS["source"], attention=False, **SMALL).attention_to("b", "a")


def test_a_model_is_the_same_from_a_file_and_a_pickle(language, reversing, tmp_path):
    for model, given in ((language, (["anna"],)), (reversing, (["abc"], ["cba"]))):
        path = tmp_path / "model.bineural"
        bn.save_model(model, path)
        for copy in (bn.load_model(path), pickle.loads(pickle.dumps(model))):
            assert copy.log_prob(*given).tolist() == model.log_prob(*given).tolist()
            assert copy.errors_ == model.errors_ and copy.baseline_ is None


@pytest.mark.long
@pytest.mark.parametrize("sourced", [False, True])
def test_nets_of_a_stack_are_each_as_alone(sourced):
    rows = PAIRS[["target", "source"]] if sourced else PAIRS[["target"]]
    template = bn.SequenceModel(**{**SMALL, "seed": None})
    runs = [NetRun(np.arange(40), 1, {}, "one"), NetRun(np.arange(20, 60), 2, {}, "two")]
    nets = fit_runs(template, rows, np.zeros(60), runs)
    assert all(net.how_.startswith("stack") for net in nets), nets[0].why_alone_
    columns = [PAIRS[name].tolist() for name in rows]
    for net, run in zip(nets, runs):
        part = PAIRS.iloc[run.rows]
        alone = bn.fit_sequence(*[part[name] for name in rows], **{**SMALL, "seed": run.seed})
        assert net.log_prob(*columns) == pytest.approx(alone.log_prob(*columns), rel=1e-3)


@pytest.mark.parametrize("architecture", long_but(["rnn", "lstm", "transformer"], "lstm"))
def test_every_architecture_learns(architecture):
    model = bn.fit_sequence(
        PAIRS["target"],
        PAIRS["source"],
        architecture=architecture,
        **{**SMALL, "epochs": 3} | ({"embedding": 8, "heads": 2} if architecture == "transformer" else {}),
    )
    assert model.history_["loss"][-1] < model.history_["loss"][0]


@pytest.mark.long
def test_words_are_joined_by_spaces_and_rare_ones_are_never_said():
    texts = ["the cat sat", "the cat ran", "the dog sat", "a dog ran"] * 2 + ["the zebra ran"]
    model = bn.fit_sequence(texts, unit="word", **SMALL)
    said = bn.generate(model, 20, seed=1)["sequence"]
    assert set(" ".join(said).split()) <= {"the", "cat", "sat", "ran", "dog", "a"}
    assert model.log_prob(["the yak ran"]) == pytest.approx(model.log_prob(["the gnu ran"]))


def test_a_long_sequence_is_cut_without_its_end():
    model = bn.fit_sequence(NAMES, max_length=4, **SMALL)
    assert model.input_.numbers_of(["banana"]).tolist()[0] == model.input_.numbers_of(["banane"]).tolist()[0]
    assert model.input_.longest == 4


def test_edits_are_counted():
    assert bn.edit_distance(["kitten", "", "a b"], ["sitting", "ab", "a c"]).tolist() == [3, 2, 1]
    assert bn.edit_distance(["a b c"], ["a c"], unit="word").tolist() == [1]


def test_made_pairs_follow_their_rules():
    for source, target in bn.make_sequences("reversal", 50, seed=3).itertuples(index=False):
        assert target == source[::-1] and 3 <= len(source) <= 8
    pigs = bn.make_sequences("pig_latin", 50, seed=3)
    assert all(target.endswith("ay") for target in pigs["target"]) and pigs["source"].is_unique
    dates = bn.make_sequences("dates", 50, seed=3)
    years = dates["target"].str[:4]
    assert all(year in source for year, source in zip(years, dates["source"]))


@pytest.mark.parametrize(
    ("call", "found"),
    [
        (lambda m, s: m.log_prob(["a"], ["b"]), "`source` must be given"),
        (lambda m, s: s.log_prob(["a"]), "`source` must be given"),
        (lambda m, s: m.log_prob("anna"), "`target` must be a list"),
        (lambda m, s: m.log_prob(["a", None]), "missing value"),
        (lambda m, s: m.log_prob([1]), "must be text"),
        (lambda m, s: bn.generate(m, ["a"]), "`n` must be"),
        (lambda m, s: bn.generate(s, 3), "`n` must be"),
        (lambda m, s: bn.generate(m, 1, start="q"), "`start` must be of symbols"),
        (lambda m, s: bn.generate(m, 1, beams=2, temperature=1.0), "`beams` can't be used"),
        (lambda m, s: bn.generate(s, ["a"], start="a"), "`start` can't be given"),
        (lambda m, s: bn.fit_sequence(["a", "b"], ["a"]), "`source` must have"),
        (lambda m, s: bn.fit_sequence(["a", "b"], attention=True), "`attention`"),
        (lambda m, s: bn.fit_sequence(["a", "b"], architecture="mlp"), "made for it"),
        (lambda m, s: bn.fit_sequence(["a", "b"], unit="word"), "Some symbol must be"),
        (lambda m, s: bn.fit_sequence([]), "`target` must be a list"),
        (lambda m, s: bn.score_sequences(1, ["a"]), "`model` must be"),
        (lambda m, s: bn.evaluate_model(m, ["a"]), "score_sequences"),
        (lambda m, s: bn.write_report(m, "report.html"), "must be of a comparison"),
    ],
)
def test_what_cannot_be_is_refused(language, reversing, call, found):
    with pytest.raises(bn.InputError, match=found):
        call(language, reversing)
