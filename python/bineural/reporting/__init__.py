"""The report of a comparison: one page of HTML."""

from bineural.lazy import lazily

HOMES = {
    "report": ["write_report"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
