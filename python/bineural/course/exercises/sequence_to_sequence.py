"""Exercises on sequences out: bits, teacher forcing, greedy search and beams, length, attention, counting."""

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise, Wrong

TOPIC = "sequence-to-sequence"

# ---- bits and perplexity ----

SHARES = np.array([0.5, 0.25, 0.25, 0.125])


def _check_bits(bits, perplexity):
    each = -np.log2(SHARES)
    answers.expect(
        answers.number(bits, "bits"),
        each.mean(),
        "bits",
        (
            (each.sum(), "that is the sum over the four symbols; divide it by their number."),
            (-np.log(SHARES).mean(), "those are nats: take the logarithm to base 2."),
            (-np.log2(SHARES.mean()), "take the mean of the logarithms, not the logarithm of the mean."),
            (-each.mean(), "a probability below 1 costs something: bits are positive."),
            (each[:-1].mean(), "the end is a symbol too: there are four."),
        ),
        "minus log2 of each probability, and the mean of the four.",
    )
    answers.expect(
        answers.number(perplexity, "perplexity"),
        2 ** each.mean(),
        "perplexity",
        (
            (2 ** each.sum(), "2 to the power of the mean, not of the sum."),
            (np.exp(each.mean()), "bits are to base 2."),
            (1 / SHARES.mean(), "take 2 to the power of the bits, not one over the mean probability."),
        ),
        "2 to the power of the bits per symbol.",
    )


# ---- teacher forcing ----


def _check_forcing(training, generating):
    words = ("s", "u", "n", "<start>")
    answered = answers.word(training, "training", words)
    if answered != "u":
        raise Wrong(
            "training",
            {
                "s": "that is what was read at the second step; at the third it is the symbol after it.",
                "n": "that is what is to be said now, and must not be shown.",
                "<start>": "the start is read at the first step only.",
            }[answered],
        )
    words = ("s", "u", "o", "n", "<start>")
    answered = answers.word(generating, "generating", words)
    if answered != "o":
        raise Wrong(
            "generating",
            {"u": "nobody knows the true symbol now; the net has said something else."}.get(
                answered, "it reads what it has said itself at the step before."
            ),
        )


# ---- greedy search and beams ----

FIRST = {"red": 0.5, "blue": 0.4, "green": 0.1}
THEN = {
    "red": {"house": 0.4, "door": 0.35, "<end>": 0.25},
    "blue": {"house": 0.1, "door": 0.8, "<end>": 0.1},
    "green": {"house": 0.6, "door": 0.2, "<end>": 0.2},
}


def _check_tree(greedy, best, width):
    answers.expect(
        answers.number(greedy, "greedy"),
        0.5 * 0.4,
        "greedy",
        (
            (0.4, "times the probability of 'red'."),
            (0.5, "that is 'red' alone; the second word follows."),
            (0.9, "probabilities of what follows one another are multiplied."),
            (0.4 * 0.8, "greedy takes the most probable first word, whatever may follow."),
        ),
        "the most probable first word, and then the most probable word after it.",
    )
    answers.expect(
        answers.number(best, "best"),
        0.4 * 0.8,
        "best",
        (
            (0.5 * 0.4, "that is the greedy one; look at what follows the other words."),
            (0.8, "times the probability of the first word."),
            (0.1 * 0.6, "after 'green' little is left, as 'green' itself is rare."),
        ),
        "multiply along each path, and take the largest.",
    )
    wide = answers.count(width, "width")
    if wide != 2:
        less = "with one the search is greedy, and 'blue' is dropped." if wide == 1 else ""
        raise Wrong("width", less or "fewer hypotheses will do: 'blue' is the second best first word.")


