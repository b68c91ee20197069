"""Exercises on texts: tf-idf, what training rows teach, numbers of words, masks, embeddings, windows."""

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise, Wrong

TOPIC = "texts"

# ---- tf-idf ----

TIMES = np.array([2, 1])  # that the text holds "stale" and "tea"
N_TEXTS, IN_TEXTS = 4, np.array([1, 3])


def _shares(values):
    """Divide the values of a text by the root of the sum of their squares."""
    return values / np.sqrt(np.sum(values**2, axis=-1, keepdims=True))


def _check_tfidf(idf, values):
    weights = np.log((1 + N_TEXTS) / (1 + IN_TEXTS)) + 1
    answers.expect(
        answers.vector(idf, "idf", 2),
        weights,
        "idf",
        (
            (weights - 1, "one is added to the logarithm, so that a word of all texts still counts."),
            (
                np.log(N_TEXTS / IN_TEXTS),
                "that is the textbooks' ln(n / df); here 1 is added in three places.",
            ),
            (np.log(N_TEXTS / IN_TEXTS) + 1, "1 is added to both counts too, that of texts and that of df."),
            (
                np.log2((1 + N_TEXTS) / (1 + IN_TEXTS)) + 1,
                "take the natural logarithm, and not that to base 2.",
            ),
            (
                np.log10((1 + N_TEXTS) / (1 + IN_TEXTS)) + 1,
                "take the natural logarithm, not that to base 10.",
            ),
            (weights[::-1], "the rare word has the larger one, and 'stale' comes first."),
        ),
        "ln((1 + n) / (1 + df)) + 1, with n = 4 texts, and df = 1 of 'stale' and 3 of 'tea'.",
    )
    products = TIMES * weights
    answers.expect(
        answers.vector(values, "values", 2),
        _shares(products),
        "values",
        (
            (products, "those are tf times idf; divide them by their length yet."),
            (_shares(weights), "'stale' is in the text twice."),
            (products / products.sum(), "their squares add up to 1, and not they themselves."),
            (products / np.sum(products**2), "divide by the root of the sum of squares."),
            (_shares(products)[::-1], "'stale' comes first."),
        ),
        "tf times idf of each, divided by the root of the sum of the two squares.",
    )


COUNTS = (
    np.array([[1, 1, 0], [0, 1, 2], [3, 1, 1], [0, 2, 0]], dtype=float),
    np.array([[2, 0, 1, 0], [1, 1, 0, 5], [4, 0, 0, 1]], dtype=float),
)


def tfidf_of(counts):
    """Return the tf-idf of a matrix of counts, a row for each text, by scikit-learn's formula."""
    n, df = len(counts), (counts > 0).sum(axis=0)
    return _shares(counts * (np.log((1 + n) / (1 + df)) + 1))


def _check_write_tfidf(tfidf):
    call = answers.function(tfidf, "tfidf")
    for counts in COUNTS:
        truth = tfidf_of(counts)
        n, df = len(counts), (counts > 0).sum(axis=0)
        idf = np.log((1 + n) / (1 + df)) + 1
        products = counts * idf
        size = " x ".join(map(str, counts.shape))
        shown = f"What `tfidf` returns for a matrix of {size} counts"
        answers.expect(
            answers.matrix(call(counts=counts), "tfidf", counts.shape, shown),
            truth,
            "tfidf",
            (
                (products, "the rows are not divided by their lengths yet."),
                (products / products.sum(axis=1, keepdims=True), "take the root of the sum of squares."),
                (_shares(products.T).T, "each text has the length 1: divide rows, and not columns."),
                (_shares(counts * (idf - 1)), "one is added to the logarithm."),
                (_shares(counts * np.log(n / df)), "1 is added in three places: to n, to df and at the end."),
                (_shares(counts * (np.log(n / df) + 1)), "1 is added to n and to df too."),
                (
                    _shares(counts * (np.log((1 + n) / (1 + counts.sum(axis=0))) + 1)),
                    "df is the number of texts that hold the word, however often.",
                ),
                (_shares((counts > 0) * idf), "a word that is there twice counts twice."),
                (idf * np.ones(counts.shape), "that is the idf; times the counts, and then the lengths."),
            ),
            "counts times idf, and each row divided by the root of the sum of its squares.",
        )


# ---- what training rows teach ----

WHO = ("training rows", "all rows", "no rows")


