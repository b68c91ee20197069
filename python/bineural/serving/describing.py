"""What a service says of itself: an OpenAPI schema, and a page that needs no other server."""

import csv
import html
import io
import json
import re

from bineural import __version__

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color:
#1d2b36; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem .3rem 0;
border-bottom: 1px solid #cdd5dc; vertical-align: top; overflow-wrap: anywhere; }
pre { background: #f2f5f7; padding: .8rem; overflow-x: auto; } code { font-size: .9em; }
@media (prefers-color-scheme: dark) { body { background: #14191d; color: #dfe6ec; } pre { background:
#20282e; }
th, td { border-color: #39444d; } a { color: #8ec2f0; } }
"""
_WORDS = {"numeric": "number", "logical": "true or false", "category": "text", "text": "text"}


def openapi(model, columns, outputs, example, max_rows, max_bytes):
    """Return the OpenAPI schema of a service.

    Parameters
    ----------
    model : fitted bineural model
    columns : list of Column
    outputs : list of str
        Names of what is predicted.
    example : dict
        A predicted row.
    max_rows, max_bytes : int

    Returns
    -------
    dict
    """
    row = {
        "type": "object",
        "required": [column.name for column in columns],
        "properties": {column.name: column.schema() for column in columns},
    }
    body = {
        "type": "object",
        "required": ["rows"],
        "properties": {"rows": {"type": "array", "items": row, "minItems": 1, "maxItems": max_rows}},
    }
    predicted = {
        "type": "object",
        "required": outputs,
        "properties": {name: {"type": _types_of(example[name])} for name in outputs},
    }
    answer = {
        "type": "object",
        "required": ["predictions", "warnings"],
        "properties": {
            "predictions": {"type": "array", "items": predicted},
            "warnings": {"type": "array", "items": {"type": "string"}},
        },
    }
    sentences = {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["must", "found", "hint"],
                "properties": {name: {"type": "string"} for name in ("must", "found", "hint")},
            }
        },
    }
    refused = {"application/json": {"schema": sentences}}
    health = {
        "type": "object",
        "required": ["status"],
        "properties": {
            "status": {"const": "ok"},
            "kind": {"type": "string"},
            "requests": {"type": "integer"},
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Predictions of a {type(model).__name__}", "version": __version__},
        "paths": {
            "/predict": {
                "post": {
                    "summary": "Predict rows",
                    "operationId": "predict",
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/json": {"schema": body},
                            "text/csv": {"schema": _csv_schema(columns, max_rows), "example": _csv(columns)},
                        },
                    },
                    "responses": {
                        "200": {
                            "description": "A prediction for each row, in their order",
                            "content": {
                                "application/json": {"schema": answer},
                                "text/csv": {"schema": {"type": "string"}},
                            },
                        },
                        "413": {"description": f"More than {max_bytes:,} bytes", "content": refused},
                        "415": {"description": "Neither JSON nor CSV", "content": refused},
                        "422": {
                            "description": "What must hold, what was found, what to try",
                            "content": refused,
                        },
                        "503": {"description": "Too many requests at once", "content": refused},
                    },
                }
            },
            "/health": {
                "get": {
                    "summary": "Whether the service is there",
                    "operationId": "health",
                    "responses": {
                        "200": {"description": "It is", "content": {"application/json": {"schema": health}}}
                    },
                }
            },
        },
    }


def _types_of(value):
    return ["number", "null"] if isinstance(value, float) else ["string", "number", "boolean", "null"]


def _csv(columns):
    return f"{_line(c.name for c in columns)}\n{_line(c.example() for c in columns)}\n"


def _line(values):
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(values)
    return written.getvalue()


def _csv_schema(columns, max_rows):
    """Return a schema of the plainest CSV: columns in the order of training, numbers without exponents."""
    fields = {"numeric": r"-?[0-9]{1,6}(\.[0-9]{1,6})?", "logical": "(TRUE|FALSE)", "text": "[a-z]{1,20}"}
    row = ",".join(
        f"({'|'.join(_literal(_line([level])) for level in c.levels[:20])})" if c.levels else fields[c.kind]
        for c in columns
    )
    header = _literal(_line(c.name for c in columns))
    return {
        "type": "string",
        "description": "CSV with a header; the pattern is its plainest form, and others are read too.",
        "pattern": f"^{header}\n({row}\n){{1,{min(max_rows, 100)}}}$",
    }


def _literal(text):
    """Write a text as a regular expression of itself."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)


def docs_page(model, columns, example, answer, limits):
    """Return the page of a service: its columns, an example, its limits.

    Parameters
    ----------
    model : fitted bineural model
    columns : list of Column
    example, answer : dict
        A row, and what is predicted of it.
    limits : tuple of int
        Rows, bytes, requests at once.

    Returns
    -------
    str
    """
    rows = "".join(
        f"<tr><td><code>{_safe(c.name)}</code></td><td>{_WORDS[c.kind]}</td><td>{_safe(_levels(c))}</td>"
        f"<td>{'yes' if c.optional else 'no'}</td></tr>"
        for c in columns
    )
    request = json.dumps({"rows": [example]}, ensure_ascii=False)
    reply = json.dumps({"predictions": [answer], "warnings": []}, ensure_ascii=False)
    formula = getattr(model, "formula_", None)
    what = f"{type(model).__name__}{f' of <code>{_safe(formula)}</code>' if formula else ''}"
    max_rows, max_bytes, max_requests = limits
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,
initial-scale=1">
<title>bineural: predictions</title><style>{_STYLE}</style></head><body>
<h1>Predictions of a fitted model</h1>
<p>{what}, served by bineural {__version__}. The schema for programs is at
<a href="openapi.json"><code>/openapi.json</code></a>, the state at <a
href="health"><code>/health</code></a>.</p>
<h2>Columns of a row</h2>
<table><tr><th>column</th><th>holds</th><th>levels</th><th>may be missing</th></tr>{rows}</table>
<h2>Rows as JSON</h2>
<pre>curl -H 'Content-Type: application/json' -d '{_safe(request)}' http://HOST/predict</pre>
<pre>{_safe(reply)}</pre>
<h2>Rows as CSV</h2>
<pre>curl -H 'Content-Type: text/csv' --data-binary @rows.csv http://HOST/predict</pre>
<p>The file has a header and is written in UTF-8; empty fields and NA are missing. The answer is CSV too.</p>
<h2>Limits</h2>
<p>{max_rows:,} rows and {max_bytes:,} bytes a request, {max_requests:,} requests at once. What can't be used
is refused with status 422 and three sentences: what must hold, what was found, what to try.</p>
</body></html>
"""


def _levels(column):
    shown = ", ".join(column.levels[:50]) + (", ..." if len(column.levels) > 50 else "")
    return shown + (" (others are refused)" if column.closed else "")


def _safe(text):
    return html.escape(str(text))