def _check_step(best_two):
    call = answers.function(best_two, "best_two")
    for seed in (4, 5, 9):  # whose two best go on from one hypothesis
        rng = np.random.default_rng(seed)
        sums = -rng.gamma(1.0, 1.0, 2)
        steps = np.log(rng.dirichlet(np.ones(4), 2))
        total = sums[:, None] + steps
        truth = np.sort(total.ravel())[::-1][:2]
        answers.expect(
            answers.vector(call(sums=sums, steps=steps), "best_two", 2, "What `best_two` returns"),
            truth,
            "best_two",
            (
                (total.max(axis=1), "the two best may both go on from one hypothesis."),
                (np.sort(total.max(axis=1))[::-1], "the two best may both go on from one hypothesis."),
                (truth[::-1], "the best comes first."),
                (np.sort(steps.ravel())[::-1][:2], "add what the hypotheses cost up to here."),
                (np.sort((sums[:, None] * steps).ravel())[::-1][:2], "log probabilities are added."),
            ),
            "add to each row of `steps` the sum of its hypothesis, and take the two largest of all.",
        )


# ---- length ----

LOG_PROBS, LENGTHS = np.array([-2.4, -3.0]), np.array([3, 6])


def _check_length(short, long, exponent):
    scores = LOG_PROBS / LENGTHS
    for name, value, truth, other in (("short", short, scores[0], -2.4), ("long", long, scores[1], -3.0)):
        answers.expect(
            answers.number(value, name),
            truth,
            name,
            (
                (other, "divide it by the length."),
                (-truth, "log probabilities are negative, and stay so."),
                (other * (3 if name == "short" else 6), "divide by the length, do not multiply."),
            ),
            "the log probability over the number of tokens, the end among them.",
        )
    answers.expect(
        answers.number(exponent, "exponent"),
        np.log(3.0 / 2.4) / np.log(6 / 3),
        "exponent",
        (
            (np.log(2.4 / 3.0) / np.log(6 / 3), "the exponent is positive: which one must gain?"),
            (1.0, "with 1 the long one is ahead already; where are both equal?"),
            (0.0, "with 0 the short one is ahead; where are both equal?"),
        ),
        "2.4 / 3^a = 3.0 / 6^a: which a?",
    )


# ---- attention ----

QUERY = np.array([2.0, 0.0])
KEYS = np.array([[0.0, 3.0], [np.log(3.0) / 2, 1.0]])
VALUES = np.array([4.0, 8.0])


def _check_attention(weights, seen):
    scores = KEYS @ QUERY
    shares = np.exp(scores) / np.exp(scores).sum()
    answers.expect(
        answers.vector(weights, "weights", 2),
        shares,
        "weights",
        (
            (scores, "those are the scores; a softmax makes shares of them."),
            (np.exp(scores), "divide them by their sum."),
            (scores / scores.sum(), "a softmax takes exponentials before it divides."),
            (shares[::-1], "the first key agrees less."),
        ),
        "the products of the query with each key are 0 and ln 3; then a softmax.",
    )
    answers.expect(
        answers.number(seen, "seen"),
        shares @ VALUES,
        "seen",
        (
            (VALUES.mean(), "both would count alike with weights of a half."),
            (VALUES[1], "attention takes a mean, not the best alone."),
            (VALUES.sum(), "weigh the values before you add them."),
            (shares[::-1] @ VALUES, "the second value has the larger weight."),
        ),
        "each value times its weight, added up.",
    )


# ---- counting ----


def _check_count(first, second, last):
    cell = lambda inputs: 4 * 512 * (inputs + 512 + 1)  # noqa: E731
    for name, value, truth, slips in (
        (
            "first",
            first,
            cell(65),
            (
                (512 * (65 + 512 + 1), "an LSTM has four such layers: three gates and what is written."),
                (4 * 512 * (65 + 512), "each unit of each gate has a bias."),
                (4 * 512 * (65 + 1), "each unit reads the 512 states before too."),
            ),
        ),
        (
            "second",
            second,
            cell(512),
            (
                (cell(65), "it reads the 512 states of the first layer, not the symbols."),
                (2 * cell(512), "that are the second and the third together."),
            ),
        ),
        (
            "last",
            last,
            513 * 65,
            ((512 * 65, "each of the 65 logits has a bias."), (65 * 66, "it reads 512 states.")),
        ),
    ):
        count = answers.count(value, name)
        for slip, sentence in slips:
            if count == slip:
                raise Wrong(name, sentence)
        if count != truth:
            raise Wrong(name, "that is not right yet.")


