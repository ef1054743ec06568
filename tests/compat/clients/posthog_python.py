"""PostHog's client for Python."""

from posthog import Posthog

from app import done, email, failed, page, secret, token, url, user

client = Posthog(token, host=url, on_error=failed, gzip=True)
client.capture("signup", distinct_id=user, properties={"plan": "free", "contact": email, "$ip": "203.0.113.77"})
client.capture("signup", distinct_id=user, properties={"plan": "pro"})
client.capture("$pageview", distinct_id=user, properties={"$current_url": page, "title": secret})
client.set(distinct_id=user, properties={"email": email, "name": secret})
client.group_identify("company", f"{user}-inc", {"name": secret})
client.alias(f"{user}-other", user)
try:
    raise ValueError(secret)
except ValueError as error:
    client.capture_exception(error, distinct_id=user)
client.capture("play", distinct_id=user)
if flags := client.get_all_flags(user):
    failed(f"flags: {list(flags)}")
client.shutdown()
done()
