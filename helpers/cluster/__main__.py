"""`python -m helpers.cluster`: see `server.py`."""

import sys

from helpers.cluster.server import main

sys.exit(main())
