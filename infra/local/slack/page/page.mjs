/* global document, window, EventSource, setTimeout, clearTimeout */
// The page's behaviour. All content is made by the server, which escapes it; this only fetches it and presses buttons.

const where = new URL(window.location.href);
const user = document.body.dataset.user;
const channel = document.body.dataset.channel;
const messages = document.getElementById('messages');
const modal = document.getElementById('modal');
const notice = document.getElementById('notice');
let shown = '';
let late = false;

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

let noticeTimer;
function say(text) {
  notice.textContent = text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (notice.textContent = ''), 8000);
}

function complain(delivery) {
  if (!delivery || (delivery.delivered && delivery.status === 200)) return;
  say(
    delivery.delivered
      ? `The app answered HTTP ${delivery.status}. Nothing happened.`
      : `The app did not answer (${delivery.error}). Try again.`,
  );
}

async function refresh() {
  // A dialog inside the list would be torn away from under the reader's hand.
  if (messages.querySelector('dialog[open]')) return void (late = true);
  late = false;
  const response = await fetch(
    `/slack/api/page?channel=${encodeURIComponent(channel)}&user=${encodeURIComponent(user)}`,
  );
  const page = await response.json();
  if (page.messages !== shown) {
    const atEnd = messages.scrollTop + messages.clientHeight > messages.scrollHeight - 80;
    messages.innerHTML = shown = page.messages;
    if (atEnd) messages.scrollTop = messages.scrollHeight;
  }
  showModal(page.modal);
}

function showModal(content) {
  if (content === (modal.dataset.content ?? '')) return;
  modal.dataset.content = content;
  modal.innerHTML = content;
  if (content === '') return void modal.close();
  if (!modal.open) modal.showModal();
  modal.querySelector('[autofocus], textarea, input, button')?.focus();
}

async function press(button) {
  button.setAttribute('aria-busy', 'true');
  const { channel, ts, block, action } = button.dataset;
  const answer = await post('/slack/api/press', { channel, ts, block, action, user });
  if (answer.error) say(answer.error);
  complain(answer.delivery);
  button.removeAttribute('aria-busy');
}

messages.addEventListener('click', (event) => {
  const button = event.target.closest('button.press');
  if (!button || button.getAttribute('aria-busy') === 'true') return;
  const confirm = button.nextElementSibling;
  if (!confirm?.matches('dialog.confirm')) return void press(button);
  confirm.querySelector('.no').onclick = () => confirm.close();
  confirm.querySelector('.yes').onclick = () => {
    confirm.close();
    press(button);
  };
  confirm.onclose = () => late && refresh();
  confirm.showModal();
});

modal.addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const values = {};
  for (const field of form.querySelectorAll('[data-block]'))
    values[field.dataset.block] = { [field.dataset.action]: field.value };
  const { outcome, error } = await post('/slack/api/submit', { view: form.dataset.view, user, values });
  if (error) say(error);
  if (outcome?.kind === 'failed') complain(outcome.delivery);
  if (outcome?.kind === 'errors') showErrors(form, outcome.errors);
});

function showErrors(form, errors) {
  for (const field of form.querySelectorAll('[data-block]')) {
    const text = errors[field.dataset.block] ?? '';
    document.getElementById(field.getAttribute('aria-describedby')).textContent = text;
    field.setAttribute('aria-invalid', String(text !== ''));
    if (text) field.focus();
  }
}

const closeModal = () => post('/slack/api/close', { view: modal.querySelector('form')?.dataset.view ?? '', user });
modal.addEventListener('click', (event) => event.target.closest('.no') && closeModal());
modal.addEventListener('cancel', closeModal);

messages.scrollTop = messages.scrollHeight;
await refresh();
const events = new EventSource('/slack/api/events');
events.onmessage = () => refresh();
events.onopen = () => refresh();
if (where.hash) document.querySelector(`[data-ts="${where.hash.slice(1).replace(/[^0-9.]/g, '')}"]`)?.scrollIntoView();
