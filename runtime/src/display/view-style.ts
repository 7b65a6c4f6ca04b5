/**
 * The style sheet of our HTML views, scoped to `.millrace`: one in each output, as an output stands alone.
 *
 * Colours are JupyterLab's variables with fallbacks, so a view follows the theme. The class stands twice in each
 * selector to outweigh JupyterLab's own rules for tables.
 */
const RULES: Readonly<Record<string, string>> = {
  '': 'font:13px/1.45 var(--jp-ui-font-family,system-ui,-apple-system,"Segoe UI",sans-serif);color:var(--jp-content-font-color1,#222);max-width:1200px;--mr-line:var(--jp-border-color2,#8884);--mr-dim:var(--jp-content-font-color2,#6b7280);--mr-accent:var(--jp-brand-color1,#2f7bd0)',
  ' .mr-head': 'display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 10px;margin:2px 0 6px',
  ' .mr-name': 'font-weight:600;font-size:14px',
  ' .mr-type':
    'font-family:var(--jp-code-font-family,ui-monospace,monospace);font-size:12px;color:var(--mr-dim)',
  ' .mr-dim': 'color:var(--mr-dim)',
  ' .mr-badge':
    'border-radius:9px;padding:0 8px;font-size:11.5px;line-height:18px;background:#c98a1b;color:#1a1205',
  ' .mr-scroll': 'overflow:auto;max-height:420px;border:1px solid var(--mr-line);border-radius:6px',
  ' .mr-scroll:focus-visible': 'outline:2px solid var(--mr-accent);outline-offset:1px',
  ' table.mr-grid':
    'border-collapse:separate;border-spacing:0;margin:0;width:100%;table-layout:auto;font-size:12.5px;border:0;font-variant-numeric:tabular-nums',
  ' table.mr-grid tr': 'background:none',
  ' table.mr-grid tbody tr:hover': 'background:var(--jp-layout-color2,#8881)',
  ' table.mr-grid th':
    'position:sticky;top:0;z-index:1;background:var(--jp-layout-color1,Canvas);border-bottom:1px solid var(--mr-line);text-align:left;vertical-align:top;padding:5px 10px;font-weight:600;white-space:nowrap',
  ' table.mr-grid th small': 'display:block;font-weight:400;font-size:11px;color:var(--mr-dim)',
  ' table.mr-grid td':
    'border-bottom:1px solid var(--jp-border-color3,#8882);text-align:left;vertical-align:top;padding:3px 10px;max-width:34em;overflow:hidden;text-overflow:ellipsis;white-space:nowrap',
  ' table.mr-grid tbody tr:last-child td': 'border-bottom:0',
  ' table.mr-grid .mr-n': 'text-align:right',
  ' table.mr-grid .mr-z': 'color:var(--mr-dim);font-style:italic',
  ' table.mr-grid img': 'display:block;margin:0;max-width:none',
  ' .mr-sort':
    'all:unset;cursor:pointer;display:block;width:100%;text-align:inherit;box-sizing:border-box;user-select:none',
  ' .mr-sort:focus-visible,.millrace.millrace .mr-bar button:focus-visible,.millrace.millrace .mr-tabs button:focus-visible':
    'outline:2px solid var(--mr-accent);outline-offset:1px;border-radius:3px',
  ' th[aria-sort=ascending] .mr-label::after': 'content:" ▲";font-size:9px;color:var(--mr-accent)',
  ' th[aria-sort=descending] .mr-label::after': 'content:" ▼";font-size:9px;color:var(--mr-accent)',
  ' .mr-bar':
    'display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px;margin-top:5px;font-size:12px;color:var(--mr-dim)',
  ' .mr-bar button,.millrace.millrace .mr-bar select':
    'font:inherit;color:inherit;background:none;border:1px solid var(--mr-line);border-radius:4px;padding:0 7px;height:22px;cursor:pointer',
  ' .mr-bar select option': 'color:#222;background:#fff',
  ' .mr-bar button:disabled': 'opacity:.35;cursor:default',
  ' .mr-tabs': 'display:flex;gap:14px;margin:0 0 6px;border-bottom:1px solid var(--mr-line)',
  ' .mr-tabs button':
    'all:unset;cursor:pointer;padding:2px 1px 4px;font-size:12.5px;color:var(--mr-dim);border-bottom:2px solid transparent;margin-bottom:-1px',
  ' .mr-tabs button[aria-selected=true]': 'color:inherit;border-bottom-color:var(--mr-accent)',
  ' .mr-caption': 'font-weight:600;font-size:12.5px;margin:10px 0 4px',
  ' .mr-ready .mr-caption': 'display:none',
  ' .mr-columns': 'display:flex;flex-wrap:wrap;gap:10px 22px;align-items:flex-start',
  ' .mr-main': 'flex:1 1 360px;min-width:0',
  // A table that is wide has the whole line, where there is no room for it beside the chart.
  ' .mr-main.mr-wide': 'flex-basis:660px',
  ' .mr-side': 'flex:0 1 420px;min-width:260px',
  ' .mr-section': 'margin-top:10px',
};

/** The `<style>` element that each HTML view begins with. */
export const VIEW_STYLE = `<style>${Object.entries(RULES)
  .map(([selector, rules]) => `.millrace.millrace${selector}{${rules}}`)
  .join('')}</style>`;
