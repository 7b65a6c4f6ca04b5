import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capture, Elsewhere } from './ship.ts';

let elsewhere: Elsewhere;
beforeAll(() => {
  elsewhere = new Elsewhere();
});
afterAll(() => elsewhere.close());

test('captureModule() ships the entries of a WeakMap and a WeakSet whose key ships anyway', async () => {
  const [a, b, c, lost] = [{ n: 'a' }, { n: 'b' }, { n: 'c' }, { n: 'lost' }];
  // c ships only as what b leads to, and its own entry only for that.
  const map = new WeakMap<object, unknown>([
    [c, 'end'],
    [b, c],
    [a, b],
    [lost, 'never there'],
  ]);
  const set = new WeakSet<object>([a, c, lost, Math]);
  const captured = await capture({ map, set, a });
  const probe = `const { map, set, a } = shipped; const b = map.get(a); const c = map.get(b);
    return JSON.stringify([b, c, map.get(c), [a, b, c, Math].map((key) => set.has(key))]);`;
  expect(await elsewhere.probe(captured, probe)).toBe(`'[{"n":"b"},{"n":"c"},"end",[true,false,true,true]]'`);
  expect(captured.code).not.toContain('lost');
});

test('captureModule() ships a WeakMap that is a value of its own', async () => {
  const map = new WeakMap<object, unknown>();
  map.set(map, map);
  const captured = await capture(map);
  expect(await elsewhere.probe(captured, 'return shipped.get(shipped) === shipped;')).toBe('true');
});

test('captureModule() ships the same bytes, in whatever order a WeakSet lists its entries', async () => {
  const made = () => {
    const keys = Array.from({ length: 50 }, (_, n) => ({ n }));
    return { set: new WeakSet([Math, JSON, ...keys]), keys };
  };
  expect((await capture(made())).sha256).toBe((await capture(made())).sha256);
});

test('captureModule() ships what a package made with a registry of which prototypes are complete', async () => {
  const folder = join(elsewhere.directory, 'node_modules', 'schemas');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "schemas", "version": "4.0.0", "type": "module" }');
  writeFileSync(
    join(folder, 'core.js'),
    `export function $constructor(name, initializer, members) {
      const initialized = members && new WeakSet();
      function init(inst, def) {
        inst.traits ??= new Set();
        if (inst.traits.has(name)) return;
        inst.traits.add(name);
        initializer(inst, def);
        const own = Object.getPrototypeOf(inst);
        if (!initialized.has(own)) {
          initialized.add(own);
          for (const key of Object.keys(members)) {
            if (Object.hasOwn(own, key)) throw new TypeError(key + ' is there already');
            own[key] = members[key];
          }
        }
      }
      function Definition(def) { init(this, def); }
      Object.defineProperty(Definition, 'init', { value: init });
      Object.defineProperty(Definition, Symbol.hasInstance, { value: (inst) => inst?.traits?.has(name) === true });
      return Definition;
    }`,
  );
  const index = join(folder, 'index.js');
  writeFileSync(
    index,
    `import { $constructor } from './core.js';
    export const Text = $constructor('Text', (inst, def) => { inst.def = def; }, {
      parse(value) { if (typeof value !== 'string') throw new TypeError('no text'); return value; },
      copy() { return new Text(this.def); },
    });
    export const text = (def) => new Text(def);`,
  );
  const { text } = (await import(pathToFileURL(index).href)) as { text: (def: object) => Schema };
  const schema = text({ min: 1 });
  const captured = await capture(
    (value: unknown) => [schema.parse(value), schema.copy().copy().parse(value)],
    {
      directory: elsewhere.directory,
    },
  );
  expect(await elsewhere.probe(captured, 'return shipped("x");')).toContain("'x', 'x'");
});

interface Schema {
  parse(value: unknown): unknown;
  copy(): Schema;
}
