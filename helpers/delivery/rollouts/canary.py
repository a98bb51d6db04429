"""A champion and its canary: two Deployments behind one Service, told apart by their image."""

from __future__ import annotations

from .packing import NAME

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: checkout}
spec:
  selector: {app: checkout}
  ports: [{port: 8000, targetPort: http}]
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: checkout-TRACK}
spec:
  replicas: REPLICAS
  selector: {matchLabels: {app: checkout, track: TRACK}}
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  template:
    metadata: {labels: {app: checkout, track: TRACK}}
    spec:
      containers:
        - name: checkout
          image: IMAGE
          ports: [{name: http, containerPort: 8000}]
          env:
            - {name: CHECKOUT_PORT, value: "8000"}
            - name: CHECKOUT_HOST
              valueFrom: {fieldRef: {fieldPath: status.podIP}}
          readinessProbe:
            httpGet: {path: /readyz, port: http}
            periodSeconds: 1
"""


def champion_and_canary(champion: str, canary: str, pods: tuple[int, int] = (3, 1)) -> str:
    """The manifest of the Deployments checkout-champion and checkout-canary, and of their Service.

    champion, canary: the tags of their images. pods: how many of each; the Service looks at the
    label `app` alone, so the canary's share of new connections is its share of the pods.
    """
    parts = [SERVICE]
    for track, tag, replicas in zip(("champion", "canary"), (champion, canary), pods, strict=True):
        one = DEPLOYMENT.replace("TRACK", track).replace("REPLICAS", str(replicas))
        parts.append(one.replace("IMAGE", f"{NAME}:{tag}"))
    return "---\n".join(parts)
