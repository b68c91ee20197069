"""`bineural serve`: predictions by column name or CSV, its page and limits, three sentences on bad input."""

import argparse
import asyncio
import io
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.cli import main
from bineural.cli.commands.serve import _bind
from bineural.serving.app import make_app
from bineural.serving.columns import columns_of
from bineural.serving.requests import read_csv, read_json
from served import ask, serving

KYPHOSIS = bn.load_dataset("kyphosis")
COLUMNS = ["Age", "Number", "Start"]


@pytest.fixture(scope="module")
def glm():
    return bn.fit_glm("Kyphosis ~ Age + Number + Start", KYPHOSIS, event="present")


@pytest.fixture(scope="module")
def url(glm, tmp_path_factory):
    path = bn.save_model(glm, tmp_path_factory.mktemp("served") / "glm.bineural")
    with serving(path, "--max-rows", "100", "--max-body", "20000") as address:
        yield address


def rows_of(data):
    return data[COLUMNS].to_dict("records")


def test_an_answer_is_sent_without_waiting_for_the_one_before_to_be_acknowledged():
    async def accepted():
        done = asyncio.get_running_loop().create_future()

        def told(_, writer):
            done.set_result(
                writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            )
            writer.close()

        bound = _bind(argparse.Namespace(host="127.0.0.1", port=0))
        async with await asyncio.start_server(told, sock=bound):
            _, writer = await asyncio.open_connection(*bound.getsockname())
            writer.close()
            return await done

    with ThreadPoolExecutor(1) as thread:  # a browser of other tests may run a loop in this one
        assert thread.submit(asyncio.run, accepted()).result() == 1


def test_rows_by_column_name(url, glm):
    status, form, body = ask(f"{url}/predict", {"rows": rows_of(KYPHOSIS)})
    assert (status, form) == (200, "application/json")
    answer = json.loads(body)
    assert answer["warnings"] == [] and len(answer["predictions"]) == len(KYPHOSIS)
    table = pd.DataFrame(answer["predictions"])
    np.testing.assert_array_equal(table[[".pred_absent", ".pred_present"]], glm.predict_proba(KYPHOSIS))
    assert table[".pred_class"].tolist() == glm.predict(KYPHOSIS).tolist()


def test_rows_as_csv(url, glm):
    content = KYPHOSIS.sample(frac=1, axis=1, random_state=1).to_csv(index=False).encode()
    status, form, body = ask(f"{url}/predict", content, "text/csv; charset=utf-8")
    assert status == 200 and form.startswith("text/csv")
    np.testing.assert_allclose(pd.read_csv(io.StringIO(body))[".pred_present"], glm.predict_event(KYPHOSIS))


@pytest.mark.parametrize(
    ("content", "form", "status", "must"),
    [
        (b"{", "application/json", 422, "must be JSON"),
        (b"[" * 100_0, "application/json", 422, "must be JSON"),
        (b'{"rows": [{"Age": NaN}]}', "application/json", 422, "must be JSON"),
        ([1], "application/json", 422, "an object with"),
        ({"rows": []}, "application/json", 422, "1 to 100 rows"),
        ({"rows": [{"Age": 1, "Number": 2, "Start": 3}] * 101}, "application/json", 422, "1 to 100 rows"),
        ({"rows": [3]}, "application/json", 422, "must be an object of columns"),
        ({"rows": [{"Age": 1, "Number": 2}]}, "application/json", 422, "have the column 'Start'"),
        ({"rows": [{"Age": "1", "Number": 2, "Start": 3}]}, "application/json", 422, "must hold a number"),
        ({"rows": [{"Age": True, "Number": 2, "Start": 3}]}, "application/json", 422, "must hold a number"),
        ({"rows": [{"Age": 10**400, "Number": 2, "Start": 3}]}, "application/json", 422, "a number from"),
        ({"rows": [{"Age": None, "Number": 2, "Start": 3}]}, "application/json", 422, "must not be missing"),
        (b"Age,Number,Start\n1,2\n", "text/csv", 422, "as many fields"),
        (b"Age,Age\n1,2\n", "text/csv", 422, "different names"),
        (b"Age,Number,Start\nold,2,3\n", "text/csv", 422, "must hold a number"),
        (b"\xff\xfe", "text/csv", 422, "CSV in UTF-8"),
        (b"x" * 20_001, "text/csv", 413, "at most 20,000 bytes"),
        (b"<rows/>", "application/xml", 415, "application/json or text/csv"),
    ],
)
def test_what_cant_be_used_is_refused_in_three_sentences(url, content, form, status, must):
    found, kind, body = ask(f"{url}/predict", content, form)
    assert (found, kind) == (status, "application/json")
    error = json.loads(body)["error"]
    assert must in error["must"] and error["found"] and error["hint"]
    assert all(sentence.endswith((".", "}")) for sentence in error.values())


