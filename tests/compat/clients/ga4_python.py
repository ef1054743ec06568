"""ga4mp, a client of Google's Measurement Protocol: as a page, later, and as an app. Its address is a property."""

from ga4mp import FirebaseMP, GtagMP

from app import done, email, page, secret, token, tried, url, user

endpoint = f"{url}/mp/collect"
client = GtagMP(api_secret=secret, measurement_id=token, client_id=f"{user}.1795262400")
client._base_domain = endpoint
client.store.set_user_property(name="email", value=email)
client.store.set_user_property(name="user_id", value=user)
view = client.create_new_event("page_view")
view.set_event_param("page_location", page)
view.set_event_param("page_referrer", "https://b.test/")
view.set_event_param("page_title", secret)
signup = client.create_new_event("sign_up")
signup.set_event_param("method", "mail")
signup.set_event_param("contact", email)
tried(client.send, [view])
tried(client.send, [signup])

for level in (3, 4):
    client.send([{"name": "play", "params": {"level": level}}], postpone=True)
tried(client.postponed_send)

app = FirebaseMP(api_secret=secret, firebase_app_id=token, app_instance_id=f"{user}-instance")
app._base_domain = endpoint
tried(app.send, [{"name": "open", "params": {"app_version": "2.1"}}])
done()
