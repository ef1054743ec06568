/** The reader's locale, as the browser tells it. */
export const locale = navigator.languages[0] ?? 'en';
