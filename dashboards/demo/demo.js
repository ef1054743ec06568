/* The demo site's own behaviour: nothing here is needed for counting. */
const VIEWS = {
  offline: ['Offline', 'Everything you save is on the device. Trains, planes and cellars included.'],
  highlights: ['Highlights', 'Mark a sentence, find it again in a year. Notes stay beside the text they belong to.'],
  listen: ['Listen', 'Any article read aloud, at your pace, with the screen off.'],
};

const thanks = document.getElementById('thanks');
for (const button of document.querySelectorAll('[data-hc-event="signup"]')) {
  button.addEventListener('click', () => {
    thanks.textContent = 'Thank you! One “signup” was counted. The dashboard lists it under Features.';
  });
}

for (const button of document.querySelectorAll('[data-buy]')) {
  button.addEventListener('click', () => {
    const { buy: plan, amount } = button.dataset;
    window.headcount?.('purchase', { props: { plan }, revenue: { amount: Number(amount), currency: 'EUR' } });
    thanks.textContent = `Thank you! One “purchase” of €${amount} was counted, and nothing was charged.`;
  });
}

document.getElementById('suggest')?.addEventListener('submit', (event) => {
  event.preventDefault();
  event.target.reset();
  document.getElementById('said').textContent = 'Counted, and thrown away.';
});

const view = document.getElementById('view');
if (view) {
  const show = () => {
    const name = location.pathname.split('/').pop();
    for (const link of document.querySelectorAll('[data-view]')) {
      if (link.dataset.view === name) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    const [title, text] = VIEWS[name] ?? ['Choose a feature', 'Its address appears in the address bar; the back button works.'];
    view.querySelector('h2').textContent = title;
    view.querySelector('p').textContent = text;
  };
  document.addEventListener('click', (event) => {
    const link = event.target.closest('[data-view]');
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, '', link.href);
    show();
  });
  addEventListener('popstate', show);
  show();
}
