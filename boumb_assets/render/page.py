"""Pages of HTML that work offline: a template of the project, escaped, with the style that all pages share."""

import importlib.resources
from typing import Any, Final

STYLE: Final = """\
:root { --ink: #1c2024; --soft: #5f6670; --line: #d8dce2; --paper: #fcfcfd; --card: #f2f4f7; --note: #2f6fde; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --soft: #9aa3ad; --line: #353b43; --paper: #14171b; --card: #1d2126; --note: #7fb0ff; --bad: #ff8a80; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 2rem 1.25rem 4rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.75rem; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .75rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
thead th { color: var(--soft); font-weight: 500; }
"""  # noqa: E501
"""What a template puts first in its own style, as ``{{ style }}``."""


def html_page(package: str, template: str, **values: Any) -> str:
    """The page that ``template``, a file of ``package``, makes of ``values``: all text is escaped, but for what passes
    the filter ``drawn``, which is for SVG of this room. Raises jinja2's UndefinedError for a value that is missing."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    source = importlib.resources.files(package).joinpath(template).read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["drawn"] = Markup
    return environment.from_string(source).render(style=Markup(STYLE), **values)
