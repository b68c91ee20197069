"""A record names no figure: its `plot` is that of the figure which says that it draws it."""

import importlib
import inspect
import pkgutil
import pydoc

import pytest

import bineural as bn
from bineural import drawn
from bineural.drawn import Drawn, add_figure


def drawn_classes(parent=Drawn):
    """Return every class that is drawn, by name."""
    classes = {child.__name__: child for child in parent.__subclasses__()}
    return classes | {name: c for child in classes.values() for name, c in drawn_classes(child).items()}


for file in pkgutil.walk_packages(bn.__path__, "bineural."):
    if not file.name.endswith("__main__"):
        importlib.import_module(file.name)
RECORDS = drawn_classes()
drawn.load_figures()
FIGURES = dict(drawn._figure_of)
VERBS = {
    "Evaluation": bn.plot_roc,
    "Calibration": bn.plot_calibration,
    "DecisionCurve": bn.plot_net_benefit,
    "Comparison": bn.plot_comparison,
    "NetClassifier": bn.plot_history,
    "NetRegressor": bn.plot_history,
}


@pytest.fixture
def coin(monkeypatch):
    """Return the class of a record that one figure draws, as its file would say."""
    monkeypatch.setattr(drawn, "_figure_of", dict(drawn._figure_of))

    class Coin(Drawn):
        heads = 3

    def coin_data(coin, first=1):
        return {"toss": list(range(first, first + coin.heads))}

    def plot_coin(coin, path=None, *, colour="black"):
        """Draw a coin.

        Parameters
        ----------
        coin : Coin
            What is drawn.
        path : str, optional
            File.
        """
        return coin, path, colour

    add_figure("Coin", plot_coin, coin_data)
    return Coin


def test_a_registered_figure_is_all_that_a_record_needs(coin):
    one = coin()
    assert one.plot("a.png", colour="red") == (one, "a.png", "red")
    assert one.plot_data(first=5) == {"toss": [5, 6, 7]}
    assert type("Medal", (coin,), {"heads": 0})().plot_data() == {"toss": []}  # as what it inherits from


def test_signature_and_help_are_those_of_a_method(coin):
    assert str(inspect.signature(coin().plot)) == "(path=None, *, colour='black')"
    assert str(inspect.signature(coin.plot)) == "(self, path=None, *, colour='black')"
    text = pydoc.plain(pydoc.render_doc(coin().plot))
    assert "Draw a coin." in text and "path : str, optional" in text and "coin : Coin" not in text


def test_without_a_figure_there_is_no_plot():
    assert not hasattr(type("Undrawn", (Drawn,), {}), "plot")
    with pytest.raises(AttributeError, match="No figure draws Undrawn"):
        type("Undrawn", (Drawn,), {})().plot()


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_figure_draws_a_record_that_exists_and_says_how(name):
    record = RECORDS[name]
    for method in (record.plot, record.plot_data):
        first, *others = inspect.signature(method).parameters
        text = inspect.getdoc(method)
        assert first == "self" and "Returns\n---" in text
        assert [other for other in others if other not in text.partition("Returns\n---")[0]] == []
    assert "path" in inspect.signature(record.plot).parameters


@pytest.mark.parametrize("name", sorted(VERBS))
def test_plot_of_a_record_is_the_verb_that_draws_it(name):
    own, verb = inspect.signature(RECORDS[name].plot), inspect.signature(VERBS[name])
    assert list(own.parameters.values())[1:] == list(verb.parameters.values())[1:]


def test_every_record_that_can_be_drawn_has_a_figure():
    leaves = [record for record in RECORDS.values() if not record.__subclasses__()]
    assert [record.__name__ for record in leaves if drawn.find_figure(record) is None] == []
