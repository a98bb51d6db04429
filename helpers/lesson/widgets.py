"""Widgets that also read without a kernel: each is shown with its plain form beside it."""

from __future__ import annotations

import html
from typing import Any

# In command mode JupyterLab takes arrow keys and letters for itself, so that they never reach a
# list or a choice (jupyter-widgets/ipywidgets issue 3912). The attribute leaves them to whatever
# has the focus; Python can give a widget's element no attribute in any other way.
_KEEP_KEYS = (
    "<style onload=\"this.closest('.jp-OutputArea-output')?.addEventListener('focusin', "
    "e => e.target.setAttribute('data-lm-suppress-shortcuts', 'true'))\">i{}</style>"
)


class Shown:
    """A widget and what stands for it where no kernel runs: an HTML page, a text.

    The front end shows the widget; a stored page, a test or a terminal shows the plain form.
    """

    def __init__(self, widget: Any, plain: str, page: str = "") -> None:
        self.widget, self.plain, self.page = widget, plain, page or as_page(plain)

    def __str__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        import ipywidgets as w

        bundle = dict(w.VBox([self.widget, w.HTML(_KEEP_KEYS)])._repr_mimebundle_())
        return bundle | {"text/plain": self.plain, "text/html": self.page}


def as_page(text: str) -> str:
    """A plain text as HTML that keeps its lines, in the theme's colours."""
    return (
        '<pre style="white-space:pre-wrap;color:var(--jp-content-font-color1, inherit);'
        f'background:transparent">{html.escape(text)}</pre>'
    )


def said(panel: Any = None) -> Any:
    """An HTML widget that shows a panel, empty to begin with; readers are told when it changes."""
    import ipywidgets as w

    return w.HTML(value=panel.html() if panel is not None else "")
