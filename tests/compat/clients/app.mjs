/** What programs of this folder share: where to send, who somebody is, and how they say what went wrong. */
const [address, siteToken] = process.argv.slice(2);

export const url = address;
export const { hostname: host, port } = new URL(address);
export const token = siteToken;

/** Somebody, by every name a client may give them. */
const mark = process.env.MARK;
export const user = `${mark}-user`;
export const device = `${mark}-device-0001`;
export const email = `jane.${mark}@mail.test`;
export const secret = `${mark}-secret`;
/** A page whose address says more than its path. */
export const page = `https://shop.test/pricing?email=${encodeURIComponent(email)}&utm_source=news`;

const failures = [];
/** To be called by a client with an error, or with nothing. */
export const failed = (error) => void (error && failures.push(String(error?.message ?? error)));

/** Tells the test, once the client is done. */
export const done = () => console.log(JSON.stringify({ failures }));

/** A call that ends in a callback, as a promise; what went wrong is noted. */
export const called = (call) => new Promise((resolve) => call((error) => resolve(failed(error))));
/** A promise that is awaited; what went wrong is noted. */
export const awaited = (promise) => Promise.resolve(promise).then(() => {}, failed);
