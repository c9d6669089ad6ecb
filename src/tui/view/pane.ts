import type { LiveAgent } from '../../agents/live.ts';
import { selectedAgent } from '../select.ts';
import { type Model, TABS } from '../state.ts';
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
  const room = width - tabs.reduce((sum, { text }) => sum + text.length, 0) - 1;
  const name = span(cut(`${agent.name} `, room), { bold: true });
  const rest = cut(`${glyph} ${agent.reason ?? agent.status}${waits}`, Math.max(0, room - name.text.length));
  return spread([name, span(rest, { colour })], tabs, width);
}

function contentLines(model: Model, width: number, height: number): readonly Line[] {
  const live = selectedAgent(model);
  if (live === null) return emptyLines(model);
  const { paneTop: top, paneLeft: left } = model;
  if (model.tab === 'screen') return screenWindow(screenContent(model, live), { height, top, left });
  const lines = tabLines(model, live, width);
  const from = Math.min(top, Math.max(0, lines.length - height));
  return lines.slice(from, from + height).map((line) => dropColumns(line, left));
}

function screenContent({ screen, mode }: Model, { agent }: LiveAgent): readonly Line[] {
  if (screen === null || screen.agent !== agent.id) return [];
  if (screen.screen !== null) return screenLines(screen.screen, { cursor: mode.kind === 'live' });
  return [[], [span(`  ${agent.name} has no window: it is ${agent.status}.`, { dim: true })]];
}

function tabLines({ data, tab }: Model, live: LiveAgent, width: number): readonly Line[] {
  if (data === null || data.agent !== live.agent.id || data.tab !== tab) return [];
  const { content } = data;
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
