/**
 * The declarations that every cell sees beside TypeScript's and Node's: the global `display`, and tslab's module.
 *
 * @param displayApi The path of display-api, with its extension.
 */
export function ambientDeclarations(displayApi: string): string {
  const api = `import(${JSON.stringify(displayApi)}).DisplayApi`;
  return [
    '/** Shows a value, or content that is ready for the page. */',
    `declare const display: ${api};`,
    '/** So that notebooks written for tslab run here. */',
    "declare module 'tslab' {",
    `  export const display: ${api};`,
    '}',
    '',
  ].join('\n');
}
