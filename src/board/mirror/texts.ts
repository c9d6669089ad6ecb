import type { Plan } from '../plan.ts';

/*
 * The two files that are words: the plan and the discoveries. What swarm writes reads back as what it was made of; what
 * somebody else writes there stays as it is.
 */

/** `master-plan.md`: a plan that opens with the goal is the whole file. */
export function planText({ goal, plan }: Pick<Plan, 'goal' | 'plan'>): string {
  const whole = planFrom(plan);
  if (plan !== '' && whole?.goal === goal && whole.plan === plan) return `${plan.trimEnd()}\n`;
  return `# Goal\n\n${goal.trim()}\n${plan.trim() === '' ? '' : `\n# Plan\n\n${plan.trim()}\n`}`;
}

/** Goal and plan in a text; null when it says nothing. Without headings of that name the first line is the goal. */
export function planFrom(text: string): Pick<Plan, 'goal' | 'plan'> | null {
  const plain = text.trim();
  if (plain === '') return null;
  const parts = /^# Goal\n+([\s\S]+?)(?:\n+# Plan\n+([\s\S]+))?$/.exec(plain);
  if (parts?.[1] !== undefined) return { goal: parts[1].trim(), plan: parts[2]?.trim() ?? '' };
  const [first = ''] = plain.split('\n').filter((line) => line.trim() !== '');
  return { goal: first.replace(/^#+\s*/, '').trim() || first, plan: plain };
}

/** `context/discoveries.md`: a point each. */
export function discoveriesText(discoveries: readonly string[]): string {
  const points = discoveries.map((text) => `- ${text.trim().replaceAll('\n', '\n  ')}\n`);
  return `# Discoveries\n\n${points.join('')}`;
}

/** The points, or paragraphs, of a text; headings are nobody's discovery. */
export function discoveriesFrom(text: string): string[] {
  const points: string[][] = [];
  let current: string[] | null = null;
  for (const line of text.split('\n')) {
    const point = /^[-*+] +(.*)$/.exec(line);
    if (point !== null) {
      current = [point[1] ?? ''];
      points.push(current);
    } else if (/^#+ /.test(line)) current = null;
    else if (current !== null && (line.startsWith('  ') || line.trim() === '')) current.push(line.slice(2));
    else if (line.trim() === '') current = null;
    else if (current !== null && current.at(-1)?.trim() !== '') current.push(line);
    else {
      current = [line];
      points.push(current);
    }
  }
  return points.map((lines) => lines.join('\n').trim()).filter((point) => point !== '');
}
