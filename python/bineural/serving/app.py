"""The service of a fitted model: /predict, /docs, /health, within limits of size, rows and requests."""

import json

from bineural.errors import InputError
from bineural.exporting.extras import need
from bineural.serving.columns import as_frame, columns_of, random_row
from bineural.serving.describing import docs_page, openapi
from bineural.serving.predicting import predict_table
from bineural.serving.requests import plain_rows, read_csv, read_json

READERS = {"application/json": read_json, "text/csv": read_csv}


def make_app(model, *, max_rows=10_000, max_bytes=2**24, max_requests=16, hosts=None):
    """Make the web application of a model.

    Parameters
    ----------
    model : fitted bineural model
        Of rows of named columns.
    max_rows : int
        Most rows of a request; more are status 422.
    max_bytes : int
        Most bytes of its body; more are status 413.
    max_requests : int
        Most requests that are worked on or wait at once; more are status 503.
    hosts : list of str, optional
        Names that the service may be called by, so that no page of a browser reaches it by another; None:
        any.

    Returns
    -------
    fastapi.FastAPI
    """
    need("serve")
    import anyio
    from fastapi import FastAPI, Request
    from fastapi.responses import HTMLResponse, JSONResponse, Response
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    columns = columns_of(model)
    example = random_row(columns)
    first, _ = predict_table(model, as_frame(columns, [example]))  # builds graphs before the first request
    about = openapi(model, columns, list(first.columns), plain_rows(first)[0], max_rows, max_bytes)
    page = docs_page(model, columns, example, plain_rows(first)[0], (max_rows, max_bytes, max_requests))
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url="/openapi.json", title="bineural")
    app.openapi = lambda: about
    if hosts is not None:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts)
    waiting = set()

    def refusal(status, must, found, hint, **headers):
        error = {"must": must, "found": found, "hint": hint}
        return JSONResponse({"error": error}, status_code=status, headers=headers)

    async def read_body(request):
        """Return the body, or None where it has too many bytes; no more are read than may be."""
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > max_bytes:
                return None
        return bytes(content)

    @app.get("/health")
    async def health():
        return {"status": "ok", "kind": type(model).__name__, "requests": len(waiting)}

    @app.get("/", include_in_schema=False)
    @app.get("/docs", include_in_schema=False)
    async def docs():
        return HTMLResponse(page)

    @app.post("/predict")
    async def predict(request: Request):
        form = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if form not in READERS:
            return refusal(
                415,
                "The content type must be application/json or text/csv.",
                f"Found {form[:80]!r}.",
                "Set the header Content-Type.",
            )
        if len(waiting) >= max_requests:
            found = f"{len(waiting)} are being worked on."
            return refusal(
                503, "There is no room for another request.", found, "Try again.", **{"Retry-After": "1"}
            )
        token = object()
        waiting.add(token)
        try:
            content = await read_body(request)
            if content is None:
                found = f"It has more than {max_bytes:,}."
                return refusal(
                    413, f"The body must have at most {max_bytes:,} bytes.", found, "Send fewer rows."
                )
            return await anyio.to_thread.run_sync(answer, form, content)
        except InputError as error:
            return refusal(422, error.must, error.found, error.hint)
        finally:
            waiting.discard(token)

    def answer(form, content):
        table, messages = predict_table(model, READERS[form](content, columns, max_rows))
        if form == "text/csv":
            return Response(table.to_csv(index=False), media_type="text/csv")
        body = {"predictions": plain_rows(table), "warnings": messages}
        return Response(json.dumps(body, allow_nan=False), media_type="application/json")

    return app
