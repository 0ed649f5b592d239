// The lesion table: sortable by each column, with the first rows at once and all when asked for.
import { element, filled, made } from './dom.js';

const rows_at_first = 100;

/** A number as the report writes it: a minus sign as long as a digit is wide. */
const number_text = (value, decimals) => value.toFixed(decimals).replace('-', '\u2212');

const largest = (value) => (Array.isArray(value) ? Math.max(...value) : value);

export class LesionTable {
  /** `on_choose(id)` is called when a reader chooses a lesion. */
  constructor(data, on_choose) {
    this.data = data;
    this.words = data.words;
    this.on_choose = on_choose;
    this.table = element('lesion-table');
    this.body = this.table.tBodies[0];
    this.order = data.lesions.map((_, i) => i);
    this.sorted = { column: 0, up: true };
    this.most = rows_at_first;
    this.chosen = 0;
    if (data.lesions.length === 0) return this.say_none();
    this.draw_head();
    this.draw();
    this.listen();
  }

  say_none() {
    element('table-hint').hidden = true;
    element('table-region').replaceWith(made('p', this.words.no_lesions));
  }

  draw_head() {
    const row = this.table.tHead.rows[0];
    this.data.columns.forEach((column, i) => {
      const head = made('th', '', { scope: 'col' });
      const button = made('button', column.name, { type: 'button' });
      button.addEventListener('click', () => this.sort(i));
      head.append(button);
      row.append(head);
    });
  }

  sort(column) {
    const { columns, lesions } = this.data;
    // Numbers from 1 on run upwards at first, measures downwards.
    const again = this.sorted.column === column;
    const up = again ? !this.sorted.up : columns[column].up === true;
    this.sorted = { column, up };
    const value = (i) => largest(lesions[i].values[column]) ?? -Infinity;
    this.order.sort((a, b) => (up ? 1 : -1) * (value(a) - value(b)) || a - b);
    this.draw();
  }

  cell_text(value, column) {
    if (value === null) return this.words.not_given;
    if (Array.isArray(value)) {
      return value.map((v) => number_text(v, column.decimals)).join(' × ');
    }
    return number_text(value, column.decimals);
  }

  row_of(lesion) {
    const row = made('tr', '', { 'data-lesion': lesion.id });
    if (lesion.id === this.chosen) row.setAttribute('aria-current', 'true');
    this.data.columns.forEach((column, i) => {
      const text = this.cell_text(lesion.values[i], column);
      const cell = made('td', i === 0 ? '' : text);
      if (i === 0) {
        cell.append(made('button', text,
          { type: 'button', 'aria-label': filled(this.words.show_lesion, lesion.id) }));
      }
      row.append(cell);
    });
    return row;
  }

  draw() {
    const { lesions } = this.data;
    const rows = document.createDocumentFragment();
    for (const i of this.order.slice(0, this.most)) rows.append(this.row_of(lesions[i]));
    this.body.replaceChildren(rows);
    [...this.table.tHead.rows[0].cells].forEach((head, i) => {
      if (i !== this.sorted.column) return head.removeAttribute('aria-sort');
      return head.setAttribute('aria-sort', this.sorted.up ? 'ascending' : 'descending');
    });
    element('table-more').hidden = lesions.length <= rows_at_first;
    element('table-all').hidden = this.most >= lesions.length;
    element('table-all').textContent = filled(this.words.show_all, lesions.length);
    element('table-shown').textContent = filled(this.words.shown_of,
      Math.min(this.most, lesions.length), lesions.length);
  }

  /** Marks a lesion's row, and brings it into the table's view; 0 marks none. */
  mark(id) {
    this.chosen = id;
    for (const row of this.body.rows) {
      const chosen = +row.dataset.lesion === id;
      row.toggleAttribute('aria-current', chosen);
      if (!chosen) continue;
      row.setAttribute('aria-current', 'true');
      // The table's own box alone moves, never the page.
      const box = element('table-region');
      const head = this.table.tHead.offsetHeight;
      if (row.offsetTop < box.scrollTop + head) box.scrollTop = row.offsetTop - head;
      const below = row.offsetTop + row.offsetHeight - box.clientHeight;
      if (below > box.scrollTop) box.scrollTop = below;
    }
  }

  listen() {
    this.body.addEventListener('click', (event) => {
      const row = event.target.closest('tr');
      if (row) this.on_choose(+row.dataset.lesion);
    });
    this.body.addEventListener('keydown', (event) => {
      const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
      const button = step && event.target.closest('tr')?.[step]?.querySelector('button');
      if (!button) return;
      event.preventDefault();
      button.focus();
    });
    element('table-all').addEventListener('click', () => {
      this.most = this.data.lesions.length;
      this.draw();
      element('table-region').focus();
    });
  }
}
