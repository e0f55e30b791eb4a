/** Lines that are kept. */
const KEPT = 2000;

/** What the program itself has to tell: of its settings, its history, its library. The last lines, in memory. */
export class ProgramLog {
  private readonly lines: string[] = [];

  warn(text: string): void {
    this.lines.push(`${new Date().toISOString()} ${text}`);
    if (this.lines.length > KEPT) this.lines.shift();
  }

  get text(): string {
    return this.lines.map((line) => `${line}\n`).join('');
  }
}
