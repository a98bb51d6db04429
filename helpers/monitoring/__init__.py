"""What is watched at Corner: the checkout service and, beside it, its fraud model.

For lesson authors:

    from helpers.monitoring.replay import replay
    future = replay(World.small(0.2, late_labels=True), model, live_from=112)
    future.days(112, 126).payments          # with score, reviewed and known_at; .X the features

    from helpers.monitoring.drift import compare, psi          # two windows, by feature
    from helpers.monitoring.many import ks_windows, psi_windows  # a hundred weeks at once
    from helpers.monitoring.report import drift_report         # Evidently: a table, and a page

    from helpers.monitoring.late_labels import chargeback_delays, recall_known
    recall_known(week, at, chargeback_delays(payments, at, days=30))   # so_far, low, estimate, high

    from helpers.monitoring.signals import chargeback_rate, greatest_psi  # a figure for each day
    from helpers.monitoring.rules import service_rules          # Prometheus rules of the service
    from helpers.monitoring.model_rules import model_rules      # and of the model
    from helpers.monitoring.incidents import CAUSES, incident   # boards to diagnose

Evidently is imported when a report is made, and not before.
"""
