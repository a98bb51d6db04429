"""A teaching server that speaks the Kubernetes API to kubectl; its pods are processes of yours.

It is Kubernetes-compatible for the kinds in `resources.py`, and is no Kubernetes: `image` is not
pulled, a pod has no file system and no network of its own, and there is one node, this machine.
Every part bears the name that it has in Kubernetes.
"""
