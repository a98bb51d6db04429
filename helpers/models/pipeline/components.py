"""Each step as a Kubeflow component: what goes in, what comes out, and one call.

Kubeflow takes the text of each function to wherever it runs and calls it there, so imports stand
inside. The image that it runs in has to hold the course's package.
"""

from kfp.dsl import Dataset, Input, Markdown, Metrics, Model, Output


def ingest(source: str, payments: Output[Dataset], labels: Output[Dataset]):
    """Fetch a delivery."""
    from helpers.models.pipeline import steps

    payments.metadata["rows"] = steps.ingest(source, payments.path, labels.path)


def validate(
    payments: Input[Dataset],
    labels: Input[Dataset],
    checked: Output[Dataset],
    checked_labels: Output[Dataset],
):
    """Stop a delivery that is not as agreed; hand on one that is."""
    import shutil

    from helpers.models.pipeline import steps

    steps.validate(payments.path, labels.path)
    shutil.copy(payments.path, checked.path)
    shutil.copy(labels.path, checked_labels.path)


def features(payments: Input[Dataset], labels: Input[Dataset], X: Output[Dataset]):
    """Build the features of what was known at the time."""
    from helpers.models.pipeline import steps

    X.metadata["rows"] = steps.build_features(payments.path, labels.path, X.path)


def train(
    X: Input[Dataset],
    payments: Input[Dataset],
    labels: Input[Dataset],
    train_days: int,
    trees: int,
    model: Output[Model],
):
    """Train the candidate."""
    from helpers.models.pipeline import steps

    model.metadata["frauds_seen"] = steps.train(
        X.path, payments.path, labels.path, model.path, train_days, trees
    )


def gate(
    model: Input[Model],
    X: Input[Dataset],
    payments: Input[Dataset],
    labels: Input[Dataset],
    train_days: int,
    registry: str,
    bounds: dict,
    report: Output[Markdown],
    figures: Output[Metrics],
):
    """Stop a candidate that does not pass the release gate."""
    from helpers.models.pipeline import steps

    found = steps.gate(
        model.path,
        X.path,
        payments.path,
        labels.path,
        report.path,
        train_days=train_days,
        registry=registry,
        **bounds,
    )
    for check in found.checks:
        if check.figure is not None:
            figures.log_metric(check.name, check.figure)


def register(model: Input[Model], X: Input[Dataset], report: Input[Markdown], registry: str) -> int:
    """Make the candidate the champion, and give its version."""
    from helpers.models.pipeline import steps

    return steps.register(model.path, X.path, report.path, registry)
