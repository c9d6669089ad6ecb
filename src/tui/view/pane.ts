import type { LiveAgent } from '../../agents/live.ts';
import type { Rect } from '../layout.ts';
import { selectedAgent } from '../select.ts';
import { type Model, TABS, type TabData } from '../state.ts';
import { LOOKS } from '../status.ts';
import { detailLines } from './details.ts';
import { diffLines } from './diff.ts';
import { logLines } from './log.ts';
import { screenLines, screenWindow } from './screen.ts';
import { cut, dropColumns, fitLine, type Line, span, spread } from './span.ts';

/** The pane beside or below the list: who it is and which tab, then what the tab shows, in exactly these measures. */
export function paneLines(model: Model, width: number, height: number): readonly Line[] {
  const content = contentLines(model, width, height - 1).slice(0, height - 1);
  const blank = Array.from({ length: Math.max(0, height - 1 - content.length) }, (): Line => []);
  return [titleLine(model, width), ...[...content, ...blank].map((line) => fitLine(line, width))];
}

function titleLine(model: Model, width: number): Line {
  const live = selectedAgent(model);
  const tabs = TABS.flatMap((tab) => [
    span(` ${tab} `, tab === model.tab ? { inverse: true, bold: true } : { dim: true }),
  ]);
  if (live === null) return fitLine([], width);
  const { agent, queued } = live;
  const { glyph, colour } = LOOKS[agent.status];
  const waits = queued === 0 ? '' : ` · ${queued} prompt${queued === 1 ? '' : 's'} queued`;
  const yours = agent.takenOver ? ' · yours until T hands it back' : '';
  const room = width - tabs.reduce((sum, { text }) => sum + text.length, 0) - 1;
  const name = span(cut(`${agent.name} `, room), { bold: true });
  const rest = cut(`${glyph} ${agent.reason ?? agent.status}${waits}${yours}`, Math.max(0, room - name.text.length));
  return spread([name, span(rest, { colour })], tabs, width);
}

function contentLines(model: Model, width: number, height: number): readonly Line[] {
  const lines = allLines(model, width);
  const { tab, paneTop: top, paneLeft: left } = model;
  if (tab === 'screen') return screenWindow(lines, { height, top, left });
  const from = Math.min(top, Math.max(0, lines.length - height));
  return lines.slice(from, from + height).map((line) => dropColumns(line, left));
}

/** How far the pane can be scrolled from where it rests. */
export function mostScroll(model: Model, { width, height }: Rect): number {
  return Math.max(0, allLines(model, width).length - (height - 1));
}

function allLines(model: Model, width: number): readonly Line[] {
  const live = selectedAgent(model);
  if (live === null) return emptyLines(model);
  if (model.tab === 'screen') return screenContent(model, live);
  const { data } = model;
  if (data === null || data.agent !== live.agent.id || data.tab !== model.tab) return [];
  const known = drawn.get(data);
  if (known?.live === live && known.width === width) return known.lines;
  const lines = tabLines(data, live, width);
  drawn.set(data, { live, width, lines });
  return lines;
}

/** Lines that were made of what a tab read: thousands for a large diff, and asked for at every frame. */
const drawn = new WeakMap<
  TabData,
  { readonly live: LiveAgent; readonly width: number; readonly lines: readonly Line[] }
>();

function screenContent({ screen, mode }: Model, { agent }: LiveAgent): readonly Line[] {
  if (screen === null || screen.agent !== agent.id) return [];
  if (screen.screen !== null) return screenLines(screen.screen, { cursor: mode.kind === 'live' });
  return [[], [span(`  ${agent.name} has no window: it is ${agent.status}.`, { dim: true })]];
}

function tabLines({ content }: TabData, live: LiveAgent, width: number): readonly Line[] {
  switch (content.kind) {
    case 'loading':
      return [[], [span('  reading …', { dim: true })]];
    case 'failed':
      return [[], [span(`  ${content.message}`, { colour: 'red' })]];
    case 'diff':
      return diffLines(content.diff, width);
    case 'log':
      return logLines(content.events);
    case 'details':
      return detailLines(live, content.explanation, content.prompts);
  }
}

function emptyLines({ agents, filter }: Model): readonly Line[] {
  if (agents === null) return [];
  if (agents.length > 0) return [[], [span(`  No agent fits '${filter}'.`, { dim: true })]];
  return [[], [span('  No agents yet. Start one: swarm spawn TICKET -p "What to do"')]];
}
