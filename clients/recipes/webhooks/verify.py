"""Checks deliveries of a webhook (Standard Webhooks). Python alone, no package."""

import base64
import binascii
import hashlib
import hmac
import json
import re
import sys
import time

# Seconds that the clocks of sender and receiver may differ.
TOLERANCE = 300


def verify(secret: str, id: str, timestamp: str, signature: str, body: bytes) -> bool:
    """Whether a delivery is signed with the secret and not old.

    `id`, `timestamp` and `signature` are the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`;
    `body` is the body as it came, byte for byte.
    """
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(time.time() - int(timestamp)) > TOLERANCE:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    # During a rotation there are two signatures; one by your secret is enough.
    for one in signature.split(" "):
        try:
            given = base64.b64decode(one[3:], validate=True) if one.startswith("v1,") else b""
        except (binascii.Error, ValueError):
            continue
        if hmac.compare_digest(given, wanted):
            return True
    return False


# As a program: one delivery as JSON on each line; answers `ok` or `no` for each.
if __name__ == "__main__":
    for line in sys.stdin:
        one = json.loads(line)
        fine = verify(one["secret"], one["id"], one["timestamp"], one["signature"], one["body"].encode())
        print("ok" if fine else "no")
