"""What `make` calls: a Python found, the lock installed or compiled, the Binder link."""