def test_the_page_and_the_schema_need_no_other_server(url):
    status, form, page = ask(f"{url}/docs")
    assert status == 200 and form.startswith("text/html")
    assert "://" not in page.replace("http://HOST", "") and "<script" not in page and "Start" in page
    schema = json.loads(ask(f"{url}/openapi.json")[2])
    row = schema["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert row["properties"]["rows"]["items"]["required"] == COLUMNS
    assert json.loads(ask(f"{url}/health")[2])["status"] == "ok"
    assert ask(f"{url}/predict")[0] == 405 and ask(f"{url}/redoc")[0] == 404


def test_it_listens_to_this_machine_by_its_own_names_alone(url):
    assert url.startswith("http://127.0.0.1:")
    assert ask(f"{url}/health", Host="evil.example")[0] == 400


def test_more_requests_than_there_is_room_for_are_told_to_wait(glm):
    """Asked as the server asks: one request is held up while its body arrives."""
    app = make_app(glm, max_requests=1)
    content = json.dumps({"rows": rows_of(KYPHOSIS[:1])}).encode()

    async def request(arriving):
        sent = []

        async def receive():
            await arriving.wait()
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message):
            sent.append(message)

        headers = [(b"content-type", b"application/json"), (b"host", b"localhost")]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/predict",
            "headers": headers,
            "query_string": b"",
        }
        await app({**scope, "http_version": "1.1", "root_path": "", "scheme": "http"}, receive, send)
        return sent[0]["status"]

    async def both():
        slow, now = asyncio.Event(), asyncio.Event()
        now.set()
        first = asyncio.create_task(request(slow))
        await asyncio.sleep(0.05)
        second = await request(now)
        slow.set()
        return await first, second, await request(now)

    with ThreadPoolExecutor(1) as thread:  # a browser of other tests may run a loop in this one
        assert thread.submit(asyncio.run, both()).result() == (200, 503, 200)


def test_many_at_once_get_what_each_alone_would(url, glm):
    wanted, answers = glm.predict_event(KYPHOSIS), {}

    def send(k):
        status, _, body = ask(f"{url}/predict", {"rows": rows_of(KYPHOSIS[k : k + 1])})
        answers[k] = json.loads(body)["predictions"][0][".pred_present"] if status == 200 else status

    threads = [threading.Thread(target=send, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_allclose([answers[k] for k in range(8)], wanted[:8], rtol=1e-12)


def test_gaps_levels_and_truths_are_read_as_the_model_reads_them():
    random = np.random.default_rng(1)
    data = pd.DataFrame(
        {"x": random.normal(size=40), "g": random.choice(["a", "b"], 40), "t": random.random(40) < 0.5}
    )
    data.loc[3, "x"] = None
    y = random.normal(size=40)
    model = bn.GLMRegressor(missing="impute").fit(data, y)
    columns = columns_of(model)
    assert [(c.name, c.kind, c.optional) for c in columns] == [
        ("x", "numeric", True),
        ("g", "category", True),
        ("t", "logical", True),
    ]
    given = data[:6].astype(object).where(data[:6].notna(), None)
    as_json = read_json(json.dumps({"rows": given.to_dict("records")}).encode(), columns, 10)
    as_csv = read_csv(data[:6].to_csv(index=False).encode(), columns, 10)
    for table in (as_json, as_csv):
        np.testing.assert_array_equal(model.predict(table), model.predict(data[:6]))
    closed = bn.GLMRegressor(unseen="error").fit(data.dropna(), y[data["x"].notna()])
    with pytest.raises(bn.InputError, match="one of a, b"):
        read_json(b'{"rows": [{"x": 1, "g": "c", "t": true}]}', columns_of(closed), 10)


def test_text_is_served_and_rows_without_columns_are_refused():
    reviews = pd.DataFrame({"review": ["good wine", "bad wine"] * 10, "price": np.arange(20.0)})
    glm = bn.fit_glm("y ~ text(review)", reviews.assign(y=np.tile([1.5, 2.0], 10) + reviews["price"]))
    assert [(c.name, c.kind) for c in columns_of(glm)] == [("review", "text")]
    with pytest.raises(bn.InputError, match="rows of named columns"):
        columns_of(bn.fit_glm(list(reviews["review"]), np.arange(20.0)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.bineural"], "must be a file"),
        (["MODEL", "--port", "70000"], "0 to 65,535"),
        (["MODEL", "--max-rows", "0"], "from 1 to"),
        (["MODEL", "--host", "203.0.113.1"], "an address of this machine that is free"),
    ],
)
def test_bad_arguments_end_with_status_2(arguments, words, glm, tmp_path, capsys):
    path = str(bn.save_model(glm, tmp_path / "glm.bineural"))
    assert main(["serve", *[path if a == "MODEL" else a for a in arguments]]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.long
def test_schemathesis_finds_nothing(glm, tmp_path):
    """Requests that follow the schema, and those that break it, by schemathesis's own checks."""
    import subprocess
    import sys
    from pathlib import Path

    path = bn.save_model(glm, tmp_path / "glm.bineural")
    tool = Path(sys.executable).parent / "schemathesis"
    with serving(path, "--max-rows", "100", "--max-body", "100000") as address:
        run = subprocess.run(
            [tool, "run", f"{address}/openapi.json", "--max-examples", "150", "--seed", "2019", "--no-color"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
