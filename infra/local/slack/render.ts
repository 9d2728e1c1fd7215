import type { Block, Button, Modal, ModalBlock, Text } from './blocks.ts';
import { escapeHtml, mrkdwnToHtml } from './mrkdwn.ts';
import type { OpenModal } from './passing.ts';
import type { StoredMessage } from './workspace.ts';

/** Block Kit as HTML: a pure function from what is stored to text, so that hostile content is tested without a browser. */

const text = (value: Text): string => (value.type === 'mrkdwn' ? mrkdwnToHtml(value.text) : escapeHtml(value.text));

export function renderMessage(message: StoredMessage): string {
  const when = new Date(Number(message.ts) * 1_000);
  const clock = when.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const note = message.onlyFor === undefined ? '' : '<p class="only">Only visible to you</p>';
  const edited = message.edited === undefined ? '' : ' <span class="edited">(edited)</span>';
  const content =
    message.blocks.length === 0
      ? `<p>${mrkdwnToHtml(message.text)}</p>`
      : message.blocks.map((block) => renderBlock(block, message)).join('');
  return `<article class="message${message.onlyFor === undefined ? '' : ' ephemeral'}" data-ts="${escapeHtml(message.ts)}" aria-label="Message from Countersign at ${clock}">
<div class="avatar" aria-hidden="true">C</div>
<div class="content"><p class="by"><strong>Countersign</strong> <span class="badge">APP</span> <time datetime="${when.toISOString()}">${clock}</time>${edited}</p>
${note}${content}</div></article>`;
}

function renderBlock(block: Block, message: StoredMessage): string {
  switch (block.type) {
    case 'header':
      return `<h3>${text(block.text)}</h3>`;
    case 'divider':
      return '<hr>';
    case 'context':
      return `<div class="context">${block.elements.map((element) => `<span>${text(element)}</span>`).join('')}</div>`;
    case 'actions':
      return `<div class="actions">${block.elements.map((button) => renderButton(button, block.block_id, message)).join('')}</div>`;
    case 'section':
      return renderSection(block, message);
  }
}

function renderSection(block: Extract<Block, { type: 'section' }>, message: StoredMessage): string {
  const body = block.text === undefined ? '' : `<div class="text">${text(block.text)}</div>`;
  const fields = (block.fields ?? []).map((field) => `<div>${text(field)}</div>`).join('');
  const accessory = block.accessory === undefined ? '' : renderButton(block.accessory, block.block_id, message);
  return `<div class="section">${body}${fields === '' ? '' : `<div class="fields">${fields}</div>`}${accessory}</div>`;
}

/** A button with its confirm dialog beside it. What it sends is read from the stored message, never from the page. */
function renderButton(button: Button, block: string | undefined, message: StoredMessage): string {
  const data = `data-channel="${escapeHtml(message.channel)}" data-ts="${escapeHtml(message.ts)}" data-block="${escapeHtml(block ?? '')}" data-action="${escapeHtml(button.action_id)}"`;
  const style = button.style === undefined ? '' : ` ${button.style}`;
  const pressable = `<button type="button" class="press${style}" ${data}>${escapeHtml(button.text.text)}</button>`;
  return button.confirm === undefined ? pressable : pressable + renderConfirm(button.confirm, button.style);
}

function renderConfirm(confirm: NonNullable<Button['confirm']>, style: string | undefined): string {
  const yes = confirm.style ?? style ?? 'primary';
  return `<dialog class="confirm" aria-label="${escapeHtml(confirm.title.text)}"><h2>${text(confirm.title)}</h2><div class="text">${text(confirm.text)}</div>
<div class="buttons"><button type="button" class="no">${text(confirm.deny)}</button><button type="button" class="yes ${yes}">${text(confirm.confirm)}</button></div></dialog>`;
}

export function renderModal({ id, modal }: OpenModal): string {
  const submit =
    modal.submit === undefined ? '' : `<button type="submit" class="primary">${text(modal.submit)}</button>`;
  return `<form data-view="${escapeHtml(id)}" novalidate aria-label="${escapeHtml(modal.title.text)}"><h2>${text(modal.title)}</h2>
${modal.blocks.map(renderModalBlock).join('')}
<div class="buttons"><button type="button" class="no">${escapeHtml(modal.close?.text ?? 'Cancel')}</button>${submit}</div></form>`;
}

function renderModalBlock(block: ModalBlock, index: number): string {
  if (block.type === 'input') return renderInput(block, index);
  // Buttons inside a modal would need a state that this Slack does not keep.
  if (block.type === 'actions') return '<p class="only">(buttons in a form are not shown by this Slack)</p>';
  return renderBlock(block, NO_MESSAGE);
}

const NO_MESSAGE: StoredMessage = { channel: '', ts: '0', text: '', blocks: [], metadata: null };

function renderInput(block: Extract<Modal['blocks'][number], { type: 'input' }>, index: number): string {
  const { element, label } = block;
  const names = `id="field-${index}" data-block="${escapeHtml(block.block_id ?? '')}" data-action="${escapeHtml(element.action_id)}"`;
  const rules = `${block.optional === true ? '' : 'aria-required="true" '}maxlength="${element.max_length ?? 3_000}"${element.focus_on_load === true ? ' autofocus' : ''}`;
  const value = escapeHtml(element.initial_value ?? '');
  const field =
    element.multiline === true
      ? `<textarea ${names} ${rules} rows="4" aria-describedby="error-${index}">${value}</textarea>`
      : `<input type="text" ${names} ${rules} value="${value}" aria-describedby="error-${index}">`;
  return `<div class="field"><label for="field-${index}">${text(label)}</label>${field}<p class="error" id="error-${index}" role="alert"></p></div>`;
}
