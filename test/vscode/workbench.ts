/** The page object of a VS Code window: what a user presses and reads. Every step waits for what it needs. */
import type { Locator, Page } from 'playwright-core';
import { keyOf } from './keys.ts';

/** How long a command may take to be listed. */
const PALETTE_MS = 15_000;

export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Runs a command by its full title: by its key if it has one, otherwise from the palette. */
  async run(title: string): Promise<void> {
    const key = keyOf(title);
    if (key === undefined) await this.runFromPalette(title);
    else await this.page.keyboard.press(key);
  }

  async runFromPalette(title: string): Promise<void> {
    const deadline = performance.now() + PALETTE_MS;
    for (;;) {
      await this.openPalette(title);
      // The palette lists the commands that are known when it opens; those of an extension may come a moment later.
      // A change of focus closes it. A key would then go elsewhere; a click on the row fails.
      if (await comes(this.quickPick(title).click({ timeout: 1500 }))) return;
      if (performance.now() > deadline) throw new Error(`The palette does not list ${title}.`);
    }
  }

  /** Types into quick open. A prefix such as `task ` selects what is searched. */
  async quickOpen(text: string): Promise<void> {
    await this.openPalette('');
    await this.page.locator('.quick-input-widget input').first().fill(text);
  }

  /** Opens a file of the workspace, replaces its text as a user would, and saves it. */
  async edit(name: string, text: string): Promise<void> {
    await this.openPalette('');
    await this.quickInput.locator('input').first().fill(name);
    await this.quickPick(name).click();
    const lines = this.page.locator('.part.editor .editor-instance .view-lines').first();
    await lines.click();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.insertText(text);
    const tab = this.tabs.filter({ hasText: name });
    await tab.and(this.page.locator('.dirty')).waitFor();
    await this.page.keyboard.press('ControlOrMeta+S');
    await tab.and(this.page.locator(':not(.dirty)')).waitFor();
  }

  /** The Problems view. */
  async problems(): Promise<Locator> {
    if (!(await this.panel.locator('.markers-panel').isVisible()))
      await this.run('Problems: Focus on Problems View');
    return this.panel.locator('.markers-panel');
  }

  /** The titles that the palette lists for a text. */
  async palette(text: string): Promise<string[]> {
    await this.openPalette(text);
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    const titles = await this.page.locator('.quick-input-list .monaco-list-row .label-name').allInnerTexts();
    await this.page.keyboard.press('Escape');
    return titles;
  }

  private async openPalette(text: string): Promise<void> {
    const input = this.page
      .locator('.quick-input-widget input[type="text"], .quick-input-widget input')
      .first();
    const deadline = performance.now() + PALETTE_MS;
    for (;;) {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('F1');
      // A web page that loads in an editor takes the focus, which closes the palette.
      const filled = input.fill(`>${text}`, { timeout: 2000 });
      if (await comes(filled)) return;
      if (performance.now() > deadline) throw new Error('The palette does not stay open.');
    }
  }

  /** An entry of the open quick pick, by its full label. */
  quickPick(label: string): Locator {
    const name = this.page.locator('.label-name', { hasText: new RegExp(`^\\W*${literally(label)}$`) });
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ has: name }).first();
  }

  async pick(label: string): Promise<void> {
    await this.quickPick(label).click();
  }

  /** The entries of the quick pick with this placeholder. */
  async quickPicks(question: string): Promise<string[]> {
    await this.page.locator(`.quick-input-widget input[placeholder*="${question}"]`).waitFor();
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    return this.page.locator('.quick-input-list .monaco-list-row .label-name').allInnerTexts();
  }

  /** The box of the palette, quick picks and input boxes. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  async debugConsoleShows(pattern: RegExp): Promise<void> {
    await this.page.locator('.repl .monaco-list-row').filter({ hasText: pattern }).first().waitFor();
  }

  /** Answers the input box with this prompt. */
  async answer(prompt: RegExp, text: string): Promise<void> {
    await this.page.locator('.quick-input-widget').filter({ hasText: prompt }).waitFor();
    await this.page.locator('.quick-input-widget input').first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Answers again after a refusal, which is shown in place of the prompt. */
  async retype(text: string): Promise<void> {
    await this.quickInput.locator('input').first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** A status bar item by its text. */
  status(text: RegExp | string): Locator {
    return this.page.locator('.part.statusbar .statusbar-item').filter({ hasText: text });
  }

  async statusTexts(): Promise<string[]> {
    const texts = await this.page.locator('.part.statusbar .statusbar-item').allInnerTexts();
    return texts.map((text) => text.trim()).filter((text) => text !== '');
  }

  async openView(): Promise<void> {
    const view = this.page.locator(
      '.part.sidebar .pane-body, .part.sidebar .tree-explorer-viewlet-tree-view',
    );
    const title = this.page.locator('.part.sidebar .title-label', { hasText: 'Concurrent Server' });
    if (!(await title.isVisible())) {
      await this.page.locator('.activitybar .action-item [aria-label^="Concurrent Server"]').first().click();
    }
    await title.waitFor();
    await view.first().waitFor();
  }

  /** A row of the tree, by its text: label and description. */
  row(text: RegExp | string): Locator {
    return this.page.locator('.part.sidebar .monaco-list-row').filter({ hasText: text });
  }

  /** The accessibility labels of the rows. */
  async rowLabels(): Promise<string[]> {
    const rows = await this.page.locator('.part.sidebar .monaco-list-row').all();
    return Promise.all(rows.map(async (row) => (await row.getAttribute('aria-label')) ?? ''));
  }

  /** The accessibility labels of the status bar items. */
  async statusLabels(): Promise<string[]> {
    const items = await this.page.locator('.part.statusbar .statusbar-item').all();
    return Promise.all(
      items.map(async (item) => {
        const label = await item.getAttribute('aria-label');
        return label ?? (await item.locator('a').first().getAttribute('aria-label')) ?? '';
      }),
    );
  }

  /** Waits until the clipboard contains a text. */
  async clipboardHas(text: string): Promise<void> {
    await this.page.waitForFunction(
      `navigator.clipboard.readText().then((now) => now === ${JSON.stringify(text)})`,
    );
  }

  /** Presses a button that appears when the mouse is over the row. */
  async inline(row: Locator, title: RegExp): Promise<void> {
    await row.hover();
    await row.getByRole('button', { name: title }).first().click();
  }

  /** Picks from a row's context menu. */
  async menu(row: Locator, item: string): Promise<void> {
    await row.click({ button: 'right' });
    // A menu ignores clicks for a moment after it opens.
    await this.page.locator('.context-view .monaco-menu .action-label', { hasText: item }).first().hover();
    await this.page.keyboard.press('Enter');
  }

  /** Terminal, output, problems. */
  get panel(): Locator {
    return this.page.locator('.part.panel');
  }

  /** Tabs of the editors. */
  get tabs(): Locator {
    return this.page.locator('.part.editor .tabs-container .tab');
  }

  /** Waits until the open output channel shows a text. */
  async outputShows(pattern: RegExp): Promise<void> {
    // Spaces in an editor are non-breaking.
    const text = new RegExp(pattern.source.replaceAll(' ', '\\s'));
    await this.panel.locator('.view-line').filter({ hasText: text }).first().waitFor();
  }

  notification(text: RegExp | string): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text });
  }

  /** All notifications but VS Code's own about forwarded ports, which may come at any time. */
  get notifications(): Locator {
    return this.notification(/^(?!.*\bon port \d+ is available)/s);
  }

  async press(notification: Locator, button: string): Promise<void> {
    await notification.getByRole('button', { name: button, exact: true }).click();
  }

  get welcome(): Locator {
    return this.page.locator('.part.sidebar .welcome-view-content');
  }

  /** The text of the visible terminal. */
  async terminalText(): Promise<string> {
    return (await this.page.locator('.part.panel .xterm-rows:visible').allInnerTexts()).join('\n');
  }

  /** Follows a link in the open terminal with Ctrl, or Cmd, and a click. */
  async followLink(text: string): Promise<void> {
    const span = this.page.locator('.part.panel .xterm-rows:visible span').filter({ hasText: text }).first();
    await span.waitFor();
    const [whole, box] = [await span.textContent(), await span.boundingBox()];
    if (box === null || whole === null) throw new Error(`${text} is out of sight.`);
    const x = box.x + (box.width / whole.length) * (whole.indexOf(text) + text.length / 2);
    const y = box.y + box.height / 2;
    // VS Code finds links under a moving mouse, and shows a hover about them.
    const hover = this.page.locator('.workbench-hover .rendered-markdown');
    do {
      await this.page.mouse.move(x - 8, y);
      await this.page.mouse.move(x, y);
    } while (!(await isShown(hover.first())));
    const key = process.platform === 'darwin' ? 'Meta' : 'Control';
    await this.page.keyboard.down(key);
    await this.page.mouse.click(x, y);
    await this.page.keyboard.up(key);
    await this.page.bringToFront();
    await this.page.mouse.move(x, 10);
    await hover.first().waitFor({ state: 'hidden' });
  }

  /** Waits until the open terminal shows a text. */
  async terminalShows(pattern: RegExp): Promise<void> {
    await this.page.locator('.part.panel .xterm-rows:visible').filter({ hasText: pattern }).first().waitFor();
  }
}

/** Whether it appears within `withinMs`. */
export function shows(locator: Locator, withinMs: number): Promise<boolean> {
  return comes(locator.waitFor({ timeout: withinMs }));
}

function comes(step: Promise<void>): Promise<boolean> {
  return step.then(
    () => true,
    () => false,
  );
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Whether it shows within a moment. */
function isShown(locator: Locator): Promise<boolean> {
  return locator.waitFor({ timeout: 2000 }).then(
    () => true,
    () => false,
  );
}