def _check_teachers(splitting, vocabulary, idf, strength):
    new = "new texts, which will come later, can't have taught it; so those to test on must not."
    truths = (
        (
            "splitting",
            splitting,
            "no rows",
            {
                "training rows": "where a word begins is a rule, which is the same before any text is seen.",
                "all rows": "where a word begins is a rule, which is the same before any text is seen.",
            },
        ),
        ("vocabulary", vocabulary, "training rows", {"all rows": new, "no rows": "which words, then?"}),
        (
            "idf",
            idf,
            "training rows",
            {
                "all rows": "it needs no outcomes, but it is counted in texts, and those to test on are not "
                "there yet.",
                "no rows": "in how many texts is a word? Something must be counted.",
            },
        ),
        (
            "strength",
            strength,
            "training rows",
            {
                "all rows": "then it is chosen by the very rows that are to judge it.",
                "no rows": "it is chosen by folds, and these are made of rows.",
            },
        ),
    )
    for name, value, truth, why in truths:
        word = answers.word(value, name, WHO)
        if word != truth:
            raise Wrong(name, why[word])


# ---- numbers of words, padding, masks ----

TRAINING = ("good tea", "good coffee", "tea, not coffee", "not good")
NEW_TEXT, LENGTH = "Not a good tea!", 6


def _check_numbers(numbers):
    answers.expect(
        answers.vector(numbers, "numbers", LENGTH),
        np.array([4, 1, 2, 5, 0, 0]),
        "numbers",
        (
            ([4, 2, 5, 0, 0, 0], "a word that is not known is not left out: it has a number too."),
            ([4, 0, 2, 5, 0, 0], "0 is only what fills up; a word that is not known has another number."),
            ([0, 0, 4, 1, 2, 5], "texts are filled up on the right."),
            ([3, 0, 1, 4, 0, 0], "the numbers 0 and 1 are taken: the first word of the vocabulary has 2."),
            ([2, 1, 0, 3, 0, 0], "the numbers 0 and 1 are taken: the first word of the vocabulary has 2."),
            ([5, 1, 2, 3, 0, 0], "words of equally many texts go by the alphabet."),
            ([4, 6, 2, 5, 0, 0], "'a' is not in the vocabulary: only training texts give words to it."),
            ([5, 1, 3, 6, 0, 0], "the first word of the vocabulary has the number 2."),
        ),
        "good, coffee, not and tea have the numbers from 2 on, in this order; 1 is unknown, and 0 fills up.",
    )


EMBEDDED, FILLING = np.array([[3.0, 0.0], [0.0, 1.0]]), np.array([1.0, -1.0])  # good, tea; number 0


def _check_masked(masked, unmasked):
    every = np.vstack([EMBEDDED, FILLING, FILLING])
    means = {"masked": EMBEDDED.mean(axis=0), "unmasked": every.mean(axis=0)}
    answers.expect(
        answers.vector(masked, "masked", 2),
        means["masked"],
        "masked",
        (
            (means["unmasked"], "what fills up is masked: it does not count."),
            (EMBEDDED.sum(axis=0), "that is the sum of the words."),
            (EMBEDDED.sum(axis=0) / 4, "divide by the words, of which there are two."),
        ),
        "the mean of the two words alone.",
    )
    answers.expect(
        answers.vector(unmasked, "unmasked", 2),
        means["unmasked"],
        "unmasked",
        (
            (means["masked"], "without a mask what fills up counts like words."),
            (EMBEDDED.sum(axis=0) / 4, "the number 0 has an embedding too, and that is not zero."),
            (every.sum(axis=0), "that is the sum; divide it by the four places."),
            (np.vstack([EMBEDDED, FILLING]).mean(axis=0), "two places are filled up."),
        ),
        "the mean of all four places.",
    )


# ---- embeddings ----

WORD = np.array([2.0, 1.0])  # tasty
OTHERS = {"delicious": np.array([6.0, 2.0]), "tea": np.array([2.0, 2.0]), "and": np.array([8.0, 0.0])}


def cosine(a, b):
    """Return the cosine of the angle between two vectors."""
    return a @ b / np.sqrt((a @ a) * (b @ b))


