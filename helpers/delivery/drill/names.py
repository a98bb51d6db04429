"""What the drill's processes and the lesson agree on."""

RELEASE = "1.1.0"  # the release that is well
BAD_RELEASE = "1.2.0"
SLOW_TILL = 7
SERVING = "takes requests"  # what the checkout logs when it does
NINETY_OFF = '[{"code": "WELCOME10", "kind": "percent", "value": 90, "minimum_cents": 2000}]'
