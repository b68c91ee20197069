"""HTML elements whose text is escaped, for pages of reports and for notebooks."""

from html import escape


def element(tag, text, **attributes):
    """Return an element that holds text, escaped."""
    return wrap(tag, escape(str(text)), **attributes)


def wrap(tag, html, **attributes):
    """Return an element that holds HTML; `class_` and the like lose their underscore."""
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    written = "".join(f' {name}="{escape(str(value))}"' for name, value in names.items())
    return f"<{tag}{written}>{html}</{tag}>"


def bullets(sentences):
    """Return a list of sentences."""
    return wrap("ul", "".join(element("li", sentence) for sentence in sentences)) if sentences else ""
