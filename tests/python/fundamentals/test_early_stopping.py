"""The workshop's rule: look every 10 epochs; if worse than last time, go back."""

import numpy as np
import pytest

import bineural as bn


def slowly(losses, every):
    last = None
    for epoch, loss in enumerate(losses, 1):
        if epoch % every == 0:
            if last is not None and loss > last[1]:
                return epoch, last[0]
            last = epoch, loss
    return len(losses), last[0]


def test_the_scripted_losses_stop_at_the_third_look():
    stop = bn.fundamentals.stop_early([0.5, 0.4, 0.45, 0.1], every=1)
    assert (stop.stopped, stop.last_epoch, stop.kept_epoch, stop.loss) == (True, 3, 2, 0.4)
    assert stop.checks["loss"].tolist() == [0.5, 0.4, 0.45]
    tens = bn.fundamentals.stop_early(np.repeat([0.5, 0.4, 0.45], 10))
    assert (tens.last_epoch, tens.kept_epoch) == (30, 20)


@pytest.mark.parametrize("every", [1, 3, 10])
def test_the_rule_is_the_loop(every):
    rng = np.random.default_rng(every)
    for _ in range(200):
        losses = np.round(np.linspace(1, 0, 40) + rng.normal(0, 0.2, 40), 1)  # some are equal
        stop = bn.fundamentals.stop_early(losses, every)
        assert (stop.last_epoch, stop.kept_epoch) == slowly(losses, every)
        assert stop.loss == losses[stop.kept_epoch - 1]


def test_equal_is_not_worse_and_epochs_in_between_are_not_seen():
    assert not bn.fundamentals.stop_early([0.5, 0.5, 0.5], every=1).stopped
    stop = bn.fundamentals.stop_early([0.5, 9.0, 0.4, 9.0, 0.3], every=2)
    assert (stop.stopped, stop.last_epoch, stop.kept_epoch) == (False, 5, 4)


def test_a_figure_is_drawn_and_too_few_epochs_are_refused(tmp_path):
    bn.fundamentals.stop_early(0.3 + (np.arange(80) - 41) ** 2 / 1e4).plot(tmp_path / "stop.png")
    with pytest.raises(bn.InputError, match="at least `every` epochs"):
        bn.fundamentals.stop_early([1, 2, 3])
