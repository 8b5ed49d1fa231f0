import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  atLeast, Check, CheckLevel, ColumnProfilerRunner, ConstraintSuggestionRunner, Rules, VerificationSuite,
} from '../../src/index.js';
import { htmlOf } from '../../src/report/formats.js';
import { profileReport } from '../../src/report/profile.js';
import { suggestionReport } from '../../src/report/suggestions.js';
import { verificationReport } from '../../src/report/verification.js';
import { openPage } from './open-page.js';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const skipped = !existsSync(executablePath) && process.env.CI_BROWSER !== '1';
const HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

describe.skipIf(skipped)('pages of reports in a browser', () => {
  let folder: string;
  let browser: Browser;
  const pages: Record<string, string> = {};
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'reports-'));
    const rows = Array.from({ length: 40 }, (_, i) => ({ id: i % 39, name: i === 7 ? null : `${HOSTILE}${i % 4}`, price: i / 7 }));
    const result = await VerificationSuite().onData(rows).addCheck(Check(CheckLevel.Error, `Check ${HOSTILE}`)
      .hasCompleteness('name', atLeast(0.99), { hint: HOSTILE }).isUnique('id').hasSize(atLeast(1))
      .hasHistogramValues('name', (d) => d.numberOfBins > 0)).withRowLevelResults().run();
    const examples = { columns: ['name'], rows: [[HOSTILE], [null]], more: true };
    const report = verificationReport(result, { table: HOSTILE, examples: (r) => (r.outcome === 'failed' ? examples : null) });
    const profiles = await ColumnProfilerRunner().onData(rows).withKLLProfiling().run();
    const fresh = rows.map((row) => ({ ...row, price: row.price + 1 }));
    const suggested = await ConstraintSuggestionRunner().onData(rows).withTestData(fresh).addConstraintRules(Rules.ALL).run();
    const suggestions = suggestionReport(suggested, { table: HOSTILE });
    const texts = [['verification', report], ['profile', profileReport(profiles)], ['suggestions', suggestions]] as const;
    for (const [name, text] of texts.map(([of, made]) => [of, htmlOf(made)] as const)) {
      writeFileSync(join(folder, `${name}.html`), text);
      pages[name] = pathToFileURL(join(folder, `${name}.html`)).href;
    }
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'], timeout: 0 });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['verification', 'profile', 'suggestions'])('%s: what users wrote stays text, and nothing is loaded', async (name) => {
    const page = await openPage(browser);
    const said: string[] = [];
    const asked: string[] = [];
    page.on('dialog', (dialog) => { said.push(dialog.message()); void dialog.dismiss(); });
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pages[name]!);
    expect(said).toEqual([]);
    expect(asked).toEqual([pages[name]]);
    expect(await page.locator('img, script').count()).toBe(0);
    expect(await page.getByText('<img src=x onerror="alert(1)">').count()).toBeGreaterThan(0);
    await page.close();
  });

  test('says the verdict first, to screen readers too', async () => {
    const page = await openPage(browser);
    await page.goto(pages['verification']!);
    expect(await page.getByRole('status').innerText()).toMatch(/Failed\s+2 passed, 2 failed/);
    const table = page.getByRole('table').first();
    expect(await table.getByRole('columnheader').allInnerTexts()).toEqual(['constraint', 'outcome', 'value', 'required', 'note']);
    expect(await table.getByRole('rowheader').first().innerText()).toBe('Completeness(name)');
    expect(await page.getByRole('img', { name: /0\.975, bounds 0\.99/ }).count()).toBe(1);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.close();
  });

  test('of suggestions say which did not hold, and show the module', async () => {
    const page = await openPage(browser);
    await page.goto(pages['suggestions']!);
    expect(await page.getByRole('status').innerText()).toMatch(/^!\s+\d+ suggestions for 3 columns\s+\d+ suggestions held .*, 2 suggestions did not\s+tried on 40 other rows$/);
    const odd = page.getByRole('region', { name: 'What did not hold' }).getByRole('row');
    expect((await odd.allInnerTexts()).map((row) => row.split(/\t/)[0])).toEqual(['column', 'id', 'price']);
    expect(await odd.nth(1).innerText()).toContain(".isUnique('id')");
    const all = page.getByRole('region', { name: 'What held', exact: true });
    expect(await all.getByRole('row').filter({ hasText: ".isUnique('id')" }).count()).toBe(0);
    const range = all.getByRole('row').filter({ hasText: '.isContainedIn' }).first();
    expect(await range.getByText('<img src=x onerror="alert(1)"><script>alert(2)</script>3', { exact: false }).last().isVisible()).toBe(false);
    await range.locator('summary').press('Enter');
    expect(await range.locator('details > code').innerText()).toContain(`${HOSTILE}3`);
    const code = await page.locator('pre').first().innerText();
    expect(code).toContain("import { Check, CheckLevel,");
    expect(code).toContain(`// Suggested for ${HOSTILE}.`);
    expect(code).toMatch(/\/\/ Left out:\n\/\/ +'id' is unique \(id; on the data: failed \(0\.95\)\)/);
    await page.close();
  });

  test.each(['light', 'dark'] as const)('fits narrow screens and can be read in %s', async (colorScheme) => {
    for (const name of ['verification', 'profile', 'suggestions']) {
      const page = await openPage(browser, { colorScheme, viewport: { width: 360, height: 640 } });
      await page.goto(pages[name]!);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(360);
      expect(await page.evaluate(contrastOfText), `${name} in ${colorScheme}`).toBeGreaterThan(4.5);
      await page.close();
    }
  });
});

/** The least contrast (WCAG 2) of texts against what lies behind them. */
function contrastOfText(): number {
  const luminance = (colour: number[]) => {
    const [r, g, b] = colour.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const numbers = (text: string) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const behind = (element: Element | null): number[] => {
    if (!element) return [255, 255, 255];
    const colour = numbers(getComputedStyle(element).backgroundColor);
    return colour.length === 4 && colour[3] === 0 ? behind(element.parentElement) : colour.slice(0, 3);
  };
  let least = 21;
  for (const element of document.querySelectorAll('main *:not(svg *)')) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent!.trim() !== '');
    if (!own || element.closest('svg')) continue;
    const [a, b] = [luminance(numbers(getComputedStyle(element).color).slice(0, 3)), luminance(behind(element))];
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
}
