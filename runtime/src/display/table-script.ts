/**
 * The script of a table: pages, sorting and tabs, within the element that the script stands in.
 *
 * It runs in the browser, so it is text here. It builds its controls itself: where scripts are removed there are no
 * dead buttons. It writes data by textContent alone, never as HTML. JupyterLab's shortcuts are off inside, else Enter
 * on a button would enter the cell above.
 */
export const TABLE_SCRIPT = String.raw`
(() => {
  const root = document.currentScript && document.currentScript.parentElement;
  if (!root || root.classList.contains('mr-ready')) return;
  const data = JSON.parse(root.querySelector('script.mr-data').textContent);
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  root.classList.add('mr-ready');
  root.dataset.lmSuppressShortcuts = 'true';
  const table = root.querySelector('table.mr-rows');
  const headers = table ? [...table.tHead.rows[0].cells].slice(0, data.numeric.length) : [];
  let order = data.cells.map((_, index) => index);
  let sort = { column: -1, direction: 1 };
  let page = 0;
  let size = 10;

  const isAbsent = (cell) => cell === null || typeof cell === 'object';
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const reorder = () => {
    order = data.cells.map((_, index) => index);
    const { column, direction } = sort;
    if (column < 0) return;
    const isNumeric = data.numeric[column];
    const isLast = (cell) => isAbsent(cell) || (isNumeric && Number.isNaN(Number(cell)));
    order.sort((i, j) => {
      const a = data.cells[i][column], b = data.cells[j][column];
      // What has no value stays at the end, whichever way the column is sorted.
      if (isLast(a) || isLast(b)) return isLast(a) - isLast(b) || i - j;
      const order = isNumeric ? compare(Number(a), Number(b)) : compare(String(a), String(b));
      return direction * order || i - j;
    });
  };
  const cellOf = (cell, column) => {
    const text = isAbsent(cell) ? (cell === null ? 'null' : '') : String(cell);
    const element = make('td', { textContent: text });
    element.className = (isAbsent(cell) ? 'mr-z ' : '') + (data.numeric[column] ? 'mr-n' : '');
    if (text.length > 40) element.title = text;
    return element;
  };
  const button = (label, text, action) =>
    make('button', { type: 'button', textContent: text, title: label, ariaLabel: label, onclick: action });
  const status = make('span', { role: 'status' });
  status.setAttribute('aria-live', 'polite');
  const go = (to) => () => { page = to(); draw(); };
  const last = () => Math.max(0, Math.ceil(order.length / size) - 1);
  const controls = [
    button('First page', '«', go(() => 0)),
    button('Previous page', '‹', go(() => Math.max(0, page - 1))),
    button('Next page', '›', go(() => Math.min(last(), page + 1))),
    button('Last page', '»', go(last)),
  ];
  const draw = () => {
    const start = page * size;
    const rows = order.slice(start, start + size);
    table.tBodies[0].replaceChildren(...rows.map((index) => make('tr', {}, ...data.cells[index].map(cellOf))));
    const format = (number) => number.toLocaleString('en-US');
    status.textContent = format(start + 1) + '–' + format(start + rows.length) + ' of ' + format(order.length) +
      (data.isCut ? ' shown' + (sort.column >= 0 ? ', sorted within these' : '') : '');
    controls[0].disabled = controls[1].disabled = page === 0;
    controls[2].disabled = controls[3].disabled = page >= last();
    headers.forEach((header, column) => {
      const state = column !== sort.column ? 'none' : sort.direction > 0 ? 'ascending' : 'descending';
      header.setAttribute('aria-sort', state);
    });
  };
  headers.forEach((header, column) => {
    const sorter = make('button', { type: 'button', className: 'mr-sort', title: 'Sort by this column' });
    sorter.append(...header.childNodes);
    sorter.onclick = () => {
      const isSame = sort.column === column;
      if (isSame && sort.direction < 0) sort = { column: -1, direction: 1 };
      else sort = { column, direction: isSame ? -1 : 1 };
      page = 0;
      reorder();
      draw();
    };
    header.append(sorter);
  });
  if (table && data.cells.length > 0) {
    const sizes = make('select', { ariaLabel: 'Rows per page' });
    for (const count of [10, 25, 50, 100]) sizes.append(make('option', { value: count, textContent: count + ' rows' }));
    sizes.onchange = () => { size = Number(sizes.value); page = 0; draw(); };
    const bar = root.querySelector('.mr-bar');
    if (data.cells.length > 10) bar.replaceChildren(...controls, status, sizes);
    draw();
  }

  const panels = [...root.querySelectorAll('.mr-panel')];
  if (panels.length > 1) {
    const tabs = panels.map((panel) =>
      make('button', { type: 'button', role: 'tab', textContent: panel.dataset.title }));
    const show = (chosen) => tabs.forEach((tab, index) => {
      const isChosen = index === chosen;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      panels[index].hidden = !isChosen;
    });
    tabs.forEach((tab, index) => {
      tab.onclick = () => show(index);
      tab.onkeydown = (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = (index + step + tabs.length) % tabs.length;
        show(next);
        tabs[next].focus();
      };
      panels[index].setAttribute('role', 'tabpanel');
      panels[index].setAttribute('aria-label', panels[index].dataset.title);
    });
    const list = make('div', { className: 'mr-tabs', role: 'tablist' }, ...tabs);
    panels[0].before(list);
    show(0);
  }
})();
`;
