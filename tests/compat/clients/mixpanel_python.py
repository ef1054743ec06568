"""Mixpanel's client for Python."""

import mixpanel

from app import done, email, page, secret, token, tried, url, user

endpoints = [f"{url}/{name}" for name in ("track", "engage", "groups", "import")]
client = mixpanel.Mixpanel(token, consumer=mixpanel.Consumer(*endpoints[:2], groups_url=endpoints[2]))
tried(client.track, user, "signup", {"plan": "free", "contact": email, "$ip": "203.0.113.77"})
tried(client.track, user, "signup", {"plan": "pro"})
tried(client.track, user, "play", {"$current_url": page})

buffered = mixpanel.BufferedConsumer(max_size=10, events_url=endpoints[0], people_url=endpoints[1])
patient = mixpanel.Mixpanel(token, consumer=buffered)
for event in ("pause", "pause", "stop"):
    patient.track(user, event)
patient.people_set(user, {"$email": email})
tried(buffered.flush)

tried(client.people_set, user, {"$email": email, "$name": secret})
tried(client.people_track_charge, user, 12.5)
tried(client.group_set, "company", f"{user}-inc", {"$name": secret})
done()
