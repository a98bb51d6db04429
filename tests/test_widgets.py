"""What a widget is shown with."""

import ipywidgets as w

from helpers.lesson.widgets import Shown


def test_a_widget_is_shown_with_its_plain_form_and_keeps_its_keys():
    inner = w.Dropdown(options=["a", "b"])
    bundle = Shown(inner, "plain <text>")._repr_mimebundle_()
    assert bundle["text/plain"] == "plain <text>"
    assert "plain &lt;text&gt;" in bundle["text/html"]
    model = bundle["application/vnd.jupyter.widget-view+json"]["model_id"]
    outer = w.widgets.widget._instances[model]
    assert outer.children[0] is inner
    assert "data-lm-suppress-shortcuts" in outer.children[1].value
