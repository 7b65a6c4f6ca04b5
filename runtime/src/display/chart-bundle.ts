import type * as VegaLite from 'vega-lite';
import { type Chart } from './chart.ts';
import { vegaLiteSpec, type VegaLiteSpec } from './chart-spec.ts';
import { chartText } from './chart-text.ts';
import type { MimeBundle } from './mime-bundle.ts';

/**
 * A chart as JupyterLab's own interactive Vega-Lite view, with a static picture and text beside it.
 *
 * There is no text/html in it, on purpose: JupyterLab prefers HTML (rank 50) to Vega-Lite (57), and Vega-Lite to SVG
 * (80), while nbconvert takes the SVG. Loading Vega for the picture takes 0.4 s, once.
 */
export async function chartBundle(chart: Chart): Promise<MimeBundle> {
  const spec = vegaLiteSpec(chart);
  return {
    data: {
      'application/vnd.vegalite.v5+json': spec,
      'image/svg+xml': await renderSpec(spec),
      'text/plain': chartText(chart),
    },
  };
}

/** Draws a Vega-Lite spec as SVG, in Node, without a canvas. */
export async function renderSpec(spec: VegaLiteSpec): Promise<string> {
  const [vega, compile] = await Promise.all([import('vega'), loadCompile()]);
  // The compiler is of version 6, which reads specs of version 5; only the version note would be warned of.
  const rest = Object.fromEntries(Object.entries(spec).filter(([key]) => key !== '$schema'));
  // Specs are made by vegaLiteSpec; compile() throws on what is none.
  const compiled = compile(rest as unknown as Parameters<typeof compile>[0]);
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none', logLevel: vega.Error });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

type Compile = typeof VegaLite.compile;

let compiler: Promise<Compile> | undefined;

/**
 * Vega-Lite's compiler. Loading it gives Set a toJSON, for keys of its own (src/util.ts), which a user's JSON.stringify would
 * see: it is there only while it compiles. One that was there before, also as the user has loaded Vega-Lite, stays.
 */
function loadCompile(): Promise<Compile> {
  compiler ??= (async (): Promise<Compile> => {
    const before = toJSONOfSet();
    const { compile: original } = await import('vega-lite');
    const own = toJSONOfSet();
    if (before !== undefined || own === undefined) return original;
    Reflect.deleteProperty(Set.prototype, 'toJSON');
    return (...args: Parameters<Compile>) => {
      const others = toJSONOfSet();
      Object.defineProperty(Set.prototype, 'toJSON', own);
      try {
        return original(...args);
      } finally {
        if (others === undefined) Reflect.deleteProperty(Set.prototype, 'toJSON');
        else Object.defineProperty(Set.prototype, 'toJSON', others);
      }
    };
  })();
  return compiler;
}

function toJSONOfSet(): PropertyDescriptor | undefined {
  return Object.getOwnPropertyDescriptor(Set.prototype, 'toJSON');
}
