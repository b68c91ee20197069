"""vetiver takes fitted models: described, pinned, and served by its own service."""

import json
import threading
import time

import numpy as np
import pytest

import bineural as bn
from bineural.serving.vetiver_handler import register_handler
from served import ask

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of vetiver's own
    pytest.mark.long,  # importing it takes seconds
]
KYPHOSIS = bn.load_dataset("kyphosis")
ROWS = KYPHOSIS[["Age", "Number", "Start"]]


def test_a_model_is_described_pinned_and_served(tmp_path):
    import pins
    import uvicorn
    import vetiver

    register_handler()
    formula = "Kyphosis ~ Age + Number + Start"
    net = bn.fit_net(formula, KYPHOSIS, event="present", units=4, epochs=2, ensemble=2, seed=1)
    model = vetiver.VetiverModel(net, "net", prototype_data=ROWS)
    assert model.description == f"A bineural NetClassifier of {formula}"
    assert "bineural" in model.metadata.required_pkgs
    board = pins.board_folder(str(tmp_path), allow_pickle_read=True)
    vetiver.vetiver_pin_write(board, model)
    again = vetiver.VetiverModel.from_pin(board, "net")
    app = vetiver.VetiverAPI(again, check_prototype=True).app
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    status, _, body = ask(f"http://127.0.0.1:{port}/predict", ROWS.to_dict("records"))
    server.should_exit = True
    thread.join(20)
    assert status == 200
    answer = json.loads(body)["predict"]
    np.testing.assert_allclose([row[".pred_present"] for row in answer], net.predict_event(ROWS), atol=1e-6)


def test_without_vetiver_the_extra_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "vetiver", None)
    with pytest.raises(bn.InputError, match=r"bineural\[vetiver\]"):
        register_handler()