def _check_cosine(similarity, nearest):
    a, b = WORD, OTHERS["delicious"]
    answers.expect(
        answers.number(similarity, "similarity"),
        cosine(a, b),
        "similarity",
        (
            (a @ b, "that is the product; divide it by both lengths."),
            (a @ b / ((a @ a) * (b @ b)), "a length is the root of the sum of squares."),
            (
                np.sqrt(np.sum((a - b) ** 2)),
                "that is how far apart they are; the cosine looks at directions.",
            ),
            (a @ b / (a.sum() * b.sum()), "a length is the root of the sum of squares."),
            (np.arccos(cosine(a, b)), "that is the angle; give its cosine."),
            (np.degrees(np.arccos(cosine(a, b))), "that is the angle; give its cosine."),
        ),
        "the sum of the products, divided by both lengths.",
    )
    word = answers.word(nearest, "nearest", tuple(OTHERS))
    why = {
        "tea": "its end is nearest, but its direction is another one; compare the cosines.",
        "and": "its product is the largest because it is long; divide by the lengths.",
    }
    if word != "delicious":
        raise Wrong("nearest", why[word])


# ---- windows of words ----

SENTENCE = np.array([[1.0, 2.0], [0.0, -1.0], [0.0, 2.0], [3.0, 0.0]])  # tea is not good
FILTER, BIAS = np.array([[0.0, 1.0], [1.0, 0.0]]), -1.0


def slide(text, weights, bias):
    """Return the sum of a filter at each window of words, before any activation."""
    n = len(weights)
    return np.array([np.sum(text[k : k + n] * weights) for k in range(len(text) - n + 1)]) + bias


def _check_windows(sums, feature):
    truth = slide(SENTENCE, FILTER, BIAS)
    answers.expect(
        answers.vector(sums, "sums", 3),
        truth,
        "sums",
        (
            (truth - BIAS, "the bias is missing."),
            (truth - 2 * BIAS, "the bias is -1."),
            (slide(SENTENCE, FILTER[::-1], BIAS), "the first weights are for the first word of a window."),
            (np.maximum(truth, 0), "that is behind the ReLU; give the sums before it."),
        ),
        "in each window: the second number of its first word, the first number of its second word, and -1.",
    )
    active = np.maximum(truth, 0)
    answers.expect(
        answers.number(feature, "feature"),
        active.max(),
        "feature",
        (
            (active.sum(), "only the largest is kept, and nothing added up."),
            (active.mean(), "the largest is kept, and not the mean."),
            (truth.sum(), "only the largest is kept, and nothing added up."),
            (truth.mean(), "the largest is kept, and not the mean."),
        ),
        "the largest of the three, behind the ReLU.",
    )


def _check_count(embedding, convolution, dense):
    answers.expect(
        answers.number(embedding, "embedding"),
        1000 * 32,
        "embedding",
        (
            (1000, "each word has 32 numbers."),
            (1000 * 32 + 32, "looking up needs no bias."),
            (1001 * 32, "looking up needs no bias."),
            (60 * 32, "so many numbers stand for one text; count those of all words."),
            (60 * 1000 * 32, "a word has the same embedding wherever it stands."),
        ),
        "words x numbers of a word.",
    )
    answers.expect(
        answers.number(convolution, "convolution"),
        (5 * 32 + 1) * 16,
        "convolution",
        (
            (5 * 32 * 16, "each filter has a bias."),
            (5 * 32 * 16 + 1, "each filter has a bias of its own."),
            (5 * 32 + 1, "that is one filter."),
            ((5 + 1) * 16, "a filter has a weight for every number of each of its words."),
            ((5 * 5 * 32 + 1) * 16, "a window goes along the text only: it is five words long."),
            ((5 * 32 + 1) * 16 * 56, "the same filters are used at all places."),
            ((5 * 32 + 1) * 16 * 60, "the same filters are used at all places."),
        ),
        "(words of a window x numbers of a word + bias) x filters.",
    )
    answers.expect(
        answers.number(dense, "dense"),
        (16 + 1) * 16,
        "dense",
        (
            (16 * 16, "each unit has a bias too."),
            ((60 * 16 + 1) * 16, "of each filter only the largest number comes through."),
            ((56 * 16 + 1) * 16, "of each filter only the largest number comes through."),
            (16, "each unit has a weight for every filter."),
        ),
        "(filters + bias) x units.",
    )


# ---- growing subsets ----


