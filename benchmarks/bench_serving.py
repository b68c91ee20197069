"""How soon a service answers, and how many rows a second: bineural beside plain Keras and vetiver.

One net of the kyphosis data, 3-16-8-1, served by four programs, each in a process of its own, asked over one
connection on this machine: 1 row, 1,000 rows, and 1 row by four clients at once. The Keras services are
FastAPI around the same net with its means and SDs typed in: they check nothing. Uvicorn runs all of them.
"""

import http.client
import json
import multiprocessing
import queue
import statistics
import tempfile
import threading
import time
from pathlib import Path

from programs import ProgramFailed, attempt
from running import failed_row, read_command, write

OURS, PREDICT, GRAPH, VETIVER = "bineural serve", "Keras, predict()", "Keras, tf.function", "vetiver"
PROGRAMS = [OURS, PREDICT, GRAPH, VETIVER]
CLIENTS, MANY = 4, 1000
OWED = {
    "1 row: Keras, predict() / bineural serve": "reported",
    "1 row: vetiver / bineural serve": "reported",
    "1,000 rows: vetiver / bineural serve": "reported",
}


def fit():
    import bineural as bn

    kyphosis = bn.load_dataset("kyphosis")
    options = {"units": [16, 8], "architecture": "mlp", "numbers": "plain", "epochs": 20, "ensemble": 1}
    return bn.fit_net("Kyphosis ~ Age + Number + Start", kyphosis, event="present", seed=2019, **options)


def keras_app(net, graph):
    """Make the plain service: a matrix of the three columns in, the probability of the event out."""
    import numpy as np
    import tensorflow as tf
    from fastapi import FastAPI
    from pydantic import BaseModel

    preparation = net.fitted_.input.preparation
    centers, scales, model = preparation.centers_, preparation.scales_, net.keras_model_
    traced = tf.function(lambda x: tf.sigmoid(model(x, training=False)), reduce_retracing=True)
    app = FastAPI()

    class Row(BaseModel):
        Age: float
        Number: float
        Start: float

    class Rows(BaseModel):
        rows: list[Row]

    @app.post("/predict")
    def predict(body: Rows):
        x = np.array([[row.Age, row.Number, row.Start] for row in body.rows])
        x = ((x - centers) / scales).astype(np.float32)
        if graph:
            return {"predictions": traced(x).numpy()[:, 0].tolist()}
        logits = model.predict(x, verbose=0)[:, 0]
        return {"predictions": (1 / (1 + np.exp(-logits))).tolist()}

    return app


def vetiver_app(net):
    import vetiver

    import bineural as bn
    from bineural.serving.vetiver_handler import register_handler

    register_handler()
    rows = bn.load_dataset("kyphosis")[["Age", "Number", "Start"]]
    return vetiver.VetiverAPI(vetiver.VetiverModel(net, "net", prototype_data=rows)).app


def serve(program, path, port):
    """Serve in this process, once its port has been sent."""
    import socket

    import uvicorn

    import bineural as bn

    net = bn.load_model(path)
    if program == OURS:
        from bineural.serving.app import make_app

        app = make_app(net)
    else:
        app = vetiver_app(net) if program == VETIVER else keras_app(net, program == GRAPH)
    bound = socket.socket(proto=socket.IPPROTO_TCP)  # or asyncio leaves Nagle's delay on, of 40 ms an answer
    bound.bind(("127.0.0.1", 0))
    bound.listen()
    port.put(bound.getsockname()[1])
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[bound])


def measure(program, path, n_asked):
    """Start a service, ask it, and return seconds a request: median and 95th percentile, each kind."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    process = context.Process(target=serve, args=(program, path, told), daemon=True)
    process.start()
    try:
        port = told.get(timeout=300)
        row = {"Age": 71, "Number": 3, "Start": 5}
        one, many = body_of(program, [row]), body_of(program, [row] * MANY)
        first = ask_often(port, one, 1)[0]
        ask_often(port, many, 3), ask_often(port, one, 20)
        lone, full = ask_often(port, one, n_asked), ask_often(port, many, max(10, n_asked // 10))
        return {
            "first": first,
            "one": statistics.median(lone),
            "late": statistics.quantiles(lone, n=20)[-1],
            "many": statistics.median(full),
            "together": ask_together(port, one, n_asked // CLIENTS),
        }
    except queue.Empty:
        raise ProgramFailed([program], "did not begin within 300 s") from None
    finally:
        process.terminate()
        process.join(30)


def body_of(program, rows):
    return json.dumps(rows if program == VETIVER else {"rows": rows}).encode()


def ask_often(port, body, times):
    """Ask over one connection; returns the seconds of each answer."""
    connection, seconds = http.client.HTTPConnection("127.0.0.1", port, timeout=120), []
    for _ in range(times):
        start = time.perf_counter()
        connection.request("POST", "/predict", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        seconds.append(time.perf_counter() - start)
        if answer.status != 200:
            raise ProgramFailed(["ask"], f"answered {answer.status}", content.decode()[:200])
    connection.close()
    return seconds


def ask_together(port, body, times):
    """Ask by several clients at once; returns requests a second."""
    clients = [threading.Thread(target=ask_often, args=(port, body, times)) for _ in range(CLIENTS)]
    start = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return CLIENTS * times / (time.perf_counter() - start)


def table(answers):
    heads = [
        "service",
        "first answer, ms",
        "1 row, ms",
        "95 in 100 within, ms",
        "1,000 rows, ms",
        "rows a second",
    ]
    heads += [f"requests a second, {CLIENTS} clients"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for program, answer in answers.items():
        if isinstance(answer, ProgramFailed):
            lines.append(failed_row(program, answer, len(heads)))
            continue
        times = [f"{1000 * answer[name]:.1f}" for name in ("first", "one", "late", "many")]
        rates = [f"{MANY / answer['many']:,.0f}", f"{answer['together']:.0f}"]
        lines.append(f"| {' | '.join([program, *times, *rates])} |")
    return "\n".join(lines)


def main():
    command = read_command(__doc__)
    import bineural as bn

    with tempfile.TemporaryDirectory() as folder:
        path = str(bn.save_model(fit(), Path(folder) / "net.bineural"))
        asked = 20 if command.quick else 60
        answers = {p: attempt(p, lambda p=p: measure(p, path, asked)) for p in PROGRAMS}
    part = table(answers)
    print(part)
    if not command.quick:
        about = "The same net; bineural and vetiver take raw columns and answer with both probabilities."
        measured = {
            f"{words}: {program} / {OURS}": times(answers, program, key)
            for words, program, key in (
                ("1 row", PREDICT, "one"),
                ("1 row", VETIVER, "one"),
                ("1,000 rows", VETIVER, "many"),
            )
        }
        write("bench_serving", "Serving a net", about, [part], measured)


def times(answers, program, key):
    if any(isinstance(answers[p], ProgramFailed) for p in (program, OURS)):
        return None
    return f"{answers[program][key] / answers[OURS][key]:.2f}x"


if __name__ == "__main__":
    main()
