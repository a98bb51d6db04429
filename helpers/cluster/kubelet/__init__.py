"""The kubelet: it makes each pod's containers run, as processes of yours, and says how they are.

Read pod.py (the life of one pod) and container.py (the life of one container in it). Below them:
runtime.py and shim.py start processes and see to their end, sandbox.py is a container's folder,
environment.py what it is told, volumes.py its files, probes.py how it is asked, backoff.py how long
a restart waits, logs.py and log_times.py what it wrote and when, usage.py what it takes of the
machine.
"""