def _check_overtake(texts, shown):
    answers.expect(
        answers.number(texts, "texts"),
        100 * 2 ** ((0.74 - 0.62) / (0.05 - 0.02)),
        "texts",
        (
            (4, "so often must the number be doubled; how many texts is that?"),
            (400, "four doublings of 100, and not four times 100."),
            (500, "it takes four doublings, and not four hundreds more."),
            (800, "four doublings of 100, and that is one more."),
            (3200, "four doublings of 100, and that is one less."),
            (100 * 2 ** (0.12 / 0.05), "the GLM gets better too, meanwhile."),
        ),
        "by how much is the net behind, and how much of it does each doubling take away?",
    )
    if answers.word(shown, "shown", ("yes", "no")) != "no":
        raise Wrong("shown", "nobody has measured beyond 600 texts: a line was drawn on.")


EXERCISES = (
    Exercise(
        name="tfidf-by-hand",
        topic=TOPIC,
        title="tf-idf by hand",
        task="Of four training texts one holds the word 'stale' and three hold 'tea'. A text holds 'stale' "
        "twice, 'tea' once, and no other word. What are, by scikit-learn's formula and to three decimals, "
        "the idf of the two words and their tf-idf in this text?",
        inputs={"idf": "two numbers, of 'stale' and 'tea'", "values": "two numbers, of 'stale' and 'tea'"},
        check=_check_tfidf,
        hints=(
            "idf = ln((1 + n) / (1 + df)) + 1, where n counts the training texts and df those with the word.",
            "ln(5 / 2) + 1 and ln(5 / 4) + 1. Each times how often the word is in the text; then divide by "
            "the root of the sum of the squares.",
            "idf: 1.9163, 1.2231. Products: 3.8326, 1.2231; root of the sum of their squares 4.0230; values "
            "0.9527, 0.3040.",
        ),
        lesson="The rare word outweighs the frequent one, and a text of 500 words gets no larger numbers "
        "than one of five: all have the length 1.",
        answer={"idf": [1.916291, 1.223144], "values": [0.952666, 0.304018]},
        wrong=(
            ({"idf": [1.3863, 0.2877]}, "idf"),
            ({"idf": [0.9163, 0.2231]}, "idf"),
            ({"idf": [2.3863, 1.2877]}, "idf"),
            ({"values": [3.8326, 1.2231]}, "values"),
            ({"values": [0.8430, 0.5380]}, "values"),
            ({"values": [0.7581, 0.2419]}, "values"),
        ),
    ),
    Exercise(
        name="write-tfidf",
        topic=TOPIC,
        title="tf-idf in code",
        task="Write a function that turns a matrix of counts, a row for each training text and a column for "
        "each word, into their tf-idf by scikit-learn's formula.",
        inputs={"tfidf": "a function of a matrix of counts"},
        check=_check_write_tfidf,
        hints=(
            "Count for each column how many rows have more than 0 there: that is df.",
            "Multiply each column by ln((1 + n) / (1 + df)) + 1, then divide each row by the root of the sum "
            "of its squares.",
            "In R: x <- t(t(counts) * idf), then x / sqrt(rowSums(x^2)). In Python: x = counts * idf, then "
            "x / np.sqrt((x**2).sum(axis=1, keepdims=True)).",
        ),
        lesson="What it learns are the words and their idf. New texts are multiplied by the idf of the "
        "training texts, and by none of their own.",
        answer={"tfidf": tfidf_of},
        wrong=(
            ({"tfidf": lambda counts: counts}, "tfidf"),
            ({"tfidf": lambda counts: counts * 1.5}, "tfidf"),
            ({"tfidf": lambda counts: _shares(counts)}, "tfidf"),
            ({"tfidf": lambda counts: tfidf_of(counts).T}, "tfidf"),
            ({"tfidf": lambda counts: tfidf_of(counts)[0]}, "tfidf"),
        ),
    ),
    Exercise(
        name="what-rows-teach",
        topic=TOPIC,
        title="Which rows teach it?",
        task="A model of texts is compared in folds. Which rows may teach it where words begin and end "
        "(splitting), which words there are (vocabulary), how rare they are (idf), and the strength of the "
        "ridge (strength)?",
        inputs={
            "splitting": "'training rows', 'all rows' or 'no rows'",
            "vocabulary": "the same",
            "idf": "the same",
            "strength": "the same",
        },
        check=_check_teachers,
        hints=(
            "Think of a text that is written tomorrow. What can't depend on it?",
            "A rule needs no rows; whatever is counted or chosen needs some, and those to test on are no "
            "longer new when they took part.",
            "splitting: 'no rows'; all others: 'training rows'.",
        ),
        lesson="No outcome was needed to count words, and yet it is learning: a word that only texts of the "
        "test have would be known, and new texts will have others.",
        answer={
            "splitting": "no rows",
            "vocabulary": "training rows",
            "idf": "training rows",
            "strength": "training rows",
        },
        wrong=(
            ({"vocabulary": "all rows"}, "vocabulary"),
            ({"idf": "all rows"}, "idf"),
            ({"strength": "all rows"}, "strength"),
            ({"splitting": "training rows"}, "splitting"),
            ({"idf": "no rows"}, "idf"),
        ),
    ),
    Exercise(
        name="number-words",
        topic=TOPIC,
        title="A text as numbers",
        task="The training texts are 'good tea', 'good coffee', 'tea, not coffee' and 'not good', and all of "
        "their words are known. As which six numbers does a net read 'Not a good tea!'?",
        inputs={"numbers": "six whole numbers"},
        check=_check_numbers,
        hints=(
            "Words of more texts come first, and words of equally many by the alphabet; the first has the "
            "number 2.",
            "good is in three texts and has 2; coffee, not and tea are in two each, and follow in this "
            "order. What of 'a', and what of the places that are left?",
            "4, 1, 2, 5, 0, 0.",
        ),
        lesson="The signs are gone, capitals became small letters, and 'a' became the one number of all "
        "words that training had not. The numbers have no order of more and less: they only say which row of "
        "a table to take.",
        answer={"numbers": [4, 1, 2, 5, 0, 0]},
        wrong=(
            ({"numbers": [4, 2, 5, 0, 0, 0]}, "numbers"),
            ({"numbers": [4, 0, 2, 5, 0, 0]}, "numbers"),
            ({"numbers": [0, 0, 4, 1, 2, 5]}, "numbers"),
            ({"numbers": [5, 1, 2, 3, 0, 0]}, "numbers"),
            ({"numbers": [3, 0, 1, 4, 0, 0]}, "numbers"),
        ),
    ),
    Exercise(
        name="mask-by-hand",
        topic=TOPIC,
        title="What the mask is for",
        task="A net embeds 'good' as (3, 0), 'tea' as (0, 1), and the number 0, which fills up, as (1, -1). "
        "The text 'good tea' is filled up to four places. What is the mean of its embeddings with a mask, "
        "and what would it be without one?",
        inputs={"masked": "two numbers", "unmasked": "two numbers"},
        check=_check_masked,
        hints=(
            "With a mask only the two words are there. Without it there are four places.",
            "Masked: half of (3, 0) + (0, 1). Unmasked: a quarter of (3, 0) + (0, 1) + (1, -1) + (1, -1).",
            "(1.5, 0.5) and (1.25, -0.25).",
        ),
        lesson="Without a mask the answer to a text depends on the longest text that is read with it, which "
        "has nothing to do with what it says.",
        answer={"masked": [1.5, 0.5], "unmasked": [1.25, -0.25]},
        wrong=(
            ({"masked": [1.25, -0.25]}, "masked"),
            ({"masked": [0.75, 0.25]}, "masked"),
            ({"unmasked": [0.75, 0.25]}, "unmasked"),
            ({"unmasked": [1.5, 0.5]}, "unmasked"),
        ),
    ),
    Exercise(
        name="near-words",
        topic=TOPIC,
        title="Which word is near?",
        task="A net embeds 'tasty' as (2, 1), 'delicious' as (6, 2), 'tea' as (2, 2) and 'and' as (8, 0). "
        "What is the cosine of 'tasty' and 'delicious', to three decimals, and which of the three words is "
        "the most like 'tasty' by it?",
        inputs={"similarity": "a number", "nearest": "'delicious', 'tea' or 'and'"},
        check=_check_cosine,
        hints=(
            "The cosine is the sum of the products, divided by the lengths of both: it is 1 where they point "
            "the same way.",
            "(2 x 6 + 1 x 2) / (root of 5 x root of 40); the others in the same way.",
            "0.98995; tea has 0.949 and 'and' 0.894: 'delicious'.",
        ),
        lesson="'tea' lies nearer and 'and' has the larger product; the cosine minds neither how long an "
        "embedding is nor how far off. It only tells which words speak for the same outcome.",
        answer={"similarity": 0.98995, "nearest": "delicious"},
        wrong=(
            ({"similarity": 14}, "similarity"),
            ({"similarity": 0.07}, "similarity"),
            ({"similarity": 4.123}, "similarity"),
            ({"nearest": "tea"}, "nearest"),
            ({"nearest": "and"}, "nearest"),
        ),
    ),
    Exercise(
        name="window-by-hand",
        topic=TOPIC,
        title="A filter reads two words",
        task="The text 'tea is not good' has the embeddings (1, 2), (0, -1), (0, 2) and (3, 0). A filter "
        "reads two words: its weights are (0, 1) for the first and (1, 0) for the second, its bias is -1. "
        "What are its sums at the three places, and what is kept of it behind a ReLU and the largest of all "
        "places?",
        inputs={"sums": "three numbers", "feature": "a number"},
        check=_check_windows,
        hints=(
            "At the first place lie 'tea' and 'is': (1, 2) times (0, 1), and (0, -1) times (1, 0).",
            "2 + 0 - 1, then -1 + 0 - 1, then 2 + 3 - 1. The ReLU makes 0 of what is below 0.",
            "1, -2, 4; kept is 4.",
        ),
        lesson="The filter answers to 'not good', wherever it stands, and not to 'good not'. A bag of words "
        "can't tell these two apart. And as only the largest is kept, long texts and short ones give as many "
        "numbers.",
        answer={"sums": [1, -2, 4], "feature": 4},
        wrong=(
            ({"sums": [2, -1, 5]}, "sums"),
            ({"sums": [-1, 1, -1]}, "sums"),
            ({"sums": [1, 0, 4]}, "sums"),
            ({"feature": 5}, "feature"),
            ({"feature": 1.6667}, "feature"),
        ),
    ),
    Exercise(
        name="count-text-net",
        topic=TOPIC,
        title="Count the weights of a text CNN",
        task="A net reads 60 words of each text; it knows 1,000 numbers of words and embeds each by 32 "
        "numbers. Then come 16 filters of 5 words, the largest of each, and a dense layer of 16 units. With "
        "biases, how many weights have the embedding, the convolution and the dense layer?",
        inputs={
            "embedding": "a whole number",
            "convolution": "a whole number",
            "dense": "a whole number",
        },
        check=_check_count,
        hints=(
            "The length of a text does not matter to any of the three.",
            "An embedding is a table, a row for each word. A filter has a weight for each number of each of "
            "its words, and one bias. The dense layer reads one number of each filter.",
            "1,000 x 32 = 32,000; (5 x 32 + 1) x 16 = 2,576; 17 x 16 = 272.",
        ),
        lesson="With the last unit these are 34,865 weights, to be learnt from 640 texts if 800 are cut in "
        "five folds. Nearly all of them are in the embedding, and most of its words are in few texts.",
        answer={"embedding": 32000, "convolution": 2576, "dense": 272},
        wrong=(
            ({"embedding": 1920}, "embedding"),
            ({"embedding": 32032}, "embedding"),
            ({"convolution": 2560}, "convolution"),
            ({"convolution": 96}, "convolution"),
            ({"dense": 256}, "dense"),
            ({"dense": 15376}, "dense"),
        ),
    ),
    Exercise(
        name="where-they-meet",
        topic=TOPIC,
        title="Where would the net overtake?",
        task="With 100 texts a GLM has an AUROC of 0.74 and gains 0.02 by each doubling of the texts; a net "
        "has 0.62 and gains 0.05. If it went on so, from how many texts would the net be ahead? They were "
        "measured up to 600 texts: is it shown that it is?",
        inputs={"texts": "a whole number", "shown": "'yes' or 'no'"},
        check=_check_overtake,
        hints=(
            "How far is the net behind at 100 texts, and how much nearer does it come by each doubling?",
            "0.12 behind, 0.03 nearer each time: four doublings. Has anybody measured there?",
            "100 x 2 x 2 x 2 x 2 = 1,600; 'no'.",
        ),
        lesson="Curves of learning bend: both come nearer to what the words can tell at all. Such a number "
        "says how many texts to gather before it is worth asking again, and not who will win.",
        answer={"texts": 1600, "shown": "no"},
        wrong=(
            ({"texts": 400}, "texts"),
            ({"texts": 500}, "texts"),
            ({"texts": 528}, "texts"),
            ({"shown": "yes"}, "shown"),
        ),
    ),
)