EXERCISES = (
    Exercise(
        name="bits-and-perplexity",
        topic=TOPIC,
        title="Bits and perplexity",
        task="A model gives the three letters of a name and its end the probabilities 0.5, 0.25, 0.25 and "
        "0.125, each after what came before it. How many bits does a symbol cost in the mean, and what is "
        "the perplexity?",
        inputs={"bits": "a number", "perplexity": "a number"},
        check=_check_bits,
        hints=(
            "Bits are minus log2: a half costs one bit.",
            "1, 2, 2 and 3 bits; their mean, and 2 to the power of it.",
            "2 bits per symbol; perplexity 4.",
        ),
        lesson="A perplexity of 4 says that the model is as unsure as if it drew one of four equally likely "
        "symbols each time. The end counts: a model must know when to stop.",
        answer={"bits": 2.0, "perplexity": 4.0},
        wrong=(
            ({"bits": 8}, "bits"),
            ({"bits": 1.386}, "bits"),
            ({"bits": 1.83}, "bits"),
            ({"perplexity": 256}, "perplexity"),
            ({"perplexity": 7.389}, "perplexity"),
        ),
    ),
    Exercise(
        name="teacher-forcing",
        topic=TOPIC,
        title="What the decoder reads",
        task="The target is 'sun'. At the second step the net has said 'o', where 'u' was right. Which "
        "symbol does the decoder read at the third step in training with teacher forcing, and which when it "
        "generates?",
        inputs={"training": "a symbol", "generating": "a symbol"},
        check=_check_forcing,
        hints=(
            "At the first step it reads the start, at the second what stands (or was said) first.",
            "In training it reads the true symbol before, whatever it has said.",
            "'u' in training, 'o' when it generates.",
        ),
        lesson="In training the net never meets its own mistakes, and so never learns to go on after one. "
        "That is the price of training all steps of a sequence at once.",
        answer={"training": "u", "generating": "o"},
        wrong=(
            ({"training": "n"}, "training"),
            ({"training": "s"}, "training"),
            ({"generating": "u"}, "generating"),
            ({"generating": "n"}, "generating"),
        ),
    ),
    Exercise(
        name="greedy-loses",
        topic=TOPIC,
        title="The tree where greedy loses",
        task="First words: red 0.5, blue 0.4, green 0.1. After red: house 0.4, door 0.35, end 0.25; after "
        "blue: house 0.1, door 0.8, end 0.1; after green: house 0.6, door 0.2, end 0.2. What is the "
        "probability of the two words that greedy search says, what that of the most probable two, and how "
        "wide must a beam be to find these?",
        inputs={"greedy": "a number", "best": "a number", "width": "a whole number"},
        check=_check_tree,
        hints=(
            "Greedy takes the most probable word at each step.",
            "red house: 0.5 x 0.4; blue door: 0.4 x 0.8.",
            "0.2, 0.32, and a width of 2.",
        ),
        lesson="The first word was chosen before it was known what follows. A beam puts the choice off, for "
        "as many hypotheses as it is wide; a mistake that shows later than that it makes too.",
        answer={"greedy": 0.2, "best": 0.32, "width": 2},
        wrong=(
            ({"greedy": 0.4}, "greedy"),
            ({"greedy": 0.32}, "greedy"),
            ({"best": 0.2}, "best"),
            ({"best": 0.8}, "best"),
            ({"width": 1}, "width"),
            ({"width": 3}, "width"),
        ),
    ),
    Exercise(
        name="write-beam-step",
        topic=TOPIC,
        title="A step of a beam of two",
        task="Write a function that takes the log probabilities of two hypotheses (`sums`) and those of the "
        "four tokens after each (`steps`, a row for each hypothesis), and returns the log probabilities of "
        "the two hypotheses that are kept, the best first.",
        inputs={"best_two": "a function of sums and steps"},
        check=_check_step,
        hints=(
            "Log probabilities of what follows one another are added.",
            "Add to each row of `steps` its hypothesis' sum: eight numbers. Which two are the largest?",
            "In R: sort(as.vector(sums + steps), decreasing = TRUE)[1:2]; in Python: "
            "np.sort((sums[:, None] + steps).ravel())[::-1][:2].",
        ),
        lesson="Both that are kept may go on from the same hypothesis: the other one then dies. Whatever was "
        "said last, it is the whole sequence that is weighed.",
        answer=lambda: {
            "best_two": lambda sums, steps: np.sort((np.asarray(sums)[:, None] + steps).ravel())[::-1][:2]
        },
        wrong=(
            (
                {"best_two": lambda sums, steps: (np.asarray(sums)[:, None] + steps).max(axis=1)},
                "best_two",
            ),
            ({"best_two": lambda sums, steps: np.sort(np.asarray(steps).ravel())[::-1][:2]}, "best_two"),
        ),
    ),
    Exercise(
        name="length-penalty",
        topic=TOPIC,
        title="Short ones are favoured",
        task="A hypothesis of 3 tokens has the log probability -2.4, another of 6 tokens has -3.0, ends "
        "counted. What are their scores with a length penalty of 1, and from which exponent on is the long "
        "one ahead?",
        inputs={"short": "a number", "long": "a number", "exponent": "a number, to three decimals"},
        check=_check_length,
        hints=(
            "The score is the log probability over the length to the power of the penalty.",
            "-2.4 / 3 and -3.0 / 6; both are equal where 6^a / 3^a = 3.0 / 2.4.",
            "-0.8, -0.5, and ln 1.25 / ln 2 = 0.32193.",
        ),
        lesson="Each further token costs something, so without a penalty the search stops early. The penalty "
        "is a choice, to be made on sequences that are held out: no model has taught it.",
        answer={"short": -0.8, "long": -0.5, "exponent": 0.32193},
        wrong=(
            ({"short": -2.4}, "short"),
            ({"short": 0.8}, "short"),
            ({"long": -3.0}, "long"),
            ({"exponent": 1}, "exponent"),
            ({"exponent": -0.32193}, "exponent"),
        ),
    ),
    Exercise(
        name="attention-by-hand",
        topic=TOPIC,
        title="Where it looks",
        task="A query is (2, 0), two keys are (0, 3) and (0.5 ln 3, 1), and their values are 4 and 8. With "
        "scores that are products, and not scaled: what are the two weights, and what is seen?",
        inputs={"weights": "two numbers", "seen": "a number"},
        check=_check_attention,
        hints=(
            "The product of the query with the first key is 2 x 0 + 0 x 3.",
            "The scores are 0 and ln 3; their exponentials 1 and 3.",
            "0.25 and 0.75; 0.25 x 4 + 0.75 x 8 = 7.",
        ),
        lesson="What is looked at is decided anew at each step, by what is asked there; and as it is a "
        "weighted mean, a gradient says how to look better.",
        answer={"weights": [0.25, 0.75], "seen": 7.0},
        wrong=(
            ({"weights": [0, 1.0986]}, "weights"),
            ({"weights": [1, 3]}, "weights"),
            ({"weights": [0.75, 0.25]}, "weights"),
            ({"seen": 6}, "seen"),
            ({"seen": 8}, "seen"),
        ),
    ),
    Exercise(
        name="count-character-net",
        topic=TOPIC,
        title="Count the parameters of a character net",
        task="A language model of 65 symbols reads each as 65 columns of 0 and 1, has three LSTM layers of "
        "512 units, and 65 logits. With biases, how many parameters have the first layer, the second, and "
        "the dense layer at the end?",
        inputs={"first": "a whole number", "second": "a whole number", "last": "a whole number"},
        check=_check_count,
        hints=(
            "An LSTM has four layers in it, each of which reads its inputs and the states before.",
            "4 x 512 x (65 + 512 + 1), 4 x 512 x (512 + 512 + 1), and 513 x 65.",
            "1,183,744; 2,099,200; 33,345.",
        ),
        lesson="With the third layer these are 5,415,489: more than most books have letters. It learns a "
        "book by heart, unless it is stopped in time.",
        answer={"first": 1_183_744, "second": 2_099_200, "last": 33_345},
        wrong=(
            ({"first": 295_936}, "first"),
            ({"first": 1_181_696}, "first"),
            ({"second": 1_183_744}, "second"),
            ({"last": 33_280}, "last"),
        ),
    ),
)
