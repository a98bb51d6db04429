"""Corner's checkout service: it prices a basket, applies a voucher and takes a payment.

Read it in this order: pricing (what a basket costs), decisions (may this payment go through?),
ledger (what was paid, kept), schemas (what the tills send and get), app (the web service),
and around it settings, metrics, logs and observe. The modules import each other relatively and
nothing of the course, so the folder works wherever it is copied to.
"""

__version__ = "1.1.0"
