import type { MimeBundle } from './mime-bundle.ts';
import { statistics } from './statistics.ts';
import { tableBody, tableHead } from './table-html.ts';
import { tableData } from './table-data.ts';
import { tableText } from './table-text.ts';
import type { TableView } from './table-view.ts';
import { VIEW_STYLE } from './view-style.ts';

/**
 * Elements as a paged, sortable table with column statistics; aligned text in a terminal.
 *
 * At most 1,000 rows and about 256 KB of data go into the output, and it says so. Where scripts are removed (a
 * notebook that is not trusted, nbconvert) the first page and the statistics still stand.
 */
export function tableBundle(view: TableView): MimeBundle {
  const data = tableData(view);
  const summary = view.statistics ?? statistics(view.rows, data.schema);
  return {
    data: {
      'text/html': `<div class="millrace">${VIEW_STYLE}${tableHead(view, data)}${tableBody(view, data, summary)}</div>`,
      'text/plain': tableText(view, data),
    },
  };
}
