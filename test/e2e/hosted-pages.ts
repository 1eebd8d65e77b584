import type { Page } from 'playwright-core';
import type { TestCloud } from '../support/test-cloud.ts';

/** What a person does on the pages of Cognito and Stripe, by their labels. */

const PASSWORD = 'Correct-horse-7-battery';

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** What has arrived for an address, newest first. */
export async function mailsTo({ instance }: TestCloud, email: string): Promise<readonly Mail[]> {
  const response = await fetch(`${instance.inboxUrl}/api/messages?to=${encodeURIComponent(email)}`);
  return ((await response.json()) as { messages: Mail[] }).messages;
}

/** From the page that asks who signs in, which a page for signed-in people leads to, by the hosted sign-in. */
export async function signInByPassword(page: Page, email: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Password').first().fill(PASSWORD);
  await page.getByRole('button', { name: /sign in/i }).click();
}

async function codeFor(test: TestCloud, email: string): Promise<string> {
  return /\b(\d{6})\b/.exec(JSON.stringify(await mailsTo(test, email)))?.[1] ?? '';
}

/** From the hosted sign-up to the registration, with the code that was mailed. */
export async function signUp(
  page: Page,
  test: TestCloud,
  email: string,
  screenshot: (name: string) => Promise<unknown>,
): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await screenshot('hosted-sign-up');
  await page.locator('form button[type=submit], form button:not([type])').first().click();
  await page.waitForURL(/\/confirm/);
  await screenshot('hosted-confirm');
  await page.getByLabel(/code/i).fill(await codeFor(test, email));
  await page.locator('form button').first().click();
  await page.waitForURL(/\/register/);
}

/** Types a card into the form of a hosted page. */
export async function typeCard(page: Page, number: string): Promise<void> {
  await page.getByLabel(/card number/i).fill(number);
  await page.getByLabel(/expir/i).fill('12 / 34');
  await page.getByLabel(/cvc|security code/i).fill('123');
}

/** Pays on the hosted checkout, which leads back to the site. */
export async function payByCard(page: Page, number: string): Promise<void> {
  await typeCard(page, number);
  const name = page.getByLabel(/name/i);
  if ((await name.count()) > 0) await name.first().fill('Ada Founder');
  await page.getByRole('button', { name: /pay|subscribe|start trial/i }).click();
  await page.waitForURL(/\/onboarding/);
}
