"""The fraud model behind the checkout service.

Read it in this order: timeline and windows (what is known of a customer and a terminal now), trees
and scorer (a score and its reason), policy (what to do about it), release (which version decides),
decider (all of that for one payment, and the rule where it fails), memory and log (what survives,
what is written down), app and __main__ (the service: `python -m helpers.serving.fraud`).

The plain service in the folder above knows nothing of this one.
"""
