import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A new page that waits as long as its test may take: how fast a browser is tells nothing on a busy machine. */
export async function openPage(browser: Browser, options?: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(0);
  return page;
}
