/** What `.help` prints. */
export const HELP = `\
Type TypeScript; a cell ends where its text is complete. The last expression is shown.
  Tab      completes            Ctrl-C   stops the running cell, or drops what is typed
  ↑ ↓      earlier lines        Ctrl-D   leaves
  .help    this text            .exit    leaves

  import * as beam from 'millrace'
  const p = beam.pipeline('numbers')
  p.apply(beam.create([1, 2, 3])).map((x) => x * x)
`;
