/**
 * The declarations that every cell sees beside TypeScript's and Node's: the global `display`, and tslab's module.
 *
 * @param displayApi The path of display-api, with its extension.
 */
export function ambientDeclarations(displayApi: string): string {
  const file = `import(${JSON.stringify(displayApi)})`;
  return [
    '/** Shows a value, or content that is ready for the page. */',
    `declare const display: ${file}.DisplayApi;`,
    '/** So that notebooks written for tslab run here. */',
    "declare module 'tslab' {",
    `  export const display: ${file}.TslabModule['display'];`,
    `  export const newDisplay: ${file}.TslabModule['newDisplay'];`,
    '}',
    '',
  ].join('\n');
}
