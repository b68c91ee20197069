"""Exercises on generators that compete: the best judge, 2 ln 2, slopes, turns, collapse, verdicts."""

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise, Wrong

TOPIC = "generators"

REAL, MADE = np.array([0.6, 0.3, 0.1]), np.array([0.2, 0.3, 0.5])
BEST = REAL / (REAL + MADE)


def sigmoid(x):
    """Return 1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


# ---- the best judge ----


def _check_judge(chances, border):
    answers.expect(
        answers.vector(chances, "chances", 3),
        BEST,
        "chances",
        (
            (1 - BEST, "that is the chance of being made."),
            (REAL, "made rows are shown as often as real ones, and count too."),
            (REAL / MADE, "that is the odds; a chance divides by the sum of both."),
            (REAL > MADE, "the best chance lies between 0 and 1: both sorts are found at each place."),
        ),
        "of all rows of a kind, which share is real?",
    )
    answers.expect(
        answers.number(border, "border"),
        1.5,
        "border",
        (
            (0, "there real rows are many times more frequent."),
            (3, "there made rows are many times more frequent."),
            (0.5, "that is the chance; where does it have this value?"),
        ),
        "where both curves have the same height.",
    )


def cost_of(chances):
    """Return the cost of judging rows of each kind so, in nats: of a real and of a made row together."""
    return -np.sum(REAL * np.log(chances) + MADE * np.log(1 - chances))


def _check_cost(at_chance, best, divergence):
    chance, least = 2 * np.log(2), cost_of(BEST)
    answers.expect(
        answers.number(at_chance, "at_chance"),
        chance,
        "at_chance",
        (
            (np.log(2), "that is of one row; a real and a made one are judged."),
            (2, "that is in bits; give nats, with the natural logarithm."),
            (1, "give nats, with the natural logarithm, of a real and a made row."),
            (-chance, "a cost is less the logarithm, which is negative."),
        ),
        "less the logarithm of a half, for each of two rows.",
    )
    answers.expect(
        answers.number(best, "best"),
        least,
        "best",
        (
            (-np.sum(REAL * np.log(BEST)), "made rows are judged as well."),
            (least / 2, "that is the mean of both sorts; take their sum."),
            (least / np.log(2), "that is in bits."),
            (-np.sum(np.log(BEST) + np.log(1 - BEST)), "each kind counts by how often it comes."),
        ),
        "less the mean logarithm of what was said of real rows, and the same for made ones.",
    )
    truth = (chance - least) / 2
    answers.expect(
        answers.number(divergence, "divergence"),
        truth,
        "divergence",
        (
            (2 * truth, "half of the gain."),
            (np.sum(REAL * np.log(REAL / MADE)), "that is the Kullback-Leibler divergence."),
            (-truth, "a divergence is never negative."),
        ),
        "by how much is the best judge below one who always says a half? Half of that.",
    )


# ---- slopes ----

LOGIT = -3.0


def _check_slopes(chance, first_game, second_game):
    p = sigmoid(LOGIT)
    answers.expect(
        answers.number(chance, "chance"),
        p,
        "chance",
        ((1 - p, "that is the chance of being made."), (np.exp(LOGIT), "that is the odds.")),
        "the sigmoid of the logit.",
    )
    answers.expect(
        answers.number(first_game, "first_game"),
        -p,
        "first_game",
        (
            (p, "log(1 - D) falls when the logit rises."),
            (-(1 - p), "that is the slope of the other."),
            (-p * (1 - p), "that is the slope of 1 - D, without the logarithm."),
            (-1 / (1 - p), "that is by D; here it is by the logit."),
        ),
        "the slope of log(1 - sigmoid(s)) is less the sigmoid.",
    )
    answers.expect(
        answers.number(second_game, "second_game"),
        p - 1,
        "second_game",
        (
            (1 - p, "-log D falls when the logit rises."),
            (-p, "that is the slope of the other."),
            (-1 / p, "that is by D; here it is by the logit."),
            (-p * (1 - p), "that is the slope of -D, without the logarithm."),
        ),
        "the slope of -log(sigmoid(s)) is the sigmoid less one.",
    )


# ---- a chase in one dimension ----

PLACE, SLOPE, RATE = 2.0, 0.0, 0.4


def turns(place, slope, rate):
    """Return place and slope after a turn of the judge and one of the generator; real rows lie at 0."""
    slope = slope - rate * place * sigmoid(slope * place)
    place = place + rate * slope * sigmoid(-slope * place)
    return np.array([place, slope])


def _check_turn(slope, place):
    new_place, new_slope = turns(PLACE, SLOPE, RATE)
    answers.expect(
        answers.number(slope, "slope"),
        new_slope,
        "slope",
        (
            (-new_slope, "so made rows would be taken for real even more; the slope is gone down."),
            (new_slope / RATE, "that is a step of rate 1."),
            (-PLACE * RATE, "at a slope of 0 the sigmoid is a half, not one."),
            (SLOPE, "its gradient is not 0: place times a half."),
        ),
        "the old slope, less rate x place x sigmoid(slope x place).",
    )
    start = PLACE + RATE * SLOPE
    answers.expect(
        answers.number(place, "place"),
        new_place,
        "place",
        (
            (start, "the judge has moved first: take its new slope."),
            (2 * PLACE - new_place, "so it would flee from the real rows: the step goes downhill."),
            (PLACE + RATE * new_slope / 2, "with the new slope the sigmoid is not a half any more."),
            (
                PLACE + RATE * new_slope * sigmoid(new_slope * PLACE),
                "the generator wants to be taken for real: the sigmoid has the other sign.",
            ),
            (PLACE + new_slope * sigmoid(-new_slope * PLACE), "that is a step of rate 1."),
        ),
        "the old place, and rate x slope x sigmoid(- slope x place), with the judge's new slope.",
    )


TRIED = ((2.0, 0.5, 0.1), (-1.0, 0.3, 0.2), (0.5, -2.0, 0.5))


def _at_once(place, slope, rate):
    """Take both turns from the same start."""
    return np.array([turns_of_generator(place, slope, rate), turns(place, slope, rate)[1]])


def turns_of_generator(place, slope, rate):
    """Return the place after a turn of the generator alone."""
    return place + rate * slope * sigmoid(-slope * place)


def _check_turns(play):
    call = answers.function(play, "play")
    for place, slope, rate in TRIED:
        truth = turns(place, slope, rate)
        what = f"What `play` returns for {place}, {slope} and {rate}"
        given = answers.vector(call(place=place, slope=slope, rate=rate), "play", 2, what)
        up = turns(place, slope, -rate)
        answers.expect(
            given,
            truth,
            "play",
            (
                (truth[::-1], "place and slope are exchanged: the place comes first."),
                (_at_once(place, slope, rate), "the generator answers the judge's new slope, not its old."),
                (up, "both go uphill: the cost is to fall."),
                ((turns_of_generator(place, slope, rate), slope), "the judge does not move."),
                ((place, truth[1]), "the generator does not move."),
                ((place, slope), "nothing moves."),
            ),
            "first slope - rate x place x sigmoid(slope x place), then place + rate x slope x sigmoid(- "
            "slope x place).",
        )


# ---- collapse ----

KINDS, KEPT = 8, 2


def _check_collapse(chance, cost, area):
    kept = KEPT / KINDS
    truth = (1 / KINDS) / (1 / KINDS + 1 / KEPT)
    answers.expect(
        answers.number(chance, "chance"),
        truth,
        "chance",
        (
            (1 - truth, "that is the chance of being made."),
            (kept, "that is the share of real rows that are of these kinds."),
            (0.5, "the generator makes each of the two more often than it really comes."),
        ),
        "one in eight of the real rows is of such a kind, and one in two of the made ones.",
    )
    least = -kept * np.log(truth) - np.log(1 - truth)
    answers.expect(
        answers.number(cost, "cost"),
        least,
        "cost",
        (
            (-np.log(truth) - np.log(1 - truth), "three of four real rows are of kinds that are never made."),
            (-np.log(1 - truth), "some of the real rows may be taken for made ones; they cost too."),
            (2 * np.log(2), "that is what it costs where nothing can be told apart."),
            (-kept * np.log(truth), "made rows cost too."),
        ),
        "of real rows a quarter cost -log of the chance, the rest nothing; of made rows all cost.",
    )
    answers.expect(
        answers.number(area, "area"),
        1 - kept + kept / 2,
        "area",
        (
            (1 - kept, "pairs that are judged equally count one half."),
            (1, "real rows of the two kinds can't be told from made ones."),
            (0.5, "three of four real rows are seen through at once."),
        ),
        "a real row of another kind is always told, one of the same kind by half.",
    )


FINDINGS = "copies", "collapsed", "fresh"
JUDGED = {"first": "copies", "second": "fresh", "third": "collapsed"}
_WHY = {
    "first": "rows that lie at a distance of 0 from rows of training are nothing new.",
    "second": "it can't be told, its rows lie as far from those of training as new real ones do, and they "
    "differ as real ones do.",
    "third": "made rows lie much nearer to one another than real ones.",
}


def _check_verdicts(first, second, third):
    for name, value in (("first", first), ("second", second), ("third", third)):
        if answers.word(value, name, FINDINGS) != JUDGED[name]:
            raise Wrong(name, _WHY[name])


EXERCISES = (
    Exercise(
        name="best-judge",
        topic=TOPIC,
        title="The best judge",
        task="Real rows are of three kinds, with shares 0.6, 0.3 and 0.1; made ones with 0.2, 0.3 and 0.5. "
        "As many of either are shown. Which chance of being real does the best judge give to each kind? And "
        "where does it say a half, if real rows are normal about 0, made ones about 3, both with SD 1?",
        inputs={"chances": "three numbers, to three decimals", "border": "a number"},
        check=_check_judge,
        hints=(
            "Of the rows of a kind, some are real and some made; what is the share of real ones?",
            "real / (real + made). Two normal curves of the same width cross in the middle.",
            "0.6 / 0.8 = 0.75, 0.3 / 0.6 = 0.5, 0.1 / 0.6 = 0.1667; 1.5.",
        ),
        lesson="The best judge knows both distributions, and all that the generator can learn from it is "
        "their ratio. Where it says a half everywhere, the two are the same.",
        answer={"chances": [0.75, 0.5, 1 / 6], "border": 1.5},
        wrong=(
            ({"chances": [0.25, 0.5, 5 / 6]}, "chances"),
            ({"chances": [3, 1, 0.2]}, "chances"),
            ({"border": 0}, "border"),
        ),
    ),
    Exercise(
        name="two-ln-two",
        topic=TOPIC,
        title="2 ln 2, and what is below it",
        task="What does it cost to judge a real and a made row, if a half is said of both (in nats)? What "
        "does it cost the best judge of the three kinds, with shares 0.6, 0.3, 0.1 and 0.2, 0.3, 0.5? And "
        "what is half of the gain, the Jensen-Shannon divergence?",
        inputs={
            "at_chance": "a number, to three decimals",
            "best": "a number, to three decimals",
            "divergence": "a number, to three decimals",
        },
        check=_check_cost,
        hints=(
            "Saying a half costs log 2 a row, and two rows are judged.",
            "Of each kind: - real share x log(chance) - made share x log(1 - chance); sum over kinds.",
            "2 log 2 = 1.3863; 0.5597 + 0.5764 = 1.1361; (1.3863 - 1.1361) / 2 = 0.1251.",
        ),
        lesson="Against the best judge the generator lessens this divergence. A cost of the judge near 2 "
        "ln 2 can mean a perfect generator, or a judge that knows nothing: another judge must be asked, on "
        "rows that neither has seen.",
        answer=lambda: {
            "at_chance": 2 * np.log(2),
            "best": cost_of(BEST),
            "divergence": np.log(2) - cost_of(BEST) / 2,
        },
        wrong=(
            ({"at_chance": 0.6931}, "at_chance"),
            ({"at_chance": 2}, "at_chance"),
            ({"best": 0.568}, "best"),
            ({"divergence": 0.2502}, "divergence"),
        ),
    ),
    Exercise(
        name="slope-of-the-loser",
        topic=TOPIC,
        title="A slope for the loser",
        task="The judge sees through a made row: its logit is -3. Which chance of being real is that? What "
        "is the slope by the logit of log(1 - D), and what is that of -log D?",
        inputs={
            "chance": "a number, to three decimals",
            "first_game": "the slope of log(1 - D), to three decimals",
            "second_game": "the slope of -log D, to three decimals",
        },
        check=_check_slopes,
        hints=(
            "D = 1 / (1 + exp(-logit)).",
            "By the logit, log(1 - D) has the slope -D, and -log D has D less one.",
            "0.0474; -0.0474; -0.9526.",
        ),
        lesson="Both fall as the row is taken for real, but only the second tells a generator that is seen "
        "through where to go. It is the one that is used.",
        answer=lambda: {
            "chance": sigmoid(LOGIT),
            "first_game": -sigmoid(LOGIT),
            "second_game": sigmoid(LOGIT) - 1,
        },
        wrong=(
            ({"chance": 0.9526}, "chance"),
            ({"first_game": -0.9526}, "first_game"),
            ({"second_game": 0.9526}, "second_game"),
        ),
    ),
    Exercise(
        name="one-turn-each",
        topic=TOPIC,
        title="One turn each",
        task="All real rows lie at 0, all made ones at a place of 2. The judge says sigmoid(slope x row), "
        "with a slope of 0. With a rate of 0.4 first the judge takes a step down on -log(1 - D(made)), "
        "then the generator one on -log D(made). Which are the new slope and the new place?",
        inputs={"slope": "a number", "place": "a number, to three decimals"},
        check=_check_turn,
        hints=(
            "The judge's gradient is place x sigmoid(slope x place); at a slope of 0 the sigmoid is a half.",
            "The generator's is - slope x sigmoid(- slope x place), with the slope that the judge has now.",
            "0 - 0.4 x 2 x 0.5 = -0.4; 2 - 0.4 x 0.4 x sigmoid(0.8) = 1.8896.",
        ),
        lesson="Real rows at 0 have no say here: the judge gives them a half whatever its slope. The "
        "generator moves as far as the slope is steep, and the slope grows as long as the place is not 0.",
        answer=lambda: {"slope": -0.4, "place": turns(PLACE, SLOPE, RATE)[0]},
        wrong=(
            ({"slope": 0.4}, "slope"),
            ({"slope": -0.8}, "slope"),
            ({"place": 2}, "place"),
            ({"place": 2.1104}, "place"),
            ({"place": 1.92}, "place"),
        ),
    ),
    Exercise(
        name="write-turns",
        topic=TOPIC,
        title="The chase in code",
        task="Write a function that takes the generator's place, the judge's slope and the rate, lets the "
        "judge take its turn and then the generator, and returns the new place and the new slope.",
        inputs={"play": "a function of place, slope and rate, which returns two numbers"},
        check=_check_turns,
        hints=(
            "Two lines, one for each turn; the second uses what the first has made.",
            "The judge: slope - rate x place x sigmoid(slope x place).",
            "The generator: place + rate x slope x sigmoid(- slope x place); return (place, slope).",
        ),
        lesson="Neither has a cost that falls from turn to turn: each spoils the other's. That is why the "
        "loss of such a game tells little about how far it has come.",
        answer={"play": turns},
        wrong=(
            ({"play": _at_once}, "play"),
            ({"play": lambda place, slope, rate: turns(place, slope, rate)[::-1]}, "play"),
            ({"play": lambda place, slope, rate: turns(place, slope, -rate)}, "play"),
        ),
    ),
    Exercise(
        name="what-collapse-costs",
        topic=TOPIC,
        title="Two kinds of eight",
        task="Real rows are of eight kinds, equally often; a generator makes two of them, equally often, and "
        "perfectly. Which chance of being real does the best judge give to rows of these two? What does it "
        "cost in nats? And which share of pairs, of a real and a made row, does it put into the right order, "
        "ties counting a half (the AUROC)?",
        inputs={
            "chance": "a number",
            "cost": "a number, to three decimals",
            "area": "a number, to three decimals",
        },
        check=_check_collapse,
        hints=(
            "Of such a kind real rows come with 1 in eight, made ones with 1 in two.",
            "Real rows of the other six kinds are known for sure and cost nothing; those of the two, and all "
            "made rows, cost -log of what was said.",
            "0.125 / 0.625 = 0.2; 0.25 x 1.6094 + 0.2231 = 0.626; 0.75 + 0.25 / 2 = 0.875.",
        ),
        lesson="Each row for itself is perfect. Only all of them together show what is lacking, and an area "
        "far from 1 need not be a small fault.",
        answer=lambda: {"chance": 0.2, "cost": 0.25 * np.log(5) - np.log(0.8), "area": 0.875},
        wrong=(
            ({"chance": 0.8}, "chance"),
            ({"chance": 0.25}, "chance"),
            ({"cost": 1.8326}, "cost"),
            ({"area": 0.75}, "area"),
            ({"area": 1}, "area"),
        ),
    ),
    Exercise(
        name="read-the-verdict",
        topic=TOPIC,
        title="Three generators",
        task="Of three generators the AUROC on rows that they have not seen, the distance of made rows to "
        "the nearest row of training, and how far they lie apart, real rows being 1 in both. First: 0.51, "
        "0.00 and 1.00. Second: 0.53, 0.98 and 0.97. Third: 0.96, 0.90 and 0.12. Which one copies, which "
        "one has collapsed, and which one makes fresh rows?",
        inputs=dict.fromkeys(JUDGED, "'copies', 'collapsed' or 'fresh'"),
        check=_check_verdicts,
        hints=(
            "No single one of the three figures finds all faults.",
            "A copy of a row of training can't be told from a real row; its distance gives it away.",
            "The first copies, the second is fresh, the third has collapsed.",
        ),
        lesson="A classifier alone can't tell a copyist from a master. That is why rows of training, drawn "
        "anew, are the null model of every comparison of generators.",
        answer=JUDGED,
        wrong=(
            ({"first": "fresh"}, "first"),
            ({"second": "copies"}, "second"),
            ({"third": "fresh"}, "third"),
        ),
    ),
)
