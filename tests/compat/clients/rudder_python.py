"""RudderStack's client for Python, which packs with gzip."""

from rudderstack.analytics.client import Client

from app import done, email, failed, page, secret, token, url, user

context = {"ip": "203.0.113.77", "traits": {"email": email}}
client = Client(token, host=url, on_error=failed, upload_interval=0.1)
client.track(user, "signup", {"plan": "free", "contact": email}, context=context)
client.track(user, "signup", {"plan": "pro"})
client.page(user, None, "Pricing", {"url": page, "title": secret})
client.identify(user, {"email": email, "name": secret}, context=context, anonymous_id=f"{user}-anonymous")
client.screen(user, None, "Home")
client.group(user, f"{user}-inc", {"name": secret})
client.alias(user, f"{user}-other")
client.track(user, "play")
client.flush()
client.join()
done()
