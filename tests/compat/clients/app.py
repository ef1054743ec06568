"""What programs of this folder share: where to send, who somebody is, and how they say what went wrong."""

import json
import os
import sys
import urllib.parse

url, token = sys.argv[1:3]

mark = os.environ["MARK"]
# Somebody, by every name a client may give them.
user = f"{mark}-user"
email = f"jane.{mark}@mail.test"
secret = f"{mark}-secret"
# A page whose address says more than its path.
page = f"https://shop.test/pricing?email={urllib.parse.quote(email)}&utm_source=news"

failures = []


def failed(error, *_):
    """Notes what a client says went wrong."""
    failures.append(str(error))


def tried(call, *arguments, **options):
    """Calls a client that raises when it is refused."""
    try:
        call(*arguments, **options)
    except Exception as error:
        failed(error)


def done():
    """Tells the test, once the client is done."""
    print(json.dumps({"failures": failures}))
