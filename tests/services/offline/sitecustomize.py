"""Put on PYTHONPATH of the processes the suite starts: they cannot reach beyond this machine either."""

import sys

from loopback import refuse_beyond

sys.addaudithook(refuse_beyond)
