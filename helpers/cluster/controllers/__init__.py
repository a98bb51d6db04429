"""The controllers: each watches some kinds and brings what is to what is wanted.

Read deployment.py first: it is the reconcile loop that the lesson shows. queue.py and base.py are
what all of them stand on; ownership.py is how an object knows whom it belongs to.
"""
