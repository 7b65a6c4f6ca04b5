// Makes the two PNGs from logo-svg.svg: node kernel/src/kernelspec/logo/render.mjs (needs Chromium).
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const svg = readFileSync(file('logo-svg.svg'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
for (const size of [32, 64]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<body style="margin:0"><style>svg{display:block}</style>${svg.replace('<svg', `<svg width="${size}" height="${size}"`)}`,
  );
  await page.screenshot({ path: file(`logo-${size}x${size}.png`), omitBackground: true });
}
await browser.close();
