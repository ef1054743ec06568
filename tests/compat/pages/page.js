/** What pages of this folder share: where to send, who somebody is. On `/pricing` they do everything, elsewhere they are read. */
export const { url, token, user, email, secret } = window.compat;
export const isFirst = location.pathname === '/pricing';
