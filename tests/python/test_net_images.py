"""Nets of images: what is built where no architecture is named, files and pickles."""

import pickle

import numpy as np
import pytest

import bineural as bn
from bineural.zoo import Architecture, as_architecture
from bineural.zoo.architecture import default_architecture

N = 24


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(1)
    y = np.arange(N) % 2
    return (rng.normal(size=(N, 6, 6, 1)) + y[:, None, None, None]).astype("float32"), y


def quick(**options):
    return {"event": 1, "epochs": 2, "seed": 1, "width": 0.2, "architecture": "cnn", **options}


def test_a_net_of_images_is_a_cnn_where_no_architecture_is_named(images, tmp_path):
    x, y = images
    nets = [bn.fit_net(x, y, event=1, epochs=1, seed=1), bn.fit_net(x[..., 0], y, event=1, epochs=1, seed=1)]
    assert [net.architecture for net in nets] == ["cnn", "cnn"]
    np.testing.assert_array_equal(nets[0].predict_event(x), nets[1].predict_event(x[..., 0]))

    alone = bn.NetClassifier(event=1, epochs=1, seed=1).fit(x, y)
    assert alone.architecture is None  # as it was given, which scikit-learn asks for
    np.testing.assert_array_equal(alone.predict_event(x), nets[0].predict_event(x))
    copied = pickle.loads(pickle.dumps(alone))
    bn.save_model(alone, tmp_path / "net.bineural")
    loaded = bn.load_model(tmp_path / "net.bineural")
    assert loaded.architecture == "cnn"  # a file says which, whatever the default may become
    for again in (copied, loaded):
        np.testing.assert_array_equal(again.predict_event(x), alone.predict_event(x))


def test_each_kind_of_input_has_one_default():
    assert (default_architecture("table"), default_architecture("image")) == ("skip", "cnn")
    assert default_architecture("molecule") is None
    assert as_architecture("mlp").default_for == ()
    with pytest.raises(bn.InputError, match="`default_for` of an architecture must be a tuple"):
        bn.zoo.register_architecture(
            Architecture("two", lambda input_shape, n_outputs: None, default_for="table")
        )


def test_a_summary_says_what_the_images_are(images):
    text = bn.fit_net(*images, **quick(epochs=1)).summary()
    assert "Architecture: cnn 6 x 6 x 1 -> 1, relu, l2 0, blocks None, width 0.2" in text
